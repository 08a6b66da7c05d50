"""Records, markup and configuration: JSON, XML, HTML, SVG, YAML, TOML, INI, LaTeX, Markdown, e-mail, ARFF."""

from __future__ import annotations

import json
import re
from itertools import pairwise

from sdc_airlock.identify._messages import movement_root
from sdc_airlock.identify._sample import Sample
from sdc_airlock.identify._signature import Guess
from sdc_airlock.source import Source

_OBJECT_START = re.compile(r'\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})|\[\s*(?:\{\s*"|\[|"|-?\d|null|true|false|\])')
_NOTEBOOK_KEYS = re.compile(r'\{\s*"(?:cells|metadata|nbformat|nbformat_minor|worksheets)"\s*:')
_ELEMENT = re.compile(r"<([A-Za-z_][\w:.-]*)(?:\s[^<>]*)?/?>")
_HTML_START = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|div|p|span|ul|ol|h[1-6]|style|script|center|thead|tbody|tr|meta|title|link|a|b|i|br|img|font|pre)\b",
    re.IGNORECASE,
)
_PROLOGUE = re.compile(r"(?:\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>))*\s*", re.DOTALL | re.IGNORECASE)
_MAIL_FIELD = re.compile(
    r"(From|To|Cc|Subject|Date|Message-ID|Received|MIME-Version|Return-Path|Delivered-To|Reply-To|Content-Type|X-[\w-]+):", re.IGNORECASE
)
_LATEX_MARK = re.compile(
    r"\\(?:documentclass|usepackage|begin\{|end\{|section|subsection|chapter|caption|label|hline|toprule|midrule|newcommand|textbf|multicolumn|cite|ref)\b|\\begin\{"
)
_BIBTEX = re.compile(
    r"@(?:article|book|inproceedings|misc|phdthesis|techreport|incollection|manual|online|unpublished)\s*\{", re.IGNORECASE
)

_CLOSING = re.compile(r"</([A-Za-z_][\w:.-]{0,40})\s{0,10}>")
_ANY_TAG = re.compile(r"</?([A-Za-z_][\w:.-]{0,40})(?:\s[^<>]{0,300})?>")
_KEY_OF_RECORD = re.compile(r'"[^"\\\n]{1,80}"\s{0,10}:')
_KEYS = 8
_BEFORE = 200
_TAGS = 20
_TAG_SHARE = 0.3
_PAGE_TAGS = frozenset("html body table tr td th div span ul ol li pre".split())


def records_kind(sample: Sample, source: Source) -> Guess | None:
    """JSON of every kind, or None."""
    start = sample.start
    if start[:1] not in "{[" or not _OBJECT_START.match(start):
        return None
    if sample.whole:
        try:
            document = json.loads(start)
        except RecursionError:
            return Guess("json", "brackets of JSON, nested too deeply to parse")
        except ValueError:
            return _lines_or_damaged(sample)
        if isinstance(document, dict) and "nbformat" in document and ("cells" in document or "worksheets" in document):
            return Guess("notebook", "JSON with cells and nbformat")
        return Guess("json", "parses as JSON")
    if _NOTEBOOK_KEYS.match(start) and ('"cell_type"' in start or b'"nbformat"' in source.tail or '"nbformat"' in start):
        return Guess("notebook", "JSON that begins like a notebook")
    return _lines_or_damaged(sample)


def _lines_or_damaged(sample: Sample) -> Guess | None:
    parsed = 0
    for line in sample.lines[:50]:
        if line[:1] not in "{[":
            break
        try:
            json.loads(line)
        except (ValueError, RecursionError):
            break
        parsed += 1
    if parsed >= 2 and parsed >= min(len(sample.lines), 50) - 1:
        return Guess("ndjson", "one JSON record in every line")
    if not sample.whole or re.match(r'\{\s*"(?:[^"\\]|\\.)*"\s*:|\[\s*\{\s*"', sample.start) or parsed:
        return Guess("json", "begins like JSON") if not re.match(r"\[\d+\]\s", sample.start) else None
    return None


def markup_kind(sample: Sample) -> Guess | None:
    """XML, HTML or SVG, or None."""
    start = sample.start
    if not start.startswith("<"):
        return None
    rest = start[_PROLOGUE.match(start).end() :] if _PROLOGUE.match(start) else start  # type: ignore[union-attr]
    root = _ELEMENT.match(rest[:20_000])
    name = root[1].lower() if root else ""
    if name.rpartition(":")[2] == "svg":
        return Guess("svg", "svg root element")
    if re.match(r"\s*(?:<\?xml.*?\?>\s*)?(?:<!--.*?-->\s*)*<!doctype\s+html", start, re.IGNORECASE | re.DOTALL) or name == "html":
        return Guess("html", "html root element")
    if movement_root(name):
        return Guess("movement", "root element of a track")
    if start.startswith("<?xml"):
        return Guess("xml", "XML declaration")
    if _HTML_START.match(rest):
        return Guess("html", "HTML element")
    if root and (root[0].endswith("/>") or f"</{root[1]}" in start or not sample.whole):
        return Guess("xml", "XML root element")
    return None


def late_markup_kind(sample: Sample) -> Guess | None:
    """A text that is mostly tags though it does not begin with one: a browser shows it all the same."""
    text = sample.text
    closed = {name.lower() for name in _CLOSING.findall(text)}
    tags = [match for match in _ANY_TAG.finditer(text) if match[1].lower() in closed]
    if len(tags) < _TAGS or sum(len(tag[0]) for tag in tags) < _TAG_SHARE * len(text):
        return None
    names = {tag[1].lower() for tag in tags}
    if any(name.rpartition(":")[2] == "svg" for name in names):
        return Guess("svg", "elements of a drawing behind other text")
    if names & _PAGE_TAGS:
        return Guess("html", "elements of a page behind other text")
    return Guess("xml", "elements behind other text")


def late_records_kind(sample: Sample) -> Guess | None:
    """A text of keys and values that does not begin as JSON has to, with a sign before it or one lost."""
    keys = [match.start() for match in _KEY_OF_RECORD.finditer(sample.text[:20_000])]
    if len(keys) >= _KEYS and keys[0] < _BEFORE and (not sample.whole or sample.text.rstrip()[-1:] in "}]"):
        return Guess("json", "keys and values of JSON behind other text")
    return None


def document_kind(sample: Sample) -> Guess | None:
    """ARFF, e-mail, LaTeX, or None."""
    lowered = [line.strip().lower() for line in sample.lines[:400]]
    if any(line.startswith("@relation") for line in lowered) and any(line.startswith("@attribute") for line in lowered):
        return Guess("arff", "@relation and @attribute lines")
    names = {match[1].lower() for line in sample.raw_lines[:40] if (match := _MAIL_FIELD.match(line))}
    first = sample.lines[0]
    if (_MAIL_FIELD.match(first) or first.startswith("From ")) and len(names) >= 3 and names & {"from", "received", "message-id"}:
        return Guess("email", "header fields of a message")
    if _BIBTEX.match(sample.start):
        return Guess("latex", "BibTeX entry")
    marks = len(_LATEX_MARK.findall(sample.text[:20_000]))
    if "\\documentclass" in sample.text[:8000] or ("\\begin{" in sample.text and marks >= 2):
        code = sum(bool(re.match(r"\s*(?:import |from \w+ import|def |cat\(|print\(|paste|library\()", line)) for line in sample.lines)
        return None if code >= 2 else Guess("latex", "LaTeX commands")
    return None


_FENCE = re.compile(r"^\s*(?:```|~~~)")
_RULE_ROW = re.compile(r"^\s*+(?:\|\s*+)?:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)+(?:\|\s*+)?$")
_HEADING = re.compile(r"^#{1,6} \S")
_LINK = re.compile(r"!?\[[^\]\n]{1,200}\]\((?:https?:|\.{0,2}/|#|mailto:|[\w-]+\.)[^)\s]*\)")
_EMPHASIS = re.compile(r"(?<!\*)\*\*[^*\s][^*\n]{0,200}\*\*|(?<!`)`[^`\n]+`(?!`)")
_BULLET = re.compile(r"^\s{0,3}[-*+] \S")


def pipe_table_kind(sample: Sample) -> Guess | None:
    """Markdown that holds a pipe table, or None."""
    if "--" not in sample.text or "|" not in sample.text:
        return None
    lines = sample.raw_lines
    if any(_RULE_ROW.match(line) and place and "|" in lines[place - 1] for place, line in enumerate(lines)):
        return Guess("markdown", "pipe table with its rule")
    return None


def fenced_kind(sample: Sample) -> Guess | None:
    """Markdown with fenced blocks, or None."""
    lines = sample.raw_lines
    if sum(bool(_FENCE.match(line)) for line in lines) < 2:
        return None
    if (_headings(lines) or _LINK.search(sample.text) or sample.start.startswith("```")) and not _scripted(lines):
        return Guess("markdown", "headings and fenced blocks")
    return None


def markdown_kind(sample: Sample) -> Guess | None:
    """Markdown, or None; comments of scripts and tables are not headings."""
    lines = sample.raw_lines
    headings = _headings(lines)
    text = sample.text[:30_000]
    marks = len(_LINK.findall(text)) + len(_EMPHASIS.findall(text))
    bullets = sum(bool(_BULLET.match(line)) for line in lines)
    underlined = sum(bool(place) and _underlines(line, lines[place - 1].strip()) for place, line in enumerate(lines))
    if headings and not _scripted(lines):
        first = bool(_HEADING.match(sample.lines[0]))
        if first and headings < 0.5 * len(sample.lines) + 1 and (marks or bullets or headings >= 2 or len(sample.lines) <= 12):
            return Guess("markdown", "headings")
        if headings >= 2 and (marks >= 2 or bullets >= 2):
            return Guess("markdown", "headings, emphasis or lists")
    if underlined and (marks >= 2 or bullets >= 3):
        return Guess("markdown", "underlined headings, emphasis or lists")
    return None


def _headings(lines: list[str]) -> int:
    """Headings that stand alone; comments come in blocks."""
    count = 0
    for place, line in enumerate(lines):
        if _HEADING.match(line):
            level = line.partition(" ")[0] + " "
            around = (lines[place - 1] if place else "", lines[place + 1] if place + 1 < len(lines) else "")
            count += not any(other.startswith(level) or other.rstrip() == "#" for other in around)
    return count


def _underlines(line: str, title: str) -> bool:
    return bool(re.fullmatch(r"={3,}|-{3,}", line)) and bool(title) and "  " not in title and len(line) <= len(title) + 8


def _scripted(lines: list[str]) -> bool:
    """True where lines outside fences look like statements or like rows of a table."""
    fenced, statements, total = False, 0, 0
    for line in lines[:400]:
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and line.strip() and not line.startswith("#"):
            total += 1
            statement = re.match(
                r"\s*(?:import \w|from \S+ import|def \w+\(|library\(|\w[\w.]* ?(?:<-|=) ?\S|[\w.]+\(|set -|export |for \w+ in|if \[|echo |fi$|done$|\})",
                line,
            )
            statements += bool(statement) or line.count("\t") >= 2 or line.count(",") >= 4
    return statements > 0.35 * max(1, total)


_KEY = re.compile(r"^\s*(?:- )?(?:[\w.$/-]+(?: [\w./()-]+){0,3}|\"[^\"]+\"|'[^']+')\s*:(?:\s+\S.*|\s*)$")
_ITEM = re.compile(r"^\s*- \S")
# columns of a data frame and numbered rows, as R prints them: no keys that anybody would write
_PRINTED = re.compile(r"\s*\$ ?\S[^:]*:|\s*\d+:\s")


def configuration_kind(sample: Sample) -> Guess | None:
    """YAML, TOML, INI, or None."""
    lines = [line for line in sample.lines if not line.lstrip().startswith(("#", ";", "//"))]
    if not lines:
        return None
    sections = sum(bool(re.fullmatch(r"\s*\[\[?[\w .:\"'/-]+\]?\]\s*(?:[#;].*)?", line)) for line in lines)
    settings = sum(bool(re.match(r"\s*[\w.\"' -]{1,60}?\s*=\s*\S?", line)) for line in lines)
    if sections and settings and sections + settings >= 0.6 * len(lines):
        return Guess("toml", "parses as TOML") if _toml(sample) else Guess("ini", "sections and settings")
    if len(lines) >= 3 and sum(bool(re.match(r"(?:export )?[A-Z][A-Z0-9_]*=\S*$", line)) for line in lines) == len(lines):
        return Guess("ini", "settings")
    if settings == len(lines) >= 3 and _toml(sample):
        return Guess("toml", "parses as TOML")
    return _yaml(sample, lines)


# a key at the edge with a plain value, and a key further in
_FILLED, _BELOW = re.compile(r"[A-Za-z][\w -]{0,40}: +[\w(][^#|>]*$"), re.compile(r" {1,8}[A-Za-z][\w -]{0,40}:(?: |$)")


def _toml(sample: Sample) -> bool:
    import tomllib

    if not sample.whole:
        return bool(re.search(r"^[^\S\n]*\w+ = (?:\"|\[|\d|true|false)", sample.text, re.MULTILINE))
    try:
        return bool(tomllib.loads(sample.text))
    except (ValueError, RecursionError):
        return False


def _yaml(sample: Sample, lines: list[str]) -> Guess | None:
    marked = sample.start.startswith(("---\n", "%YAML"))
    if any("\t" in line[: len(line) - len(line.lstrip())] for line in lines):
        return None
    keys = sum(bool(_KEY.match(line)) for line in lines)
    items = sum(bool(_ITEM.match(line)) for line in lines)
    indented = sum(line.startswith("  ") for line in lines)
    structured = sum(bool(_KEY.match(line) or _ITEM.match(line)) or line.startswith("  ") for line in lines)
    if keys and sum(bool(_PRINTED.match(line)) for line in lines) > 0.5 * keys:
        return None
    if not marked and any(_FILLED.match(line) and _BELOW.match(after) for line, after in pairwise(lines)):
        return None  # values with keys below them, as code books are printed
    settled = keys and structured >= 0.9 * len(lines) and (keys >= 2 or items) and (marked or keys + items >= 0.5 * len(lines))
    if settled and (marked or items or indented or keys == len(lines)):
        return Guess("yaml", "keys and values by indentation")
    return Guess("yaml", "document mark, keys and values") if marked and keys and structured >= 0.6 * len(lines) else None
