"""Markdown and LaTeX as papers and reports have them."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Grid, TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source


def read(data: bytes | str, label: str) -> list[Item]:
    """All items of some bytes of a known type."""
    raw = data.encode() if isinstance(data, str) else data
    return list(
        Reading(limits=Limits()).open(Source.of_bytes(raw, part_id="f", name="f"), FileType(label=label, family=TYPES[label].family))
    )


def grids(text: str, label: str) -> list[Grid]:
    """The grids of some text."""
    return [item for item in read(text, label) if isinstance(item, Grid)]


MARKDOWN = r"""---
title: x
---
# Results

Table 1: counts

| Sex   |  **n** | %   |
|:------|-------:|:---:|
| Male  |     12 | 3.4 |
| a\|b  |      3 | 1   |

```r
x <- data.frame(id = c(1, 2, 3), age = c(34, 61, 7))
##   id age
## 1  1  34
## 2  2  61
## 3  3   7
```

<table><tr><th>area</th><th>n</th></tr><tr><td>West</td><td>5</td></tr></table>

Some prose about *nine* people.
"""


def test_markdown_tables() -> None:
    """Pipe tables, HTML tables, data in code and its printed output; prose without them."""
    items = read(MARKDOWN, "markdown")
    found = [item for item in items if isinstance(item, Grid)]
    pipe = next(grid for grid in found if grid.part_id == "f!table1")
    assert pipe.rows == (("Sex", "n", "%"), ("Male", "12", "3.4"), ("a|b", "3", "1"))
    assert (pipe.header_rows, pipe.before) == (1, "Table 1: counts")
    assert any(("West", "5") in grid.rows for grid in found)
    assert any(("2", "61") in grid.rows for grid in found)
    assert any(("2", "2", "61") in grid.rows for grid in found)
    prose = next(item for item in items if isinstance(item, TextPart) and item.role is TextRole.PROSE)
    assert "nine" in prose.text
    assert "Male" not in prose.text


LATEX = r"""
\documentclass{article}
\begin{document}
\begin{table}[!htbp] \centering
  \caption{Results of the \textbf{model}}
\begin{tabular}{@{\extracolsep{5pt}}lcc}
\\[-1.8ex]\hline
 & \multicolumn{2}{c}{\textit{Dependent variable:}} \\
\cline{2-3}
 & y & z \\
\hline \\[-1.8ex]
 age & 0.5$^{***}$ & 1{,}234 \\
  & (0.1) & 12 (3.4\%) \\
 \multirow{2}{*}{Sex \& age} & $<$5 & \begin{tabular}{l}a\\b\end{tabular} \\ % comment 12
\hline
\end{tabular}
\end{table}
In \emph{total} 3 people\footnote{one of them twice}.
\begin{verbatim}
   id  age
1   1   34
2   2   35
3   3   36
\end{verbatim}
\end{document}
"""


def test_latex_tables() -> None:
    """Cells without commands, spans written out, nested tables as words, the caption, listings and comments."""
    items = read(LATEX, "latex")
    found = {item.part_id: item for item in items if isinstance(item, Grid)}
    table = found["f!table1"]
    assert table.before == "Results of the model"
    assert table.header_rows == 2
    assert table.rows == (
        ("", "Dependent variable:", ""),
        ("", "y", "z"),
        ("age", "0.5***", "1,234"),
        ("", "(0.1)", "12 (3.4%)"),
        ("Sex & age", "<5", "a b"),
    ) or table.rows[2:] == (("age", "0.5***", "1,234"), ("", "(0.1)", "12 (3.4%)"), ("Sex & age", "<5", "a b"))
    assert ("2", "2", "35") in found["f!listing1!table1"].rows
    texts = {item.role: item.text for item in items if isinstance(item, TextPart) and item.part_id in ("f", "f!comments")}
    assert "comment 12" in texts[TextRole.COMMENT]
    assert "total 3 people" in texts[TextRole.PROSE]
    assert "one of them twice" in texts[TextRole.PROSE]


def test_a_table_in_latex_comments_is_read() -> None:
    """Commenting a table out does not hide it."""
    text = (
        "\n".join("% " + line for line in (r"\begin{tabular}{lr}", r"Male & 12 \\", r"Female & 3 \\", r"\end{tabular}"))
        + "\n\\section{x}\n"
    )
    assert any(("Female", "3") in grid.rows for grid in grids(text, "latex"))


@pytest.mark.parametrize("environment", ["tabular*}{5cm", "tabularx}{5cm", "longtable", "array"])
def test_latex_environments(environment: str) -> None:
    """The usual environments are tables."""
    name = environment.partition("}")[0]
    (grid,) = grids(rf"\begin{{{environment}}}{{lr}} a & b \\ \midrule Male & 3 \\ \end{{{name}}}", "latex")
    assert grid.rows == (("a", "b"), ("Male", "3"))


@given(st.text(st.sampled_from("ab1 |-\n`~<>\\{}&%$[]*#:"), max_size=300), st.sampled_from(["markdown", "latex"]))
def test_any_markup_is_read(text: str, label: str) -> None:
    """Broken markup gives parts all the same."""
    assert read(text, label)


HOSTILE = {
    "open tables": b"\\begin{tabular}" * 20_000,
    "nested": b"\\begin{tabular}a&b\\\\" * 10_000 + b"\\end{tabular}" * 10_000,
    "braces": b"\\multicolumn{3}{" * 20_000,
    "fences": b"~~~~\n```\n" * 10_000,
    "rules": b"a|b\n-|-\n" * 20_000,
    "rule row": b"|" + b" -" * 50_000,
    "tags": b"<table " * 20_000,
    "blank lines": b"\n" * 100_000,
    "random": os.urandom(100_000),
}


@pytest.mark.no_cover
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("label", ["markdown", "latex"])
def test_hostile_markup_is_read_to_its_end(data: bytes, label: str) -> None:
    """What drives careless parsers round in circles is read to its end (the run as a whole has a limit of time)."""
    assert read(data, label)
