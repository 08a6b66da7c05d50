"""The commands and their options; what each does stands in `commands`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Optional

import typer

from sdc_airlock import __version__

app = typer.Typer(
    name="sdc-airlock",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
UNDECIDED = 70

profiles = typer.Typer(help="The policy profiles.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(profiles, name="profile")

PathsArgument = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders that together make one output request.")]
FoldersArgument = Annotated[
    list[Path],
    typer.Argument(metavar="FOLDER...", help="Each sub-folder is one output request; so is a manifest, if a JSON file is named."),
]
ProfileOption = Annotated[
    str, typer.Option("--profile", metavar="NAME|FILE", help="Rules to judge by: the name of a profile, or a TOML file.")
]
WorkersOption = Annotated[
    Optional[int],  # noqa: UP045 - typer reads it
    typer.Option("--workers", min=1, metavar="N", help="Most processes that read files at a time; default: one a core."),
]
JsonOption = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--json", metavar="FILE|-", help="Write the JSON report there; - is standard output."),
]
HtmlOption = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--html", metavar="FILE", help="Write the review report there."),
]
OutOption = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="FOLDER", help="Write a report for each request there, and an index of them all."),
]
WithdrawnOption = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--withdrawn", metavar="FILE", help="Ids of withdrawn participants, one a line, or a database of SQLite; none of them may occur."
    ),
]
EarlierOption = Annotated[
    Optional[list[Path]],  # noqa: UP045
    typer.Option("--earlier", metavar="FOLDER", help="Earlier releases of the project, to be compared with; give it once for each."),
]
AcroOption = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--acro", metavar="FOLDER", help="Write there, with copies of the outputs, a session that SACRO-Viewer opens; new or empty."
    ),
]
WithdrawnKeyOption = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--withdrawn-key", metavar="FILE", help="The key, where the list holds keyed digests instead of ids."),
]


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit status."""
    try:
        app(list(arguments), prog_name="sdc-airlock")
    except SystemExit as end:
        # typer ends with 1 where it was broken off, and 1 is no status of ours
        return end.code if isinstance(end.code, int) and end.code != 1 else UNDECIDED
    return 0


def _do(work: Callable[[], int]) -> None:
    from sdc_airlock.cli.exits import guarded

    raise typer.Exit(guarded(work))


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer's callback
    if wanted:
        typer.echo(f"sdc-airlock {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")] = False,  # noqa: FBT002
) -> None:
    """Say of files that are to leave a secure data environment what each one is, and whether it may go.

    Exit status: 0 everything may be released, 10 something needs review, 20 something is rejected,
    2 the command line or the profile is wrong, 70 could not decide. Everything but 0 means: hold.
    """


@app.command()
def check(  # noqa: PLR0917 - typer hands options over by name
    paths: PathsArgument,
    profile: ProfileOption = "default",
    json: JsonOption = None,
    html: HtmlOption = None,
    workers: WorkersOption = None,
    withdrawn: WithdrawnOption = None,
    withdrawn_key: WithdrawnKeyOption = None,
    earlier: EarlierOption = None,
    acro: AcroOption = None,
) -> None:
    """Say what would happen to these outputs, and how to mend them, before you submit them."""

    def work() -> int:
        from sdc_airlock.cli import commands

        listed = commands.withdrawn_list(withdrawn, withdrawn_key)
        return commands.check(
            paths, profile=profile, json=json, html=html, workers=workers, withdrawn=listed, earlier=earlier or (), acro=acro
        )

    _do(work)


@app.command()
def scan(  # noqa: PLR0917 - typer hands options over by name
    folders: FoldersArgument,
    out: OutOption = None,
    profile: ProfileOption = "default",
    json: JsonOption = None,
    workers: WorkersOption = None,
    withdrawn: WithdrawnOption = None,
    withdrawn_key: WithdrawnKeyOption = None,
    earlier: EarlierOption = None,
    acro: AcroOption = None,
) -> None:
    """Judge a batch of output requests and write a report for each, and an index."""

    def work() -> int:
        from sdc_airlock.cli import commands

        listed = commands.withdrawn_list(withdrawn, withdrawn_key)
        return commands.scan(
            folders, profile=profile, json=json, out=out, workers=workers, withdrawn=listed, earlier=earlier or (), acro=acro
        )

    _do(work)


@app.command()
def protect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table: delimited text or an Excel workbook (xlsx).")],
    out: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads it
        typer.Option("--out", metavar="FILE", help="Where the copy goes; default: beside the original. Nothing may be there."),
    ] = None,
    profile: ProfileOption = "default",
    method: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--method", metavar="suppress|round|merge", help="Default: what the profile prescribes."),
    ] = None,
    loss: Annotated[
        str, typer.Option("--loss", metavar="cells|totals", help="Keep small: how many cells are hidden, or what they add up to.")
    ] = "cells",
    json: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--json", metavar="FILE|-", help="Write what was done there as JSON; - is standard output."),
    ] = None,
) -> None:
    """Write a safe copy of a table, proven by judging it; exit status 10, and no copy, where that cannot be done."""

    def work() -> int:
        from sdc_airlock.cli import mending

        return mending.protect(file, profile=profile, out=out, method=method, loss=loss, json=json)

    _do(work)


@app.command()
def hook(workers: WorkersOption = None) -> None:
    """Judge one request that is described as JSON on standard input; answer in JSON on standard output."""

    def work() -> int:
        from sdc_airlock.cli import commands

        return commands.hook(workers=workers)

    _do(work)


@app.command()
def explain(check: Annotated[str, typer.Argument(metavar="CHECK", help="Id of a check, as reports name it.")]) -> None:
    """Print what a check flags, why, with examples, blind spots and sources."""

    def work() -> int:
        from sdc_airlock.cli import pages

        return pages.explain(check)

    _do(work)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the report."""

    def work() -> int:
        from sdc_airlock.cli import pages

        return pages.schema()

    _do(work)


@profiles.command("list")
def list_profiles() -> None:
    """List the profiles that come with the package."""

    def work() -> int:
        from sdc_airlock.cli import pages

        return pages.list_profiles()

    _do(work)


@profiles.command("show")
def show_profile(name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a profile, or a TOML file.")]) -> None:
    """Show what holds under a profile, and where each value comes from."""

    def work() -> int:
        from sdc_airlock.cli import pages

        return pages.show_profile(name)

    _do(work)


@profiles.command("validate")
def validate_profile(path: Annotated[Path, typer.Argument(metavar="FILE", help="A TOML file.")]) -> None:
    """Say whether a profile of your own can be used; exit status 2 where it cannot."""

    def work() -> int:
        from sdc_airlock.cli import pages

        return pages.validate_profile(path)

    _do(work)
