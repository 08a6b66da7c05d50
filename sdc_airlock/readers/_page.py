"""An HTML page to what it shows, what it hides and what it does: tables, text, scripts, references, packed files."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import OddityKind
from sdc_airlock.readers._looks import Looks, style_of
from sdc_airlock.readers._tags import Broken, Comment, End, Start, Text, tokens

DEEPEST = 2_000
WIDEST_SPAN = 1_000
LONG_ATTRIBUTE = 200
_SPANNED = 20  # cells made by spans, for each cell written
_SPANNED_FLOOR = 100_000

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_BLOCKS = frozenset(
    "address article aside blockquote body br button caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p pre "
    "section select summary table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 caption figcaption title".split())
_CLOSES = {
    "tr": ({"td", "th", "tr"}, "table"),
    "td": ({"td", "th"}, "tr"),
    "th": ({"td", "th"}, "tr"),
    "li": ({"li"}, "ul"),
    "option": ({"option"}, "select"),
    "tbody": ({"td", "th", "tr", "thead", "tbody", "caption", "colgroup"}, "table"),
    "tfoot": ({"td", "th", "tr", "thead", "tbody"}, "table"),
    "thead": ({"caption", "colgroup"}, "table"),
    "p": ({"p"}, "div"),
    "dt": ({"dt", "dd"}, "dl"),
    "dd": ({"dt", "dd"}, "dl"),
}
_SHOWN_ATTRIBUTES = (
    "alt",
    "title",
    "aria-label",
    "aria-description",
    "placeholder",
    "value",
    "content",
    "label",
    "summary",
    "abbr",
    "standby",
)
_FETCHES = {
    "script": "src",
    "iframe": "src",
    "frame": "src",
    "object": "data",
    "embed": "src",
    "form": "action",
    "link": "href",
    "img": "src",
    "audio": "src",
    "video": "src",
    "source": "src",
    "base": "href",
    "input": "src",
    "track": "src",
    "image": "href",
    "use": "href",
    "button": "formaction",
}
# what is fetched to be looked at or listened to, or to show another page
_OWN = frozenset({"id", "href", "src", "name", "for", "headers", "title", "alt"})  # what each element has for itself
_SEEN = frozenset("img image iframe frame object embed audio video source input track".split())
_LONG_QUERY = 120  # settings of a badge or a map are shorter
_CODE_LIBRARY = re.compile(r"^\s*(?:https?:)?//[^/?#]{1,100}/[^?#]{1,300}\.(?:js|css|woff2?)(?:$|[?#])", re.IGNORECASE)
_PLAIN_LINKS = frozenset("canonical author license next prev bookmark help alternate search".split())
AWAY = re.compile(r"\s*(?:https?|ftp|wss?|file|smb):|\s*(?://|\\\\)", re.IGNORECASE)
HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0*)?(?:[;\s!]|$)|font-size\s*:\s*0|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"(?:^|[;\s])color\s*:\s*(?:white|#fff(?:fff)?\b|transparent|rgba?\(\s*255\s*,\s*255\s*,\s*255)", re.IGNORECASE)


@dataclass(slots=True)
class Cell:
    """A table cell while it is read."""

    header: bool
    rows: int
    columns: int
    text: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PageTable:
    """A table while it is read: its cells, its caption, how many rows its head has."""

    before: str
    hidden: bool
    rows: list[list[Cell]] = field(default_factory=list)
    caption: list[str] = field(default_factory=list)
    head_rows: int = 0
    depth: int = 0


@dataclass(slots=True)
class Page:
    """What was found, in document order within each list."""

    tables: list[PageTable] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    noscript: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    preformatted: list[tuple[str, str, bool]] = field(default_factory=list)  # text, class, hidden
    scripts: list[tuple[str, str]] = field(default_factory=list)  # media type, text
    styles: list[str] = field(default_factory=list)
    packed: list[str] = field(default_factory=list)  # data URIs
    facts: Counter[OddityKind] = field(default_factory=Counter)
    broken: int = 0
    tags: int = 0
    looks: Looks = field(default_factory=Looks)


@dataclass(slots=True)
class _Open:
    name: str
    hidden: bool
    quiet: bool
    number: int = 0


class PageReader:
    """Feeds tokens into a `Page`."""

    def __init__(self, most_cells: int) -> None:
        self.page = Page()
        self.most_cells = most_cells
        self._cells = 0
        self._stack: list[_Open] = []
        self._names: Counter[str] = Counter()
        self._beyond = 0
        self._tables: list[PageTable] = []
        self._pre: list[str] | None = None
        self._pre_class = ""
        self._heading: list[str] = []
        self._headings = 0
        self._last_heading = ""
        self._script_type = ""

    def read(self, text: str) -> Page:
        """Everything in a page.

        Raises:
            LimitReached: its tables have too many cells.
        """
        for token in tokens(text):
            if isinstance(token, Start):
                self._start(token)
            elif isinstance(token, End):
                self._end(token.name)
            elif isinstance(token, Text):
                self._text(token)
            elif isinstance(token, Comment):
                self.page.comments.append(token.text)
            elif isinstance(token, Broken):
                self.page.broken += 1
        while self._stack:
            self._pop()
        return self.page

    # tags

    def _start(self, tag: Start) -> None:
        self.page.tags += 1
        self._close_implied(tag.name)
        self._consider(tag)
        if self._stack:
            inside = self._stack[-1]
            self.page.looks.add(inside.name, inside.number, {"tag": tag.name, **style_of(tag.attributes, _OWN)})
        hidden = self._hidden or _hides(tag)
        if tag.name in _BLOCKS:
            self._put("\n")
        if tag.name == "table":
            self._tables.append(PageTable(before=self._last_heading, hidden=hidden, depth=len(self._stack)))
        elif self._tables and tag.name in ("tr", "td", "th"):
            self._table_tag(tag)
        elif tag.name == "pre" and self._pre is None:
            self._pre, self._pre_class = [], tag.attributes.get("class", "")
        elif tag.name == "code" and self._pre is not None:
            self._pre_class += " " + tag.attributes.get("class", "")
        elif tag.name in _HEADINGS:
            self._heading = []
        if tag.name == "script":
            self._script_type = tag.attributes.get("type", "").strip().lower()
        if tag.name in _VOID:
            return
        if len(self._stack) >= DEEPEST:
            self._beyond += 1
            self.page.facts[OddityKind.DEEP_NESTING] = max(self.page.facts[OddityKind.DEEP_NESTING], DEEPEST + self._beyond)
            return
        self._stack.append(_Open(tag.name, hidden, self._quiet or tag.name == "noscript", self.page.tags))
        self._names[tag.name] += 1
        self._headings += tag.name in _HEADINGS

    def _end(self, name: str) -> None:
        if not self._names[name]:
            if name in ("p", "br"):
                self._put("\n")
            elif name not in _VOID:
                if self._beyond:
                    self._beyond -= 1
                else:
                    self.page.broken += name not in _CLOSES
            return
        while self._stack and self._pop() != name:
            pass

    def _pop(self) -> str:
        opened = self._stack.pop()
        name = opened.name
        self._names[name] -= 1
        self._headings -= name in _HEADINGS
        if name == "pre" and self._pre is not None and not self._names["pre"]:
            self.page.preformatted.append(("".join(self._pre), self._pre_class, opened.hidden))
            self._pre = None
        elif name == "table" and self._tables and self._tables[-1].depth == len(self._stack):
            self.page.tables.append(self._tables.pop())
        elif name == "thead" and self._tables:
            self._tables[-1].head_rows = max(self._tables[-1].head_rows, len(self._tables[-1].rows))
        elif name in _HEADINGS:
            self._last_heading = " ".join("".join(self._heading).split())
        if name in _BLOCKS:
            self._put("\n")
        return name

    def _close_implied(self, name: str) -> None:
        rule = _CLOSES.get(name)
        if rule is None:
            return
        closed, scope = rule
        for _ in range(8):  # no more elements than these can be left open by omission
            if not self._stack or self._stack[-1].name not in closed or self._stack[-1].name == scope:
                return
            self._pop()

    def _table_tag(self, tag: Start) -> None:
        table = self._tables[-1]
        if tag.name == "tr" or not table.rows:
            table.rows.append([])
        if tag.name != "tr":
            self._cells += 1
            if self._cells > self.most_cells:
                raise LimitReached("cells", self.most_cells, self._cells)
            given = tag.attributes
            rows, columns = (_span(given.get("rowspan", "1")), _span(given.get("colspan", "1"))) if given else (1, 1)
            table.rows[-1].append(Cell(header=tag.name == "th", rows=rows, columns=columns))

    # text

    @property
    def _hidden(self) -> bool:
        return bool(self._stack) and self._stack[-1].hidden

    @property
    def _quiet(self) -> bool:
        return bool(self._stack) and self._stack[-1].quiet

    def _text(self, token: Text) -> None:
        if token.inside == "script":
            self.page.scripts.append((self._script_type, token.text))
        elif token.inside == "style":
            self.page.styles.append(token.text)
        else:
            self._put(token.text)

    def _put(self, text: str) -> None:
        """Add text to the innermost thing that holds text: a cell, preformatted text, the page."""
        if self._headings:
            self._heading.append(text)
        if self._hidden:
            if text.strip() or self.page.hidden:
                self.page.hidden.append(text)
            if not (self._tables and self._tables[-1].hidden):
                return
        if self._quiet:
            self.page.noscript.append(text)
            return
        if self._tables:
            table = self._tables[-1]
            if self._names["caption"] and not table.rows:
                table.caption.append(text)
                return
            if table.rows and table.rows[-1] and (self._names["td"] or self._names["th"]):
                table.rows[-1][-1].text.append(text)
                return
        if self._pre is not None:
            self._pre.append(text)
        else:
            self.page.shown.append(text)

    # attributes

    def _consider(self, tag: Start) -> None:
        if not tag.attributes:
            return
        fetched = _FETCHES.get(tag.name)
        for name, value in tag.attributes.items():
            plain = name.partition(" ")[0].rpartition(":")[2]
            if value[:5].lower() == "data:" or "url(data:" in value[:LONG_ATTRIBUTE]:
                self.page.packed.append(value[value.find("data:") :] if value[:5].lower() != "data:" else value)
            elif value[:11].lstrip().lower().startswith("javascript") and ":" in value[:20]:
                self.page.facts[OddityKind.PAGE_SCRIPT] += 1
                self.page.scripts.append(("", value))
            elif (
                plain == fetched
                and AWAY.match(value)
                and not (tag.name == "link" and tag.attributes.get("rel", "").lower() in _PLAIN_LINKS)
            ):
                self.page.facts[OddityKind.BEACON if _calls(tag, value) else OddityKind.PAGE_REFERENCE] += 1
            elif plain.startswith("on") and value:
                self.page.facts[OddityKind.PAGE_SCRIPT] += 1
                self.page.scripts.append(("", value))
            elif plain == "value" and tag.name == "input" and tag.attributes.get("type", "").lower() == "hidden":
                self.page.hidden.append(f"\n{value}\n")
            elif plain == "srcdoc":
                self.page.inner.append(value)
            elif plain in _SHOWN_ATTRIBUTES or plain.startswith("data-") or len(value) > LONG_ATTRIBUTE:
                self.page.attributes.append(value)
        if tag.name == "meta" and tag.attributes.get("http-equiv", "").lower() == "refresh":
            self.page.facts[OddityKind.AUTOMATIC_ACTION] += 1


def _calls(tag: Start, address: str) -> bool:
    """True for what is fetched to tell an address something: data in its query, or a picture or frame that cannot be seen."""
    if tag.name not in _SEEN or _CODE_LIBRARY.search(address):
        return False
    sizes = {tag.attributes.get(name, "").strip().removesuffix("px") for name in ("width", "height")}
    return len(address.partition("?")[2]) > _LONG_QUERY or bool(sizes & {"0", "1"}) or _hides(tag)


def _hides(tag: Start) -> bool:
    style = tag.attributes.get("style", "")
    if tag.name == "template" or ("hidden" in tag.attributes and tag.attributes["hidden"].lower() != "until-found"):
        return True
    return bool(style) and (bool(HIDING.search(style)) or (bool(_INVISIBLE.search(style)) and "background" not in style))


def _span(text: str) -> int:
    digits = text.strip()
    return min(max(int(digits), 1), WIDEST_SPAN) if digits.isdecimal() and len(digits) < 9 else 1


def laid_out(table: PageTable, most_cells: int) -> tuple[list[list[str]], int | None]:
    """The cells of a table in their places, and how many rows its head has (None where it does not say).

    A cell that spans rows stands in each of them; one that spans columns does so in headers only.

    Raises:
        LimitReached: spans blow the table up.
    """
    rows: list[list[str]] = []
    below: dict[tuple[int, int], str] = {}
    total = 0
    most_cells = min(most_cells, _SPANNED_FLOOR + _SPANNED * sum(map(len, table.rows)))
    for number, cells in enumerate(table.rows):
        row: list[str] = []
        head = number < table.head_rows or all(cell.header for cell in cells)
        for cell in cells:
            while (number, len(row)) in below:
                row.append(below.pop((number, len(row))))
            text = " ".join("".join(cell.text).split())
            last = min(cell.rows, len(table.rows) - number)
            total += cell.columns * last
            if total > most_cells:
                raise LimitReached("cells", most_cells, total)
            for place in range(cell.columns):
                shown = text if place == 0 or head else ""
                below.update(((number + later, len(row)), shown) for later in range(1, last))
                row.append(shown)
        while (number, len(row)) in below:
            row.append(below.pop((number, len(row))))
        rows.append(row)
    return rows, _head_rows(table)


def _head_rows(table: PageTable) -> int | None:
    leading = 0
    for cells in table.rows:
        if not cells or not all(cell.header for cell in cells):
            break
        leading += 1
    if not any(cell.header for cells in table.rows for cell in cells) and not table.head_rows:
        return None
    return max(leading, table.head_rows) if leading < len(table.rows) else None
