"""Secrets in text: keys, tokens and passwords, by the shapes that their makers gave them."""

from __future__ import annotations

import re
from collections.abc import Mapping

# name of the kind, what starts a closer look (RE2), what it looks like
KINDS: Mapping[str, tuple[str, re.Pattern[str]]] = {
    "private key": (
        r"-----BEGIN [A-Z ]*PRIVATE KEY|PuTTY-User-Key-File|AGE-SECRET-KEY-1",
        re.compile(r"-----BEGIN (?:[A-Z]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----\s{0,4}[A-Za-z0-9+/=:\\-]|PuTTY-User-Key-File-\d:|AGE-SECRET-KEY-1[0-9A-Z]{30,64}"),
    ),
    "access key of a cloud": (
        r"A[KS]IA[0-9A-Z][0-9A-Z][0-9A-Z]|AIza[0-9A-Za-z_-]|AccountKey=|ya29\.|(?i:aws_secret_access_key)",
        re.compile(
            r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])|\bya29\.[0-9A-Za-z_-]{20,200}|AccountKey=[A-Za-z0-9+/]{60,90}={0,2}"
            r"|(?i:aws_secret_access_key)[\"']?\s{0,4}[=:]\s{0,4}[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])"
        ),
    ),
    "access token": (
        r"gh[pousr]_[A-Za-z0-9]|github_pat_|glpat-|xox[abeoprs]-|hooks\.slack\.com|npm_[A-Za-z0-9]|pypi-AgE|\bhf_[A-Za-z]|\bsk-[A-Za-z0-9]|sk_live_|\bSG\.[A-Za-z0-9_-]|\beyJ[A-Za-z0-9_-]+\.eyJ|\bdapi[a-f0-9]",
        re.compile(
            r"\bgh[pousr]_[A-Za-z0-9]{36,255}|\bgithub_pat_[A-Za-z0-9_]{22,255}|\bglpat-[A-Za-z0-9_-]{20,64}|\bxox[abeoprs]-[A-Za-z0-9-]{10,250}|hooks\.slack\.com/services/T[A-Z0-9]{6,14}/B[A-Z0-9]{6,14}/[A-Za-z0-9]{16,32}"
            r"|\bnpm_[A-Za-z0-9]{36}\b|\bpypi-AgE[A-Za-z0-9_-]{40,250}|\bhf_[A-Za-z]{30,40}\b|\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,200}|\bsk_live_[A-Za-z0-9]{20,64}|\bSG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{39,50}"
            r"|\beyJ[A-Za-z0-9_-]{8,600}\.eyJ[A-Za-z0-9_-]{8,600}\.[A-Za-z0-9_-]{16,600}|\bdapi[a-f0-9]{32}\b"
        ),
    ),
    "password in an address": (
        r"://[^\s:/@]+:[^\s/@]+@",
        re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://(?P<user>[^\s:/@\"'<>]{1,64}):(?P<word>[^\s/@\"'<>]{1,64})@(?P<host>[A-Za-z0-9.\[\]_-]{1,100})"),
    ),
    "password": (
        r"(?i:passw(?:or)?d|passphrase|pwd|secret|api[_-]?key|auth[_-]?token|access[_-]?token|secret[_-]?key)[\"']?\s*(?:=|:|<-)",
        re.compile(
            r"(?P<name>\b[\w.-]{0,40}(?:passw(?:or)?d|passwd|passphrase|pwd|secret(?:[_-]?key)?|api[_-]?key|auth[_-]?token|access[_-]?token|client[_-]?secret))(?P<quoted>[\"']?)\s{0,4}(?:=(?!=)|:(?!:)|<-)\s{0,4}"
            r"(?P<quote>[\"']?)(?P<word>[^\s\"',;#)(\]\[{}<>]{4,120})",
            re.IGNORECASE,
        ),
    ),
}  # fmt: skip

_STAND_IN = re.compile(
    r"example|placeholder|change_?me|your|dummy|redact|sample|insert|replace|secret$|^passw|^pass$|^test|^none$|^null$|^nil$|^true$|^false$|^undefined$|^optional|^required|^string$|^str$|^int$|^bool|^text$|^env|^os\.|^sys\.|^self\.|^args\.|^config|"
    r"^settings|^get|^input|^read|^process\.|^\$|^%|^<|^\{|x{4,}|\*{3,}|\.{3,}|-{4,}|_{4,}|^(.)\1+$|1234|abcd|^admin$|^root$|^user|^postgres$|^guest$|^token$|^key$|^value$|^hunter2$|^foo|^bar|^todo|^na$|^n/a$",
    re.IGNORECASE,
)
_NEAR_HOME = re.compile(
    r"^(?:localhost|127\.|0\.0\.0\.0|\[?::1|host\b|hostname|server\b|db\b|database\b)|example\.|\.(?:local|test|invalid)$", re.IGNORECASE
)


def is_secret(kind: str, match: re.Match[str]) -> bool:
    """True unless what was found is an example, a variable or a stand-in."""
    if kind == "password in an address":
        return (
            not re.fullmatch("user(?:name)?", match["user"], re.IGNORECASE)
            and not _STAND_IN.search(match["word"])
            and not _NEAR_HOME.search(match["host"])
        )
    if kind == "password":
        word = match["word"]
        if _STAND_IN.search(word) or not match["quote"]:
            # without quotes, a name of a variable looks the same as a password
            return not _STAND_IN.search(word) and _mixed(word) and len(word) >= 8 and "." not in word[:-1] and "(" not in word
        return _mixed(word) or len(word) >= 16
    return "EXAMPLE" not in match[0].upper()


def _mixed(word: str) -> bool:
    """True for letters with digits or signs, as passwords have and words have not."""
    return any(character.isalpha() for character in word) and any(character.isdigit() or character in "!@$%^&*?~+" for character in word)


__all__ = ["KINDS", "is_secret"]
