"""What reports take from the page of a check."""

from __future__ import annotations

from sdc_airlock.checks import checks
from sdc_airlock.reports.notes import note_of, notes_of

PAGE = """Flag counts below the threshold. More follows.

    ## What it flags
    Cells.

    ## Why it discloses
    A person who knows `someone` in the
    group can find them.

    A second paragraph.

    ## Sources
    - SDC Handbook, section 4.2,
      2019
    - NHS rules, 2024
    """


def test_a_page_gives_title_reason_and_sources() -> None:
    """First sentence, first paragraph of the reason, and each source on one line."""
    note = note_of(PAGE, "small_counts")
    assert note.title == "Flag counts below the threshold"
    assert note.why == "A person who knows someone in the group can find them."
    assert note.sources == ("SDC Handbook, section 4.2, 2019", "NHS rules, 2024")


def test_sources_without_a_list_are_cut_at_semicolons() -> None:
    """Sources in running text are told apart too."""
    assert note_of("A.\n\n## Sources\nOne (2020); two\n(2021).", "x").sources == ("One (2020)", "two (2021).")


def test_a_check_without_a_page_is_named_by_its_id() -> None:
    """What the page lacks is left out."""
    note = note_of("", "small_counts")
    assert (note.title, note.why, note.sources) == ("small counts", "", ())


def test_every_check_has_a_note() -> None:
    """Each check of the package can be explained in a report: what it flags, why, and from where."""
    notes = notes_of(checks().values())
    assert set(notes) == set(checks())
    assert [check_id for check_id, note in notes.items() if not (note.title and note.why and note.sources)] == []
