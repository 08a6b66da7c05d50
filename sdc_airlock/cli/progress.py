"""How far a batch is, on standard error, and only where that is a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sdc_airlock.reports.terminal import wants_colour

Advance = Callable[[int], None]


@contextmanager
def progress_over(paths: Iterable[str]) -> Iterator[Advance]:
    """A bar with count and time left, over all files under some paths; says nothing where nobody is watching.

    Yields:
        What to call with the number of files judged so far.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, no_color=not wants_colour(terminal=True, environment=os.environ))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("judging outputs", total=_count(paths))
        yield lambda done: bar.update(task, completed=done)


def _count(paths: Iterable[str]) -> int:
    """Files under some paths, links not followed."""
    total = 0
    for path in paths:
        if Path(path).is_dir() and not Path(path).is_symlink():
            total += sum(len(names) for _, _, names in os.walk(path))
        else:
            total += 1
    return total
