"""Scripts and style sheets that libraries publish, told by the digest of all that they say: what everybody can fetch is of nobody.

A page that draws itself carries the library that draws it, megabytes of code with icons, fonts and maps in it, in which no search for data ends well. A name or a comment
at the top proves nothing; only a script that is the published one to the last letter is taken for it, and any other is read like any text.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

TABLE = "published.txt"
# a shorter script costs little to read
_SHORTEST = 2_000


def published(text: str) -> str:
    """The release and file that a script or style sheet is word by word; "" for any other text."""
    return known().get(digest(text), "")


def digest(text: str) -> str:
    """The digest of a text without the blanks around it, whatever ends its lines; "" for a short one."""
    told = text.replace("\r\n", "\n").strip()
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest() if len(told) >= _SHORTEST else ""


@cache
def known() -> dict[str, str]:
    """What is known, by digest."""
    lines = resources.files(__package__).joinpath(TABLE).read_text("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines)


__all__ = ["TABLE", "digest", "known", "published"]
