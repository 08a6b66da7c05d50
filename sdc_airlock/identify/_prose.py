"""Code and logs, told from prose by how their lines begin and end."""

from __future__ import annotations

import re

from sdc_airlock.identify._sample import Sample
from sdc_airlock.identify._signature import Guess

_STAMP = r"(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/ ][A-Z][a-z]{2}[-/ ]\d{4}|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)?,? ?[A-Z][a-z]{2} +\d{1,2})[T ,]+\d{1,2}:\d{2}(?::\d{2})?"
_LEVEL = r"(?:DEBUG|INFO|NOTE|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL|TRACE)"
_LOG_LINE = re.compile(
    rf"^\W{{0,2}}{_STAMP}|^\[?{_LEVEL}\]?\b[ :\]]|^\[\d{{1,2}}:\d{{2}}:\d{{2}}|^\d{{1,2}}:\d{{2}}:\d{{2}}[ .,]|^\S+ - - \[|^{_LEVEL}:|^(?:Epoch|Step|Iteration|iter) \[?\d+|^Traceback \("
)
_SYSTEM_LOG = re.compile(
    r"^PLINK v\d|^\| *PLINK|^Options in effect:|^[^\S\n]*log type: |^[^\S\n]*name: +<unnamed>|^NOTE: .*(?:SAS|PROCEDURE|DATA statement)|^R version \d|^Traceback \(most recent call last\):|^\{smcl\}|^REGENIE v|^\*+\n\* LD Score|^Start time:",
    re.MULTILINE,
)

_LANGUAGES: dict[str, re.Pattern[str]] = {
    "python": re.compile(
        r"^\s*(?:import [\w.]+(?: as \w+)?(?:, [\w.]+)*$|from [\w.]+ import |def \w+\(.*|class \w+[(:]|(?:if|elif|for|while|with|try|except|else|finally)\b.*:\s*(?:#.*)?$"
        r"|return\b|print\(|@\w[\w.]*(?:\(.*\))?$|[\w.\[\]'\"]+ (?:[-+*/]?=) \S.*|[\w.]+\(.*\)?$|raise |assert |yield )"
    ),
    "r": re.compile(
        r"^\s*(?:library\(|require\(|source\(|[\w.$\[\]\"']+ *<- *\S|.*%>%|.*\|>|[\w.]+ *<- *function|ggplot\(|(?:if|for|while) ?\(.*\) ?\{?$|[\w.:]+\(.*|\}\s*(?:else.*)?$|[\w.]+ *= *[^=,;]+,?$)"
    ),
    "stata": re.compile(
        r"^\s*(?:qui(?:etly)? |cap(?:ture)? |bys(?:ort)? |use |clear|gen(?:erate)? |egen |replace |drop |keep |tab(?:ulate|stat)? |reg(?:ress)? |logit |logistic |stset |stcox |summ?(?:arize)? |merge |collapse |foreach |forvalues |local |global |label |save |import |export |log (?:using|close)|set |version \d|display |di |estimates |margins |xt\w+ |\*|//|\}$)"
    ),
    "sas": re.compile(
        r"^\s*(?:proc \w+|data [\w.]+|run;|quit;|set [\w.]+|libname |%\w+|title\d? |options |where |by |class |model |tables? |var |output |if .* then|else |do;|end;|input |keep |drop |.*;\s*$)",
        re.IGNORECASE,
    ),
    "sql": re.compile(
        r"^\s*(?:select\b|from\b|where\b|(?:left|right|inner|outer|full|cross)? ?join\b|group by|order by|having\b|insert into|create (?:or replace )?(?:temp(?:orary)? )?(?:table|view|index|function)|drop table|alter table|update \w+ set|delete from|with \w+ as|union|and |on |values|limit \d|\)|.*;\s*$|--)",
        re.IGNORECASE,
    ),
    "shell": re.compile(
        r"^\s*(?:set -[eux]|export |echo |cd |if \[|fi$|then$|done$|do$|esac$|for \w+ in |while |source |module load|#SBATCH|#\$ |#PBS|[A-Za-z_]\w*=\S*$|[A-Za-z_]\w*=\$|mkdir |rm |cp |mv |ls |cat |awk |sed |grep |sort |python3? |Rscript |plink2? |bcftools |(?:[\w./-]+ )?--?\w[\w-]*(?:[= ].*)?\\?$|.*\\$|.* \| .*)"
    ),
    "braces": re.compile(
        r"^\s*(?:#include|#define|#if|#endif|package [\w.]+;?|import [\w.{}*, \"']+;|using [\w:.]+;|(?:public|private|protected|static|final|const|let|var|int|double|float|void|char|auto|bool|string|return|function|func|fn|struct|enum|namespace|export|async)\b.*|.*[;{}]\s*(?://.*)?$|//|/\*|\*)"
    ),
    "matlab": re.compile(
        r"^\s*(?:function\b|end$|if |for |while |else|switch|case|[\w.()\[\], :']+ ?=.*;?$|[\w.]+\(.*|clear|close|hold|figure|disp|%)"
    ),
    "julia": re.compile(
        r"^\s*(?:using \w+|import \w+|function \w+|end$|for \w+ (?:in|=)|if |else|elseif |return|println\(|@\w+|struct |mutable |module |[\w.]+ ?[-+*/]?= ?\S.*|[\w.!]+\(.*)"
    ),
    "perl": re.compile(r"^\s*(?:use \w+|my [$@%(]|sub \w+|print |[$@%]\w+.*;|foreach|while|if \(|\}|return|open\(?|close\(?|.*;\s*$)"),
    "workflow": re.compile(
        r"^\s*(?:version \d\.\d|workflow \w+ ?\{|task \w+ ?\{|process \w+ ?\{|rule \w+:|input:?|output:?|params:?|shell:|command ?(?:<<<|\{)|runtime ?\{|call \w+|(?:File|String|Int|Float|Array\[.*\]) \w+|channel|nextflow|cwlVersion|data ?\{|parameters ?\{|model ?\{|transformed |(?:real|int|vector|matrix)(?:<.*>)?(?:\[.*\])? \w+|.*~.*;|.*[;{}]$|\"[^\"]*\",?$)"
    ),
}
_TELLING: dict[str, re.Pattern[str]] = {
    "python": re.compile(
        r"^(?:import [a-z_]\w*(?:\.\w+)*(?: as \w+)?|from [\w.]+ import \S+.*|def \w+\(.*\)(?: ->.*)?:|class \w+(?:\(.*\))?:|if __name__ ==)",
        re.MULTILINE,
    ),
    "r": re.compile(
        r"^[^\S\n]*(?:library\(\S+\)|suppressPackageStartupMessages|require\(\w+\)|[\w.]+ *<- *(?:function ?\(|[\w.:]+\(|c\(|read|\d))|%>%|<- ",
        re.MULTILINE,
    ),
    "stata": re.compile(
        r"^[^\S\n]*(?:use \"?[\w./\\`']+|log using|version 1\d|forvalues \w+|foreach \w+ (?:of|in)|bysort? [\w ]+:|egen \w+ ?=|gen(?:erate)? \w+ ?=|stset |tabulate \w+|regress \w+|logistic \w+|clear all|set more off)",
        re.MULTILINE,
    ),
    "sas": re.compile(
        r"^[^\S\n]*(?:proc (?:sql|freq|means|sort|print|logistic|reg|import|export|univariate|phreg|glm|format|contents|datasets|surveyfreq|surveymeans)\b|data [\w.]+;|libname \w+|%macro \w+|%let \w+)",
        re.MULTILINE | re.IGNORECASE,
    ),
    "sql": re.compile(
        r"^[^\S\n]*(?:select\b[\s\S]{1,2000}?\bfrom\b\s+\S|create (?:or replace )?(?:temp(?:orary)? )?(?:table|view|index)\b|insert into \S+|with \w+ as \(|drop table|alter table \S+)",
        re.MULTILINE | re.IGNORECASE,
    ),
    "shell": re.compile(
        r"^[^\S\n]*(?:set -[eu]|export \w+=|#SBATCH|module load \S|for \w+ in .*;? ?do|if \[\[? |[A-Z_]+=\"?\$|plink2? (?:--|\\)|(?:bcftools|samtools|bgzip|tabix|regenie|Rscript|python3?) \S)",
        re.MULTILINE,
    ),
    "braces": re.compile(
        r"^[^\S\n]*(?:#include [<\"]|#define \w+|public (?:static |final )*(?:class|void|int|interface)|(?:const|let|var) \w+ ?=|(?:export )?(?:async )?function \w*\(|namespace \w+|int main\(|fn \w+\(|func \w+\(|using namespace|package [\w.]+;|console\.log)",
        re.MULTILINE,
    ),
    "matlab": re.compile(
        r"^[^\S\n]*(?:function (?:\[?[\w, ]+\]? ?= ?)?\w+\([\w, ~]*\)\s*$|(?:clear|close|clc)(?: all)?;|fprintf\('|hold on)", re.MULTILINE
    ),
    "julia": re.compile(
        r"^[^\S\n]*(?:using [A-Z]\w+(?:, ?[A-Z]\w+)*$|function \w+\([\s\S]{1,4000}?^end$|println\(|mutable struct )", re.MULTILINE
    ),
    "perl": re.compile(r"^[^\S\n]*(?:use (?:strict|warnings)\b|my [$@%]\w+|sub \w+ ?\{)", re.MULTILINE),
    "workflow": re.compile(
        r"^[^\S\n]*(?:workflow \w* ?\{|task \w+ ?\{|process \w+ ?\{|rule \w+:|cwlVersion|parameters ?\{|model ?\{|nextflow\.|data ?\{)",
        re.MULTILINE,
    ),
}
_LEAST_SHARE = 0.55
# a name that is given brackets, a call or a string of several lines: code, however few its lines are
_ASSIGNMENT = re.compile(
    r"(?:(?:const|let|var|val|my|our|global|static|final|local) +)?[$@%]?[A-Za-z_][\w.$]{0,80}(?:\[[^\]\n]{0,80}\])?"
    r"(?: ?: ?[A-Za-z_][\w.\[\], |]{0,80})? *(?:=|<-|<<-|:=) *(?:[A-Za-z_][\w.:]{0,80} *\(|[\[({]|[rRbBuUfF]{0,2}(?:\"\"\"|''')|new )"
)
_CALL = re.compile(r"[A-Za-z_][\w.]{0,80}(?:::[\w.]{1,80})?\((?: *[A-Za-z_][\w.]{0,80} *\(| *[\[{]|$)")
_DATA_STEP = re.compile(
    r"^[^\S\n]*(?:datalines|cards|lines)4?[^\S\n]*;[^\S\n]*$|^[^\S\n]*infile\s+(?:datalines|cards)\b", re.MULTILINE | re.IGNORECASE
)
_INSERT = re.compile(r"\s*(?:insert|replace)\s+(?:ignore\s+)?into\s+\S.{0,500}?(?:\bvalues\b|\bselect\b|$)", re.IGNORECASE)
_OPENING = re.compile(r"\s*(?:import|from|library|require|use|using|options|clear|rm|setwd|proc)\b")
_FIRST_LINES = 5
_COMMENT = re.compile(r"^\s*(?:#|//|\*|/\*|--|%)")


def log_kind(sample: Sample) -> Guess | None:
    """A log, or None."""
    lines = sample.lines
    matched = sum(bool(_LOG_LINE.match(line)) for line in lines)
    if len(lines) >= 2 and matched >= 0.4 * len(lines):
        return Guess("log", "time stamps or levels at the start of lines")
    if _SYSTEM_LOG.search(sample.text[:8000]):
        return Guess("log", "banner of a program's log")
    consoled = sum(bool(re.match(r"(?:> |\+ |\. |>>> |\[\d+\] )", line)) for line in lines)
    if len(lines) >= 6 and consoled >= 0.2 * len(lines) and sum(line.startswith(("> ", ". ", ">>> ")) for line in lines) >= 3:
        return Guess("log", "prompts of a console")
    return None


def assigned_kind(sample: Sample) -> Guess | None:
    """Code that begins by giving a name some data, which its commas would else make a table; or data between the statements of SAS."""
    lines = [line for line in sample.lines if not _COMMENT.match(line)][:_FIRST_LINES]
    if lines and (_ASSIGNMENT.match(lines[0]) or _CALL.match(lines[0])):
        return Guess("code", "an assignment at the beginning")
    if any(_OPENING.match(line) for line in lines) and any(_ASSIGNMENT.match(line) for line in lines):
        return Guess("code", "an assignment after the first statements")
    if lines and sum(bool(_INSERT.match(line)) for line in lines) >= 0.5 * len(lines):
        return Guess("code", "statements that insert rows")
    if _DATA_STEP.search(sample.text) and ";" in sample.text:
        return Guess("code", "lines of data between the statements of SAS")
    return None


def code_kind(sample: Sample) -> Guess | None:
    """Source code, or None; one telling construct and most lines shaped like statements are needed."""
    start = sample.start
    if start.startswith("#!") and re.match(r"#!\s*/", start):
        return Guess("code", "interpreter line")
    lines = [line for line in sample.lines if not _COMMENT.match(line)]
    if not lines:
        return None
    text = sample.text[:30_000]
    for language, telling in _TELLING.items():
        found = len(telling.findall(text))
        if not found:
            continue
        pattern = _LANGUAGES[language]
        share = sum(bool(pattern.match(line)) or line.startswith((" ", "\t")) for line in lines) / len(lines)
        if share >= _LEAST_SHARE or (found >= 3 and share >= 0.35):
            return Guess("code", f"statements of {'a language with braces' if language == 'braces' else language}")
    braces = sum(line.rstrip().endswith((";", "{", "}")) for line in lines) / len(lines)
    if braces >= 0.5 and len(lines) >= 3:
        return Guess("code", "statements that end in semicolons or braces")
    return None
