"""What carries a text or bytes in another text: encodings, code, notebooks, pages, messages, unseen symbols, names."""

from __future__ import annotations

import base64
import binascii
import email.mime.application
import email.mime.multipart
import email.mime.text
import html
import json
import quopri
import random
import urllib.parse
import zlib
from collections.abc import Callable

from population import Item

Carrier = Callable[[Item, random.Random], Item]
OF_TEXT: dict[str, Carrier] = {}
OF_BYTES: dict[str, Carrier] = {}

PROSE = (
    "The association was robust to adjustment for age and smoking.",
    "Models were fitted separately in each stratum and combined by inverse variance.",
    "Missing covariates were imputed under the assumption that they were missing at random.",
    "Estimates did not change when the outcome was defined by hospital admission alone.",
)


def carrier(
    name: str, extension: str, *, of: dict[str, Carrier]
) -> Callable[[Callable[[Item], str | bytes]], Callable[[Item], str | bytes]]:
    """Lists a function that carries an item under a name."""

    def listed(write: Callable[[Item], str | bytes]) -> Callable[[Item], str | bytes]:
        of[name] = lambda item, chance: item.wrapped(f"summary{extension}", write(item), name)
        return write

    return listed


def text_carrier(name: str, extension: str) -> Callable[[Callable[[str], str | bytes]], Callable[[str], str | bytes]]:
    """The same for a function of the text."""

    def listed(write: Callable[[str], str | bytes]) -> Callable[[str], str | bytes]:
        carrier(name, extension, of=OF_TEXT)(lambda item: write(item.string))
        return write

    return listed


def byte_carrier(name: str, extension: str) -> Callable[[Callable[[bytes], str | bytes]], Callable[[bytes], str | bytes]]:
    """The same for a function of the bytes."""

    def listed(write: Callable[[bytes], str | bytes]) -> Callable[[bytes], str | bytes]:
        carrier(name, extension, of=OF_BYTES)(lambda item: write(item.data))
        return write

    return listed


def folded(text: str, width: int = 76) -> str:
    """A text in lines of a width."""
    return "\n".join(text[place : place + width] for place in range(0, len(text), width))


def b64(data: bytes) -> str:
    """Base64 without line ends."""
    return base64.b64encode(data).decode()


# encodings

byte_carrier("base64", ".txt")(lambda data: b64(data) + "\n")
byte_carrier("base64 in lines", ".txt")(lambda data: folded(b64(data)) + "\n")
byte_carrier("base64 in prose", ".md")(lambda data: f"# Notes\n\n{PROSE[0]}\n\n{b64(data)}\n\n{PROSE[1]}\n")
byte_carrier("base64 for addresses", ".txt")(lambda data: base64.urlsafe_b64encode(data).decode().rstrip("=") + "\n")
byte_carrier("base64 reversed", ".txt")(lambda data: b64(data)[::-1] + "\n")
byte_carrier("base64 of short lines", ".txt")(lambda data: folded(b64(data), 20) + "\n")
byte_carrier("base64 with numbers of lines", ".txt")(
    lambda data: "".join(f"{place:05d}  {line}\n" for place, line in enumerate(folded(b64(data)).split("\n")))
)
byte_carrier("base64 twice", ".txt")(lambda data: b64(b64(data).encode()) + "\n")
byte_carrier("base85", ".txt")(lambda data: base64.b85encode(data).decode() + "\n")
byte_carrier("ascii85", ".txt")(lambda data: base64.a85encode(data, adobe=True).decode() + "\n")
byte_carrier("base32", ".txt")(lambda data: base64.b32encode(data).decode() + "\n")
byte_carrier("hex", ".txt")(lambda data: data.hex() + "\n")
byte_carrier("hex with colons", ".txt")(lambda data: folded(data.hex(":"), 48) + "\n")
byte_carrier("hex dump", ".txt")(
    lambda data: "".join(f"{place:08x}: {data[place : place + 16].hex(' ', 2)}\n" for place in range(0, len(data), 16))
)
byte_carrier("hex escapes in code", ".py")(lambda data: "DATA = b'" + "".join(f"\\x{byte:02x}" for byte in data) + "'\nprint(len(DATA))\n")
byte_carrier("bytes as numbers", ".py")(lambda data: f"KEY = {list(data)!r}\n")
byte_carrier("bytes in a C array", ".c")(
    lambda data: "static unsigned char t[] = {\n" + folded(", ".join(f"0x{byte:02x}" for byte in data), 72) + "};\n"
)
byte_carrier("octal", ".txt")(lambda data: " ".join(f"{byte:03o}" for byte in data) + "\n")
byte_carrier("binary digits", ".txt")(lambda data: " ".join(f"{byte:08b}" for byte in data) + "\n")
byte_carrier("uuencode", ".uu")(
    lambda data: (
        "begin 644 d.bin\n" + "".join(binascii.b2a_uu(data[place : place + 45]).decode() for place in range(0, len(data), 45)) + "`\nend\n"
    )
)
byte_carrier("quoted printable", ".txt")(lambda data: quopri.encodestring(data).decode())
byte_carrier("percent encoding", ".txt")(lambda data: "".join(f"%{byte:02X}" for byte in data) + "\n")
byte_carrier("address with a query", ".txt")(lambda data: f"https://example.org/p?{urllib.parse.urlencode({'q': data})}\n")
byte_carrier("data address", ".html")(
    lambda data: f'<html><body><p>{PROSE[0]}</p><a href="data:application/octet-stream;base64,{b64(data)}">more</a></body></html>'
)
byte_carrier("data address in css", ".css")(lambda data: f"body {{ background: url(data:image/png;base64,{b64(data)}); }}\n")
byte_carrier("base64 in python", ".py")(lambda data: f"import base64\n\nMODEL = base64.b64decode('{b64(data)}')\n")
byte_carrier("base64 in pieces in python", ".py")(
    lambda data: "MODEL = (\n" + "".join(f"    '{line}'\n" for line in folded(b64(data), 60).split("\n")) + ")\n"
)
byte_carrier("base64 in a comment", ".R")(
    lambda data: "fit <- lm(y ~ x)\n" + "".join(f"# {line}\n" for line in folded(b64(data)).split("\n"))
)
byte_carrier("base64 in json", ".json")(lambda data: json.dumps({"auc": 0.81, "artefact": b64(data)}))
byte_carrier("base64 in yaml", ".yaml")(
    lambda data: "model:\n  auc: 0.81\n  blob: !!binary |\n" + "".join(f"    {line}\n" for line in folded(b64(data)).split("\n"))
)
byte_carrier("base64 in xml", ".xml")(lambda data: f"<model><auc>0.81</auc><blob encoding='base64'>{b64(data)}</blob></model>")
byte_carrier("base64 in csv", ".csv")(lambda data: f"model,auc,blob\nlasso,0.81,{b64(data)}\nridge,0.79,\n")
byte_carrier("base64 in a log", ".log")(
    lambda data: "2024-05-01 10:00:00 INFO start\n2024-05-01 10:00:03 DEBUG state=" + b64(data) + "\n2024-05-01 10:00:09 INFO done\n"
)
byte_carrier("base64 in an armour", ".asc")(
    lambda data: "-----BEGIN CERTIFICATE-----\n" + folded(b64(data), 64) + "\n-----END CERTIFICATE-----\n"
)
byte_carrier("deflated base64", ".txt")(lambda data: b64(zlib.compress(data)[2:-4]) + "\n")
text_carrier("turned by thirteen", ".txt")(lambda text: __import__("codecs").encode(text, "rot13"))
text_carrier("each line reversed", ".txt")(lambda text: "\n".join(line[::-1] for line in text.split("\n")))
text_carrier("spaces between letters", ".txt")(lambda text: "\n".join(" ".join(line) for line in text.split("\n")))
text_carrier("html entities", ".html")(
    lambda text: "<html><body><pre>" + "".join(f"&#{ord(letter)};" for letter in text) + "</pre></body></html>"
)
text_carrier("unicode escapes", ".py")(lambda text: "T = '" + "".join(f"\\u{ord(letter):04x}" for letter in text) + "'\n")
text_carrier("fullwidth letters", ".txt")(
    lambda text: "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)
)
byte_carrier("zero-width text", ".md")(
    lambda data: (
        f"# Summary\n\n{PROSE[0]}"
        + "".join("\u200b" if bit == "0" else "\u200c" for byte in data[:1500] for bit in f"{byte:08b}")
        + f"\n\n{PROSE[1]}\n"
    )
)
byte_carrier("tag characters", ".txt")(lambda data: PROSE[0] + "".join(chr(0xE0000 + ord(letter)) for letter in b64(data)) + "\n")
byte_carrier("variation selectors", ".txt")(
    lambda data: "ok" + "".join(chr(0xFE00 + byte) if byte < 16 else chr(0xE0100 + byte - 16) for byte in data) + "\n"
)
byte_carrier("trailing spaces and tabs", ".txt")(
    lambda data: "".join(
        f"{PROSE[place % 4]}{''.join(' ' if bit == '0' else chr(9) for bit in f'{byte:08b}')}\n" for place, byte in enumerate(data[:1200])
    )
)


# messages, notebooks, pages


def _message(item: Item) -> str:
    message = email.mime.multipart.MIMEMultipart(boundary="part")
    message["Subject"], message["From"], message["To"] = "Draft tables", "a@example.org", "b@example.org"
    message.attach(email.mime.text.MIMEText("Please find the draft attached.\n"))
    attached = email.mime.application.MIMEApplication(item.data, Name=item.name)
    attached["Content-Disposition"] = f'attachment; filename="{item.name}"'
    message.attach(attached)
    return message.as_string()


carrier("attachment of a message", ".eml", of=OF_BYTES)(_message)


def notebook(*cells: dict, about: dict | None = None) -> str:
    """A notebook of cells between two harmless ones."""
    around = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Analysis\n", PROSE[0]]},
        *cells,
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": 3,
            "source": ["print('done')"],
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["done\n"]}],
        },
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}, "language_info": {"name": "python"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel | (about or {}), "cells": around}, indent=1)


def code_cell(output: dict, source: str = "df") -> dict:
    """A cell of code with one output."""
    return {"cell_type": "code", "metadata": {}, "execution_count": 2, "source": [source], "outputs": [output]}


def _shown(kind: str, value: object, about: dict | None = None) -> dict:
    return {"output_type": "display_data", "data": {kind: value}, "metadata": about or {}}


text_carrier("notebook: stream", ".ipynb")(
    lambda text: notebook(code_cell({"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}))
)
text_carrier("notebook: plain result", ".ipynb")(
    lambda text: notebook(code_cell({"output_type": "execute_result", "execution_count": 2, "metadata": {}, "data": {"text/plain": text}}))
)
text_carrier("notebook: html", ".ipynb")(lambda text: notebook(code_cell(_shown("text/html", f"<pre>{html.escape(text)}</pre>"))))
text_carrier("notebook: json", ".ipynb")(lambda text: notebook(code_cell(_shown("application/json", {"state": text}))))
text_carrier("notebook: own type", ".ipynb")(lambda text: notebook(code_cell(_shown("application/vnd.x.custom+json", {"v": text}))))
text_carrier("notebook: latex", ".ipynb")(lambda text: notebook(code_cell(_shown("text/latex", text))))
text_carrier("notebook: error", ".ipynb")(
    lambda text: notebook(code_cell({"output_type": "error", "ename": "KeyError", "evalue": "x", "traceback": text.splitlines()}))
)
text_carrier("notebook: markdown", ".ipynb")(
    lambda text: notebook({"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)})
)
text_carrier("notebook: raw cell", ".ipynb")(lambda text: notebook({"cell_type": "raw", "metadata": {}, "source": text}))
text_carrier("notebook: code", ".ipynb")(
    lambda text: notebook({"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": f'T = """{text}"""'})
)
text_carrier("notebook: metadata", ".ipynb")(lambda text: notebook(about={"cache": text}))
text_carrier("notebook: metadata of a cell", ".ipynb")(
    lambda text: notebook({"cell_type": "markdown", "metadata": {"note": text}, "source": "Hello"})
)
text_carrier("notebook: metadata of an output", ".ipynb")(lambda text: notebook(code_cell(_shown("text/plain", "ok", {"note": text}))))
text_carrier("notebook: key of its own", ".ipynb")(
    lambda text: notebook({"cell_type": "markdown", "metadata": {}, "source": "Hello", "x_state": {"a": [text]}})
)
text_carrier("notebook: widget state", ".ipynb")(
    lambda text: notebook(
        about={
            "widgets": {
                "application/vnd.jupyter.widget-state+json": {"state": {"a1": {"model_name": "HTMLModel", "state": {"value": text}}}}
            }
        }
    )
)
byte_carrier("notebook: attachment", ".ipynb")(
    lambda data: notebook(
        {
            "cell_type": "markdown",
            "metadata": {},
            "attachments": {"plot.png": {"image/png": b64(data)}},
            "source": "![plot](attachment:plot.png)",
        }
    )
)
byte_carrier("notebook: said to be a picture", ".ipynb")(lambda data: notebook(code_cell(_shown("image/png", b64(data)))))
byte_carrier("notebook: base64 in markdown", ".ipynb")(
    lambda data: notebook({"cell_type": "markdown", "metadata": {}, "source": b64(data)})
)
byte_carrier("notebook: octets", ".ipynb")(lambda data: notebook(code_cell(_shown("application/octet-stream", b64(data)))))


def page(body: str, head: str = "") -> str:
    """A page of HTML with some prose in it."""
    return f"<!DOCTYPE html><html><head><title>Report</title>{head}</head><body><h1>Report</h1><p>{PROSE[1]}</p>{body}<p>{PROSE[2]}</p></body></html>"


text_carrier("page: pre", ".html")(lambda text: page(f"<pre>{html.escape(text)}</pre>"))
text_carrier("page: comment", ".html")(lambda text: page(f"<!--\n{text.replace('--', '- -')}\n-->"))
text_carrier("page: script text", ".html")(lambda text: page(f'<script type="text/plain">{text}</script>'))
text_carrier("page: script variable", ".html")(lambda text: page(f"<script>var cache = {json.dumps(text)};</script>"))
text_carrier("page: json script", ".html")(lambda text: page(f'<script type="application/json">{json.dumps({"data": text})}</script>'))
text_carrier("page: data attribute", ".html")(lambda text: page(f'<div data-state="{html.escape(text)}"></div>'))
text_carrier("page: hidden", ".html")(lambda text: page(f'<div style="display:none"><pre>{html.escape(text)}</pre></div>'))
text_carrier("page: textarea", ".html")(lambda text: page(f"<textarea hidden>{html.escape(text)}</textarea>"))
text_carrier("page: template", ".html")(lambda text: page(f"<template>{html.escape(text)}</template>"))
text_carrier("page: style", ".html")(lambda text: page("", f"<style>/* {text} */</style>"))
text_carrier("page: meta", ".html")(lambda text: page("", f'<meta name="description" content="{html.escape(text)}">'))
text_carrier("page: noscript", ".html")(lambda text: page(f"<noscript>{html.escape(text)}</noscript>"))
text_carrier("page: title text", ".html")(lambda text: page(f'<span title="{html.escape(text)}">i</span>'))
text_carrier("page: options", ".html")(
    lambda text: page("<select>" + "".join(f"<option>{html.escape(line)}</option>" for line in text.splitlines()) + "</select>")
)
text_carrier("page: srcdoc", ".html")(
    lambda text: page(f'<iframe srcdoc="{html.escape(page(f"<pre>{html.escape(text)}</pre>"))}"></iframe>')
)
text_carrier("page: after the end", ".html")(lambda text: page("") + "\n" + text)
byte_carrier("page: picture", ".html")(lambda data: page(f'<img src="data:image/png;base64,{b64(data)}">'))
byte_carrier("page: base64 script", ".html")(lambda data: page(f'<script>load("{b64(data)}")</script>'))


# code, documents of text, configuration

text_carrier("python: literal", ".py")(lambda text: f"TEXT = {text!r}\n\nprint(len(TEXT))\n")
text_carrier("python: docstring", ".py")(lambda text: f'"""Fits the model.\n\n{text}\n"""\n\nimport sys\n\nprint(sys.argv)\n')
text_carrier("r: heredoc", ".R")(lambda text: f'x <- r"({text})"\nfit <- lm(y ~ x)\n')
text_carrier("r: comments", ".R")(lambda text: "fit <- lm(y ~ x)\n" + "".join(f"#' {line}\n" for line in text.splitlines()))
text_carrier("stata: comment", ".do")(lambda text: f"use data, clear\n/*\n{text}\n*/\nregress y x\n")
text_carrier("sql: comment", ".sql")(lambda text: "SELECT 1;\n" + "".join(f"-- {line}\n" for line in text.splitlines()))
text_carrier("julia: heredoc", ".jl")(lambda text: f'data = """\n{text}"""\nprintln(length(data))\n')
text_carrier("makefile", "")(lambda text: "all:\n" + "".join(f"\t@echo '{line}'\n" for line in text.splitlines()))
text_carrier("markdown: fence", ".md")(lambda text: f"# Notes\n\n{PROSE[0]}\n\n```\n{text}\n```\n\n{PROSE[1]}\n")
text_carrier("markdown: comment", ".md")(lambda text: f"# Notes\n\n{PROSE[0]}\n\n<!--\n{text}\n-->\n")
text_carrier("markdown: front matter", ".md")(
    lambda text: "---\ntitle: Notes\nabstract: |\n" + "".join(f"  {line}\n" for line in text.splitlines()) + f"---\n\n{PROSE[0]}\n"
)
text_carrier("markdown: after prose", ".md")(lambda text: f"# Notes\n\n{PROSE[0]} {PROSE[1]}\n\n{text}\n\n{PROSE[2]}\n")
text_carrier("latex: verbatim", ".tex")(
    lambda text: (
        f"\\documentclass{{article}}\n\\begin{{document}}\n{PROSE[0]}\n\\begin{{verbatim}}\n{text}\n\\end{{verbatim}}\n\\end{{document}}\n"
    )
)
text_carrier("latex: comments", ".tex")(
    lambda text: (
        f"\\documentclass{{article}}\n\\begin{{document}}\n{PROSE[0]}\n"
        + "".join(f"% {line}\n" for line in text.splitlines())
        + "\\end{document}\n"
    )
)
text_carrier("latex: after the end", ".tex")(
    lambda text: f"\\documentclass{{article}}\n\\begin{{document}}\n{PROSE[0]}\n\\end{{document}}\n{text}"
)
text_carrier("rst: literal", ".rst")(
    lambda text: f"Notes\n=====\n\n{PROSE[0]}::\n\n" + "".join(f"    {line}\n" for line in text.splitlines())
)
text_carrier("json: string", ".json")(lambda text: json.dumps({"auc": 0.81, "log": text}))
text_carrier("json: list of lines", ".json")(lambda text: json.dumps({"auc": 0.81, "log": text.splitlines()}))
text_carrier("json: a key", ".json")(lambda text: json.dumps({"auc": 0.81, text: 1}))
text_carrier("yaml: block", ".yaml")(
    lambda text: "model:\n  auc: 0.81\n  log: |\n" + "".join(f"    {line}\n" for line in text.splitlines())
)
text_carrier("yaml: comments", ".yaml")(lambda text: "model:\n  auc: 0.81\n" + "".join(f"# {line}\n" for line in text.splitlines()))
text_carrier("toml: string", ".toml")(lambda text: f"[model]\nauc = 0.81\nlog = '''\n{text}'''\n")
text_carrier("ini: comments", ".ini")(lambda text: "[model]\nauc = 0.81\n" + "".join(f"; {line}\n" for line in text.splitlines()))
text_carrier("xml: cdata", ".xml")(lambda text: f"<model><auc>0.81</auc><log><![CDATA[{text}]]></log></model>")
text_carrier("xml: comment", ".xml")(lambda text: f"<model><auc>0.81</auc><!--\n{text.replace('--', '- -')}\n--></model>")
text_carrier("xml: attribute", ".xml")(lambda text: f"<model auc='0.81' log='{html.escape(text)}'/>")
text_carrier("xml: instruction", ".xml")(lambda text: f"<model><?cache {text.replace('?', '')}?><auc>0.81</auc></model>")
text_carrier("log: after messages", ".log")(lambda text: "2024-05-01 10:00:00 INFO start\n" + text + "\n2024-05-01 10:00:09 INFO done\n")
text_carrier("log: behind stamps", ".log")(
    lambda text: "".join(f"2024-05-01 10:00:{place % 60:02d} INFO step {line}\n" for place, line in enumerate(text.splitlines()))
)
text_carrier("csv: a cell", ".csv")(lambda text: 'model,auc,note\nlasso,0.81,"' + text.replace('"', '""') + '"\nridge,0.79,\n')
text_carrier("csv: after a table", ".csv")(lambda text: "group,n,mean\na,40,1.5\nb,55,2.5\n\n\n" + text)
text_carrier("csv: before a table", ".csv")(lambda text: text + "\n\ngroup,n,mean\na,40,1.5\nb,55,2.5\n")
text_carrier("csv: comments", ".csv")(
    lambda text: "".join(f"# {line}\n" for line in text.splitlines()) + "group,n,mean\na,40,1.5\nb,55,2.5\n"
)
text_carrier("csv: far right", ".csv")(
    lambda text: (
        "group,n,mean"
        + "," * 40
        + "\n"
        + "".join(f"g{place},{40 + place},1.5{',' * 40}{line}\n" for place, line in enumerate(text.splitlines()))
    )
)
text_carrier("after many empty lines", ".txt")(lambda text: PROSE[0] + "\n" * 3000 + text)
text_carrier("after a form feed", ".txt")(lambda text: PROSE[0] + "\n\f\n" + text)
text_carrier("after a null", ".txt")(lambda text: f"{PROSE[0]}\n".encode() + b"\0" + text.encode())
text_carrier("after carriage returns", ".txt")(lambda text: f"{PROSE[0]}\r".encode() + text.replace("\n", "\r").encode())
text_carrier("utf-16", ".txt")(lambda text: text.encode("utf-16"))
text_carrier("utf-16 without a mark", ".txt")(lambda text: text.encode("utf-16-le"))
text_carrier("utf-32", ".txt")(lambda text: text.encode("utf-32"))
text_carrier("utf-7", ".txt")(lambda text: text.encode("utf-7"))
text_carrier("ebcdic", ".txt")(lambda text: text.encode("cp500"))
text_carrier("terminal colours", ".log")(lambda text: "\x1b[31m" + text.replace(",", "\x1b[0m,\x1b[32m") + "\x1b[0m")
text_carrier("overwritten lines", ".log")(lambda text: "".join(f"{line}\rdone{' ' * 20}\n" for line in text.splitlines()))
text_carrier("one line", ".txt")(lambda text: text.replace("\n", "; ") + "\n")
text_carrier("escaped line ends", ".txt")(lambda text: text.replace("\n", "\\n") + "\n")
text_carrier("in quotes", ".txt")(lambda text: "".join(f'"{line}"\n' for line in text.splitlines()))
text_carrier("quoted as in mail", ".txt")(lambda text: "On Monday they wrote:\n" + "".join(f"> {line}\n" for line in text.splitlines()))
text_carrier("words between values", ".txt")(lambda text: text.replace(",", " and then "))
text_carrier("one value a line", ".txt")(lambda text: text.replace(",", "\n").replace("\t", "\n"))
text_carrier("odd separators", ".txt")(lambda text: text.replace(",", " § ").replace("\t", " § "))
text_carrier("unit separators", ".txt")(lambda text: text.replace(",", "\x1f").replace("\t", "\x1f").replace("\n", "\x1e"))


# names


def _names(item: Item, chance: random.Random) -> Item:
    lines = [line for line in item.string.splitlines() if line.strip()][1:60]
    beside = tuple((f"plots/{line[:120].replace('/', '_').replace(chr(0), '')}.txt", b"ok\n") for line in lines)
    return Item(name="plots/index.txt", data=b"ok\n", made=(*item.made, "names of files"), text=True, beside=beside)


OF_TEXT["names of files"] = _names
