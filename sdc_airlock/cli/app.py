"""The commands and their options; what each does stands in `commands`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Optional

import typer

from sdc_airlock import __version__
from sdc_airlock.cli.exits import guarded

app = typer.Typer(
    name="sdc-airlock",
    help="Says of files that are to leave a secure data environment what each one is, and whether it may go.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
profiles = typer.Typer(help="The policy profiles.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(profiles, name="profile")

ProfileOption = Annotated[
    str, typer.Option("--profile", metavar="NAME|FILE", help="Rules to judge by: the name of a profile, or a TOML file.")
]
WorkersOption = Annotated[
    Optional[int], typer.Option("--workers", min=1, metavar="N", help="Most processes that read files at a time; default: one a core.")
]  # noqa: UP045 - typer reads it


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit status."""
    try:
        app(list(arguments), prog_name="sdc-airlock")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _do(work: Callable[[], int]) -> None:
    raise typer.Exit(guarded(work))


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer's callback
    if wanted:
        typer.echo(f"sdc-airlock {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")] = False,  # noqa: FBT002
) -> None:
    """Options that come before a command."""


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders that together make one output request.")],
    profile: ProfileOption = "default",
    json: Annotated[
        Optional[str], typer.Option("--json", metavar="FILE|-", help="Write the JSON report there; - is standard output.")
    ] = None,  # noqa: UP045
    html: Annotated[Optional[Path], typer.Option("--html", metavar="FILE", help="Write the review report there.")] = None,  # noqa: UP045
    workers: WorkersOption = None,
) -> None:
    """Say what would happen to these outputs, and how to mend them, before you submit them."""
    from sdc_airlock.cli.commands import check as work

    _do(lambda: work(paths, profile=profile, json=json, html=html, workers=workers))
