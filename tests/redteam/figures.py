"""Pictures and drawings that carry people: in their metadata, after their end, in their pixels, in their marks."""

# ruff: noqa: PLW0108 - functions are listed above where they are defined

from __future__ import annotations

import io
import json
import random
import struct
import zlib
from collections.abc import Callable
from html import escape

import numpy as np
from carriers import PROSE, b64, page
from population import CLINICAL, Item, Population

Carrier = Callable[[Item, random.Random], Item]
FIGURES_OF_TEXT: dict[str, Carrier] = {}
FIGURES_OF_BYTES: dict[str, Carrier] = {}
FIGURES: dict[str, Callable[[Population], Item]] = {}


def of_text(name: str, extension: str) -> Callable[[Callable[[str], bytes | str]], Callable[[str], bytes | str]]:
    """Lists a function that carries a text."""

    def listed(write: Callable[[str], bytes | str]) -> Callable[[str], bytes | str]:
        FIGURES_OF_TEXT[name] = lambda item, chance: item.wrapped(f"figure{extension}", write(item.string), name)
        return write

    return listed


def of_bytes(name: str, extension: str) -> Callable[[Callable[[bytes], bytes | str]], Callable[[bytes], bytes | str]]:
    """Lists a function that carries bytes."""

    def listed(write: Callable[[bytes], bytes | str]) -> Callable[[bytes], bytes | str]:
        FIGURES_OF_BYTES[name] = lambda item, chance: item.wrapped(f"figure{extension}", write(item.data), name)
        return write

    return listed


def figure(name: str, extension: str) -> Callable[[Callable[[Population], bytes | str]], Callable[[Population], bytes | str]]:
    """Lists a function that draws a population."""

    def listed(write: Callable[[Population], bytes | str]) -> Callable[[Population], bytes | str]:
        def make(people: Population) -> Item:
            data = write(people)
            return Item(
                name=f"figure{extension}", data=data.encode() if isinstance(data, str) else data, made=(name,), text=isinstance(data, str)
            )

        FIGURES[name] = make
        return write

    return listed


def bars(kind: str = "PNG", **options: object) -> bytes:
    """A harmless picture: a bar chart with axes."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (320, 240), "white")
    pen = ImageDraw.Draw(picture)
    pen.line((30, 10, 30, 210, 310, 210), fill="black")
    for place, height in enumerate((120, 80, 160, 40, 100)):
        pen.rectangle((50 + 50 * place, 210 - height, 80 + 50 * place, 209), fill=(31, 119, 180))
        pen.text((55 + 50 * place, 215), f"Q{place + 1}", fill="black")
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _with_chunk(kind: bytes, data: bytes) -> bytes:
    png = bars()
    return png[:33] + chunk(kind, data) + png[33:]


def _png_exif(data: bytes) -> bytes:
    return _with_chunk(b"eXIf", _exif(data)[6:])


def _exif(data: bytes) -> bytes:
    """A block of EXIF whose comment of the user is the data."""
    comment = b"ASCII\0\0\0" + data
    return (
        b"Exif\0\0II*\0\x08\0\0\0"
        + struct.pack("<HHHII", 1, 0x8769, 4, 1, 26)
        + struct.pack("<I", 0)
        + struct.pack("<HHHII", 1, 0x9286, 7, len(comment), 44)
        + struct.pack("<I", 0)
        + comment
    )


def _jpeg_with(marker: int, data: bytes) -> bytes:
    jpeg = bars("JPEG")
    pieces = b"".join(
        bytes([0xFF, marker]) + struct.pack(">H", len(piece) + 2) + piece
        for piece in (data[place : place + 60_000] for place in range(0, len(data), 60_000))
    )
    return jpeg[:2] + pieces + jpeg[2:]


of_text("png: tEXt", ".png")(lambda text: _with_chunk(b"tEXt", b"Comment\0" + text.encode("latin-1", "replace")))
of_text("png: zTXt", ".png")(lambda text: _with_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(text.encode("latin-1", "replace"))))
of_text("png: iTXt", ".png")(lambda text: _with_chunk(b"iTXt", b"Comment\0\x01\0en\0\0" + zlib.compress(text.encode())))
of_text("png: exif", ".png")(lambda text: _png_exif(text.encode()))
of_bytes("png: own chunk", ".png")(lambda data: _with_chunk(b"daTa", data))
of_bytes("png: after the end", ".png")(lambda data: bars() + data)
of_bytes("png: after the pixels", ".png")(lambda data: _with_extra_pixels(data))
of_bytes("png: colour profile", ".png")(lambda data: _with_chunk(b"iCCP", b"p\0\0" + zlib.compress(data)))
of_bytes("png: bytes as pixels", ".png")(lambda data: _pixels(np.frombuffer(data[: len(data) // 64 * 64], dtype=np.uint8).reshape(-1, 64)))
of_bytes("png: lowest bits", ".png")(lambda data: _lowest_bits(data))
of_text("jpeg: comment", ".jpg")(lambda text: _jpeg_with(0xFE, text.encode()))
of_text("jpeg: exif", ".jpg")(lambda text: _jpeg_with(0xE1, _exif(text.encode()[:60_000])))
of_text("jpeg: xmp", ".jpg")(
    lambda text: _jpeg_with(
        0xE1, b"http://ns.adobe.com/xap/1.0/\0" + f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{escape(text)}</x:xmpmeta>".encode()[:60_000]
    )
)
of_bytes("jpeg: own segment", ".jpg")(lambda data: _jpeg_with(0xEB, data))
of_bytes("jpeg: after the end", ".jpg")(lambda data: bars("JPEG") + data)
of_text("gif: comment", ".gif")(lambda text: bars("GIF", comment=text.encode()[:60_000]))
of_bytes("gif: after the end", ".gif")(lambda data: bars("GIF") + data)
of_bytes("gif: own extension", ".gif")(
    lambda data: (
        bars("GIF")[:-1]
        + b"!\xff\x0bABCDEFGHIJK"
        + b"".join(bytes([len(piece)]) + piece for piece in (data[place : place + 255] for place in range(0, len(data), 255)))
        + b"\0;"
    )
)
of_text("tiff: description", ".tif")(lambda text: bars("TIFF", tiffinfo={270: text}))
of_bytes("tiff: own tag", ".tif")(lambda data: _tiff_tag(data))
of_bytes("webp: after the end", ".webp")(lambda data: bars("WEBP") + data)
of_bytes("webp: own chunk", ".webp")(lambda data: _webp(data))
of_bytes("bmp: between header and pixels", ".bmp")(lambda data: _bmp_gap(data))


def _tiff_tag(data: bytes) -> bytes:
    from PIL import TiffImagePlugin

    about = TiffImagePlugin.ImageFileDirectory_v2()
    about[65000] = data
    about.tagtype[65000] = 7
    return bars("TIFF", tiffinfo=about)


def _webp(data: bytes) -> bytes:
    webp = bars("WEBP") + b"DATA" + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return webp[:4] + struct.pack("<I", len(webp) - 8) + webp[8:]


def _bmp_gap(data: bytes) -> bytes:
    bmp = bars("BMP")
    start = struct.unpack_from("<I", bmp, 10)[0]
    return (
        bmp[:2]
        + struct.pack("<I", len(bmp) + len(data))
        + bmp[6:10]
        + struct.pack("<I", start + len(data))
        + bmp[14:start]
        + data
        + bmp[start:]
    )


def _pixels(values: np.ndarray, scale: int = 1, kind: str = "PNG") -> bytes:
    from PIL import Image

    picture = Image.fromarray(np.ascontiguousarray(np.kron(values, np.ones((scale, scale), dtype=np.uint8)).astype(np.uint8)))
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def _with_extra_pixels(data: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", 64, 32, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes([255] * 64) for _ in range(32))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows + data)) + chunk(b"IEND", b"")


def _lowest_bits(data: bytes) -> bytes:
    from PIL import Image

    picture = np.asarray(Image.open(io.BytesIO(bars()))).copy()
    bits = np.unpackbits(np.frombuffer(zlib.compress(data)[: picture.size // 8], dtype=np.uint8))
    flat = picture.reshape(-1)
    flat[: bits.size] = (flat[: bits.size] & 254) | bits
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


# genotypes as pixels

figure("png: one pixel a genotype", ".png")(lambda people: _pixels(people.counts * 127))
figure("png: one pixel a genotype, dark", ".png")(lambda people: _pixels(people.counts))
figure("png: one block a genotype", ".png")(lambda people: _pixels(people.counts * 127, 5))
figure("png: coloured genotypes", ".png")(lambda people: _coloured(people))
figure("png: dosages as grey", ".png")(lambda people: _pixels((people.dosages * 127).astype(np.uint8), 4))
figure("gif: one pixel a genotype", ".gif")(lambda people: _pixels(people.counts * 127, 1, "GIF"))
figure("tiff: one pixel a genotype", ".tif")(lambda people: _pixels(people.counts * 127, 1, "TIFF"))
figure("bmp: one pixel a genotype", ".bmp")(lambda people: _pixels(people.counts * 127, 1, "BMP"))
figure("webp: one pixel a genotype", ".webp")(lambda people: _webp_pixels(people))
figure("pgm: genotypes", ".pgm")(
    lambda people: (
        f"P2\n{people.counts.shape[1]} {people.counts.shape[0]}\n2\n"
        + "\n".join(" ".join(map(str, row)) for row in people.counts.tolist())
        + "\n"
    )
)


def _webp_pixels(people: Population) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(people.counts.astype(np.uint8) * 127).convert("RGB").save(buffer, "WEBP", lossless=True)
    return buffer.getvalue()


def _coloured(people: Population) -> bytes:
    colours = np.array([[68, 1, 84], [33, 145, 140], [253, 231, 37]], dtype=np.uint8)
    values = colours[people.counts].repeat(4, axis=0).repeat(4, axis=1)
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    return buffer.getvalue()


@figure("png: picture of a table", ".png")
def _(people: Population) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    rows = people.table(CLINICAL)
    picture = Image.new("RGB", (900, 24 * 32), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(16)
    for down, row in enumerate((rows.header, *rows.rows[:30])):
        for across, value in enumerate(row):
            pen.text((10 + 125 * across, 4 + 24 * down), str(value), fill="black", font=font)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


# drawings


def svg(body: str, head: str = "") -> str:
    """A drawing with axes."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300" viewBox="0 0 400 300">{head}<path d="M40 10 V260 H390" fill="none" stroke="#000"/>'
        f'<text x="200" y="290">age</text>{body}</svg>\n'
    )


def _points(people: Population) -> list[tuple[float, float, str]]:
    return [(40 + 4 * float(row[2]), 260 - 5 * float(row[3]), str(row[0])) for row in people.table(CLINICAL).rows]


figure("svg: one mark a person", ".svg")(
    lambda people: svg("".join(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2"/>' for x, y, _ in _points(people)))
)
figure("svg: marks by reference", ".svg")(
    lambda people: svg(
        "".join(f'<use x="{x:.4f}" y="{y:.4f}" href="#m"/>' for x, y, _ in _points(people)), '<defs><path id="m" d="M-2 0H2"/></defs>'
    )
)
figure("svg: marks of one path", ".svg")(
    lambda people: svg('<path d="' + " ".join(f"M{x:.2f} {y:.2f}h0.1" for x, y, _ in _points(people)) + '" stroke="#000"/>')
)
figure("svg: labels on points", ".svg")(
    lambda people: svg(
        "".join(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2"/><text x="{x:.1f}" y="{y:.1f}">{name}</text>' for x, y, name in _points(people)[:40]
        )
    )
)
figure("svg: titles of points", ".svg")(
    lambda people: svg(
        "".join(f'<circle cx="50" cy="50" r="2"><title>{" ".join(map(str, row))}</title></circle>' for row in people.table(CLINICAL).rows)
    )
)
figure("svg: one tile a genotype", ".svg")(
    lambda people: svg(
        "".join(
            f'<rect x="{4 * across}" y="{4 * down}" width="4" height="4" fill="{("#fff", "#888", "#000")[value]}"/>'
            for down, row in enumerate(people.counts.tolist()[:50])
            for across, value in enumerate(row[:40])
        )
    )
)
figure("svg: data attributes", ".svg")(
    lambda people: svg(
        "".join(
            f'<circle cx="50" cy="50" r="2" data-id="{row[0]}" data-age="{row[2]}" data-bmi="{row[3]}" data-dx="{row[5]}"/>'
            for row in people.table(CLINICAL).rows
        )
    )
)
of_text("svg: metadata", ".svg")(lambda text: svg("", f"<metadata>{escape(text)}</metadata>"))
of_text("svg: description", ".svg")(lambda text: svg("", f"<desc>{escape(text)}</desc>"))
of_text("svg: comment", ".svg")(lambda text: svg("", f"<!--\n{text.replace('--', '- -')}\n-->"))
of_text("svg: white text", ".svg")(
    lambda text: svg("".join(f'<text x="1" y="1" fill="#fff">{escape(line)}</text>' for line in text.splitlines()))
)
of_text("svg: text without size", ".svg")(
    lambda text: svg("".join(f'<text x="1" y="1" font-size="0">{escape(line)}</text>' for line in text.splitlines()))
)
of_text("svg: undrawn", ".svg")(lambda text: svg(f'<g display="none"><text>{escape(text)}</text></g>'))
of_text("svg: style", ".svg")(lambda text: svg("", f"<style>/* {escape(text)} */</style>"))
of_text("svg: foreign object", ".svg")(
    lambda text: svg(f'<foreignObject><pre xmlns="http://www.w3.org/1999/xhtml">{escape(text)}</pre></foreignObject>')
)
of_bytes("svg: picture", ".svg")(lambda data: svg(f'<image href="data:image/png;base64,{b64(data)}" width="9" height="9"/>'))


@figure("eps: one mark a person", ".eps")
def _(people: Population) -> str:
    return (
        "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 400 300\n"
        + "".join(f"newpath {x:.2f} {300 - y:.2f} 2 0 360 arc fill\n" for x, y, _ in _points(people))
        + "showpage\n%%EOF\n"
    )


of_text("eps: comments", ".eps")(
    lambda text: (
        "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n" + "".join(f"% {line}\n" for line in text.splitlines()) + "showpage\n%%EOF\n"
    )
)


@figure("pdf: one mark a person", ".pdf")
def _(people: Population) -> bytes:
    from documents import pdf, pdf_lines

    return pdf(pdf_lines("BMI by age") + "".join(f"{x:.2f} {y + 300:.2f} 3 3 re f\n" for x, y, _ in _points(people)))


# pages with live figures


@figure("page: plotly", ".html")
def _(people: Population) -> str:
    columns = people.table(CLINICAL).columns
    trace = {"type": "scatter", "mode": "markers", "x": columns["age"], "y": columns["bmi"], "text": columns["participant_id"]}
    return page(f'<div id="a"></div><script>Plotly.newPlot("a", {json.dumps([trace])}, {{"title": "BMI"}});</script>')


@figure("page: plotly in base64", ".html")
def _(people: Population) -> str:
    columns = people.table(CLINICAL).columns
    trace = {
        "type": "scatter",
        "mode": "markers",
        **{
            axis: {"dtype": "f8", "bdata": b64(np.array(columns[name], dtype="<f8").tobytes())}
            for axis, name in (("x", "age"), ("y", "bmi"))
        },
    }
    return page(f'<div id="a"></div><script>Plotly.newPlot("a", {json.dumps([trace])}, {{"title": "BMI"}});</script>')


@figure("page: plotly heat map", ".html")
def _(people: Population) -> str:
    return page(f'<script>Plotly.newPlot("a", {json.dumps([{"type": "heatmap", "z": people.counts.tolist()}])});</script>')


@figure("page: vega", ".html")
def _(people: Population) -> str:
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "mark": "bar",
        "data": {"name": "d"},
        "datasets": {"d": people.table(CLINICAL).records},
        "encoding": {"x": {"field": "diagnosis"}, "y": {"aggregate": "count"}},
    }
    return page(f'<div id="vis"></div><script>vegaEmbed("#vis", {json.dumps(spec)});</script>')


@figure("vega file", ".vl.json")
def _(people: Population) -> str:
    return json.dumps(
        {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "mark": "bar",
            "data": {"values": people.table(CLINICAL).records},
            "encoding": {"x": {"field": "age", "bin": True}, "y": {"aggregate": "count"}},
        }
    )


@figure("page: bokeh", ".html")
def _(people: Population) -> str:
    columns = people.table(CLINICAL).columns
    doc = {
        "docid": {
            "roots": [
                {
                    "type": "object",
                    "name": "ColumnDataSource",
                    "id": "p1",
                    "attributes": {
                        "data": {
                            "type": "map",
                            "entries": [
                                [
                                    name,
                                    {
                                        "type": "ndarray",
                                        "array": {"type": "bytes", "data": b64(np.array(columns[name], dtype="<f8").tobytes())},
                                        "shape": [len(people.ids)],
                                        "dtype": "float64",
                                        "order": "little",
                                    },
                                ]
                                for name in ("age", "bmi", "sbp")
                            ],
                        }
                    },
                }
            ]
        }
    }
    return page(f'<script type="application/json" id="p1">{json.dumps(doc)}</script>')


@figure("page: htmlwidget", ".html")
def _(people: Population) -> str:
    state = {
        "x": {"data": [list(map(str, values)) for values in people.table(CLINICAL).columns.values()], "container": "<table></table>"},
        "evals": [],
        "jsHooks": [],
    }
    return page(
        f'<div id="htmlwidget-1" class="datatables html-widget"></div><script type="application/json" data-for="htmlwidget-1">{json.dumps(state)}</script>'
    )


@figure("page: echarts", ".html")
def _(people: Population) -> str:
    rows = [[row[2], row[3], row[0]] for row in people.table(CLINICAL).rows]
    return page(f'<script>var option = {{series: [{{type: "scatter", data: {json.dumps(rows)}}}]}}; chart.setOption(option);</script>')


@figure("page: leaflet", ".html")
def _(people: Population) -> str:
    chance = random.Random(3)
    return page(
        "<script>"
        + "".join(
            f'L.marker([{53 + chance.random():.5f}, {-1 - chance.random():.5f}]).bindPopup("{" ".join(map(str, row))}").addTo(map);\n'
            for row in people.table(CLINICAL).rows
        )
        + "</script>"
    )


@figure("page: coloured cells", ".html")
def _(people: Population) -> str:
    cells = "".join(
        "<tr>" + "".join(f'<td style="background:{("#fff", "#999", "#000")[value]}"></td>' for value in row) + "</tr>"
        for row in people.counts.tolist()
    )
    return page(f"<table>{cells}</table>") + PROSE[3]
