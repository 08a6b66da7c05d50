"""Rich text, token by token: text, table cells, hidden and deleted text, pictures and embedded objects."""

from __future__ import annotations

import binascii
import codecs
import re
from dataclasses import dataclass, field

from sdc_airlock.errors import LimitReached, Malformed

_TOKEN = re.compile(r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+")
_SKIPPED = frozenset(
    [
        "rsidtbl",
        "generator",
        "mmathPr",
        "latentstyles",
        "pgdsctbl",
        "panose",
        "listpicture",
        "pgptbl",
        "wgrffmtfilter",
        "picprop",
        "shpinst",
        "sp",
        "shprslt",
        "defchp",
        "defpap",
        "nonshppict",
        "pntext",
        "pntxta",
        "pntxtb",
        "pnseclvl",
        "bkmkend",
    ]
)
# names and labels that writers give; records could stand in them
_NAMES = frozenset(
    """
    fonttbl stylesheet listtable listoverridetable revtbl filetbl bkmkstart sn sv listname falt lsdlocked protusertbl xmlnstbl atnref
    ftnsep ffname ffdeftext ffformat ffhelptext ffstattext ffentrymcr ffexitmcr ffl xmlattrname xmlattrvalue xmlname passwordhash
    """.split()
)
_CODED = frozenset({"themedata", "colorschememapping", "datastore", "fontemb", "fontfile", "blipuid", "docvar_"})
_INFO = frozenset(
    {
        "info",
        "title",
        "author",
        "operator",
        "subject",
        "keywords",
        "comment",
        "doccomm",
        "company",
        "manager",
        "category",
        "hlinkbase",
        "userprops",
        "propname",
        "staticval",
        "docvar",
    }
)
_OBJECTS = frozenset({"objdata", "objclass", "objname", "objalias", "objsect"})
_BREAKS = {
    "par": "\n",
    "line": "\n",
    "sect": "\n",
    "page": "\n",
    "tab": "\t",
    "emdash": "\u2014",
    "endash": "\u2013",
    "bullet": "\u2022",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
}
_SYMBOLS = {"~": "\u00a0", "_": "-", "-": "", "\\": "\\", "{": "{", "}": "}", "\n": "\n", "\r": "\n"}
_FETCHING = re.compile(r"^\s*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE)\b", re.IGNORECASE)
_MAX_DEPTH = 2000
_TINY = 4  # half points
_WHITE = 248
_COLOURS = ("red", "green", "blue")
_SKIPPED_TEXT = 65_536


@dataclass
class _State:
    target: str = "text"
    hidden: bool = False
    deleted: bool = False
    skip: int = 1
    white: bool = False
    small: bool = False

    @property
    def unseen(self) -> bool:
        """True where text is not shown, white, or too small to see."""
        return self.hidden or self.white or self.small


@dataclass
class Rtf:
    """What was read.

    Attributes:
        lines: The text; tables stand in `tables`, each as rows of cells with the line before it.
        pictures, objects: Bytes in them.
        unseen, deleted, notes, info, fields: Texts that are not shown, deleted, in comments, in the properties, in field codes.
        names: Names of fonts, styles, bookmarks, shapes and form fields.
        coded: Bytes of themes, data stores and fonts.
        fetching: Fields that fetch from outside, and templates named by address.
        odd: Characters of text inside tables of fonts, styles and the like.
        end: Offset behind the last group.
    """

    text: list[str] = field(default_factory=list)
    tables: list[tuple[str, list[tuple[str, ...]]]] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    objects: list[bytes] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    info: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    coded: list[bytes] = field(default_factory=list)
    fetching: int = 0
    odd: int = 0
    end: int = 0


class _Parser:
    """State of the walk; `read_rtf` drives it."""

    def __init__(self, rtf: Rtf, cells_limit: int) -> None:
        self.rtf = rtf
        self.states = [_State()]
        self.codec = "cp1252"
        self.to_skip = 0
        self.starred = False
        self.cell: list[str] = []
        self.row: list[str] = []
        self.nested: list[str] = []
        self.in_table = False
        self.rows: list[tuple[str, ...]] | None = None
        self.cells = 0
        self.cells_limit = cells_limit
        self.hex: list[str] = []
        self.raw: list[bytes] = []
        self.code: list[str] = []
        self.colour: dict[str, int] = {}
        self.colours: list[tuple[int, ...]] = []
        self.lists = {
            "pict": self.hex,
            "objdata": self.hex,
            "coded": self.hex,
            "fldinst": self.code,
            "notes": rtf.notes,
            "names": rtf.names,
        }

    @property
    def state(self) -> _State:
        return self.states[-1]

    def open(self) -> None:
        top = self.state
        self.states.append(_State(top.target, top.hidden, top.deleted, top.skip, top.white, top.small))
        self.starred = False
        if len(self.states) > _MAX_DEPTH:
            raise LimitReached("depth", _MAX_DEPTH, len(self.states))

    def close(self) -> None:
        ended = self.states.pop() if len(self.states) > 1 else self.state
        if ended.target in ("pict", "objdata", "coded") and self.state.target != ended.target:
            self.binary(ended.target)
        elif ended.target == "fldinst" and self.state.target != "fldinst":
            code = "".join(self.code)
            self.code.clear()
            self.rtf.fields.append(code)
            self.rtf.fetching += bool(_FETCHING.match(code))

    def white(self, number: int) -> bool:
        """True for a colour of the table that is as good as white."""
        return 0 <= number < len(self.colours) and min(self.colours[number]) >= _WHITE

    def binary(self, target: str) -> None:
        """Bytes of a picture or object, from hexadecimal digits and from raw runs."""
        digits = re.sub(r"[^0-9a-fA-F]", "", "".join(self.hex))
        data = binascii.unhexlify(digits[: len(digits) // 2 * 2]) + b"".join(self.raw)
        self.hex.clear()
        self.raw.clear()
        if data:
            {"pict": self.rtf.pictures, "objdata": self.rtf.objects, "coded": self.rtf.coded}[target].append(data)

    def word(self, name: str, number: int | None) -> None:
        """A control word."""
        state = self.state
        if name in _BREAKS:
            self.add(_BREAKS[name])
        elif name in ("cell", "nestcell", "row", "nestrow", "trowd", "pard", "intbl"):
            self.table_word(name)
        elif name == "u" and number is not None:
            self.add(chr(number % 65_536) if not 0xD800 <= number % 65_536 <= 0xDFFF else "\ufffd")
            self.to_skip = state.skip
        elif name == "uc" and number is not None:
            state.skip = max(0, min(number, 16))
        elif name == "ansicpg" and number is not None:
            self.codec = _codec(number)
        elif name == "v":
            state.hidden = number != 0
        elif name == "deleted":
            state.deleted = number != 0
        elif name == "cf":
            state.white = self.white(number or 0)
        elif name == "fs" and number is not None:
            state.small = number <= _TINY
        elif name in ("highlight", "cb", "chcbpat", "clcbpat", "cbpat"):
            state.white = False
        elif name == "plain":
            state.hidden = state.deleted = state.white = state.small = False
        elif name in _COLOURS:
            self.colour[name] = number or 0
        elif name == "colortbl":
            state.target = "colours"
            self.colour = {}
        else:
            self.destination(name)
        self.starred = False

    def destination(self, name: str) -> None:
        """A word that says where the text of its group goes."""
        state = self.state
        if name == "pict":
            state.target = "pict"
        elif name in _OBJECTS:
            state.target = "objdata" if name == "objdata" else "object"
        elif name == "fldinst":
            state.target = "fldinst"
        elif name in ("annotation", "atnauthor", "atnid"):
            state.target = "notes"
        elif name in _INFO:
            state.target = "info"
        elif name == "template":
            state.target = "template"
        elif name in ("header", "footer", "headerl", "headerr", "headerf", "footerl", "footerr", "footerf", "footnote"):
            self.add("\n")
        elif name in _NAMES:
            state.target = "names"
            self.rtf.names.append("\n")
        elif name in _CODED:
            state.target = "coded"
        elif name in _SKIPPED:
            state.target = "skipped"
        elif self.starred and name not in ("shptxt", "fldrslt", "ud", "upr", "shppict", "objresult"):
            state.target = "other"

    def table_word(self, name: str) -> None:
        """Cells and rows."""
        if self.state.target != "text":
            return
        if name == "cell":
            self.row.append("".join([*self.cell]).strip())
            self.cell = []
        elif name == "nestcell":
            self.nested.append("".join(self.cell).strip())
            self.cell = []
        elif name == "nestrow":
            self.keep(tuple(self.nested))
            self.nested = []
        elif name == "row":
            self.keep(tuple(self.row))
            self.row, self.cell, self.in_table = [], [], False
        elif name in ("trowd", "intbl"):
            self.in_table = True
        elif name == "pard":
            self.in_table = bool(self.row)

    def keep(self, row: tuple[str, ...]) -> None:
        self.cells += len(row)
        if self.cells > self.cells_limit:
            raise LimitReached("cells", self.cells_limit, self.cells)
        if self.rows is None:
            before = next((line for line in reversed("".join(self.rtf.text[-40:]).split("\n")) if line.strip()), "")
            self.rows = []
            self.rtf.tables.append((before.strip(), self.rows))
        self.rows.append(row)

    def add(self, text: str) -> None:
        """Text, to wherever the group sends it."""
        if self.to_skip and text:
            dropped = min(self.to_skip, len(text))
            self.to_skip -= dropped
            text = text[dropped:]
        if not text:
            return
        state = self.state
        if state.target == "text":
            self.shown(text)
        elif state.target == "colours":
            for _ in range(text.count(";")):
                self.colours.append(tuple(self.colour.get(name, -1) for name in _COLOURS))
                self.colour = {}
        elif state.target == "skipped":
            self.rtf.odd += len(text)
        elif state.target == "template":
            self.rtf.fetching += "://" in text or text.startswith("\\\\")
            self.rtf.info.append(text)
        elif state.target != "other" or text.strip(" ;"):
            self.lists.get(state.target, self.rtf.info).append(text)

    def shown(self, text: str) -> None:
        """Text of the page: a cell, a line, or one that is deleted or not seen."""
        state, rtf = self.state, self.rtf
        if state.deleted:
            rtf.deleted.append(text)
        elif self.in_table:
            self.cell.append(text)
        else:
            rtf.text.append(text)
            self.rows = None if text.strip() else self.rows
        if state.unseen:
            rtf.unseen.append(text)


def _codec(page: int) -> str:
    try:
        codecs.lookup(f"cp{page}")
    except LookupError:
        return "cp1252"
    return f"cp{page}"


def read_rtf(data: bytes, *, cells: int) -> Rtf:
    """Walk a rich text file.

    Args:
        data: The file.
        cells: Most table cells kept.

    Raises:
        Malformed: it does not begin as rich text or breaks off.
        LimitReached: too many cells, or groups nest too deep.
    """
    if not data.lstrip().startswith(b"{\\rtf"):
        raise Malformed("not rich text")
    text = data.decode("latin-1")
    rtf = Rtf()
    parser = _Parser(rtf, cells)
    position = text.index("{")
    high: list[int] = []
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            position += 1
            continue
        position = found.end()
        word, number, byte, symbol, brace, plain = found.groups()
        if byte is None and high:
            parser.add(bytes(high).decode(parser.codec, "replace"))
            high = []
        if word == "bin":
            length = max(0, int(number or 0))
            parser.raw.append(data[position : position + length])
            position += length
        elif word is not None:
            parser.word(word, int(number) if number else None)
        elif byte is not None:
            if parser.to_skip:
                parser.to_skip -= 1
            else:
                high.append(int(byte, 16))
        elif symbol is not None:
            if symbol == "*":
                parser.starred = True
            else:
                parser.add(_SYMBOLS.get(symbol, ""))
        elif brace == "{":
            parser.open()
        elif brace == "}":
            parser.close()
            if len(parser.states) == 1:
                rtf.end = position
                return rtf
        elif plain is not None:
            parser.add(plain)
    raise Malformed("the text breaks off")
