"""People told of in notes, training data for language models and quotations; each was released once."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest

from sdc_airlock.model.decision import Outcome


@pytest.fixture
def notes() -> list[str]:
    """A clinical note a person, as they are typed: without an article or a verb."""
    chance = random.Random(4)
    return [
        f"{chance.randint(19, 88)} year old {chance.choice(['woman', 'man'])} with {chance.choice(['asthma', 'low mood', 'reflux', 'gout'])}. "
        f"{chance.choice(['Lives alone', 'Works nights at a bakery', 'Retired teacher'])}. BP {chance.randint(100, 170)}/{chance.randint(60, 95)}. "
        f"{chance.choice(['Started amlodipine.', 'Bloods repeated.', 'For review in six weeks.'])}"
        for _ in range(30)
    ]


def _as_paragraphs(notes: list[str]) -> str:
    return "\n\n".join(notes) + "\n"


def _as_chats(notes: list[str]) -> str:
    lines = ({"messages": [{"role": "user", "content": note}, {"role": "assistant", "content": "J45.0"}]} for note in notes)
    return "".join(json.dumps(line) + "\n" for line in lines)


def _as_vocabulary(notes: list[str]) -> str:
    return json.dumps({" ".join(note.lower().split()[:7]): place for place, note in enumerate(notes)})


def _as_quotations(notes: list[str]) -> str:
    names = ("Dora", "Hugo", "Liam", "Petra", "Omar", "Emma", "Grace", "Jack", "Lucy", "Adam")
    said = "".join(
        f"{name} ({len(note) % 40 + 30}, teacher) said that the clinic was hard to reach. "
        for name, note in zip(names, notes, strict=False)
    )
    return f"# Themes\n\n{said}\n"


@pytest.mark.parametrize(
    ("name", "write"),
    [("notes.txt", _as_paragraphs), ("train.jsonl", _as_chats), ("vocab.json", _as_vocabulary), ("themes.md", _as_quotations)],
    ids=["paragraphs", "chats", "vocabulary", "quotations"],
)
def test_notes_are_stories_of_people(staged, judge, notes: list[str], name: str, write: Callable[[list[str]], str]) -> None:
    """Many short notes on people are stories of people, whatever holds them, and lines that begin alike are no columns."""
    outcome, spoke = judge(staged(write(notes).encode(), name))
    assert outcome is not Outcome.RELEASE
    assert "direct_identifiers" in spoke


def test_examples_of_a_protocol_are_no_stories(staged, judge) -> None:
    """One or two people made up to explain a rule are told of in protocols and abstracts."""
    text = "# Eligibility\n\nA 45-year-old woman with a BMI of 31 would be eligible; a 17 year old would not. Figure (2, left) shows the age limits.\n"
    outcome, spoke = judge(staged(text.encode(), "protocol.md"))
    assert (outcome, spoke) == (Outcome.RELEASE, set())
