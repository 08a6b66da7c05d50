"""Records scattered among other things: between notes in a column, in one line far down a text; each was released once."""

from __future__ import annotations

import json
import random

from sdc_airlock.model.decision import Outcome

NOTES = (
    "The call was put through to the nurse.",
    "No answer, letter sent, will try again",
    "Form returned; nothing to add; closed",
    "Asked for a later date, agreed",
)


def _record(chance: random.Random, mark: str) -> str:
    fields = (
        chance.randint(20, 90),
        chance.choice("FM"),
        round(chance.gauss(27, 4), 1),
        chance.randint(95, 180),
        chance.choice(("I10", "E11", "J45")),
    )
    return mark.join(map(str, fields))


def test_records_among_notes_of_a_column_are_found(staged, judge) -> None:
    """A quarter of the messages of a log are a person each."""
    chance = random.Random(5)
    messages = [{"msg": _record(chance, ";") if place % 4 == 0 else chance.choice(NOTES)[: chance.randint(15, 40)]} for place in range(200)]
    outcome, spoke = judge(staged(json.dumps(messages).encode(), "log.json"))
    assert outcome is not Outcome.RELEASE
    assert "individual_rows" in spoke
    plain = json.dumps([{"msg": chance.choice(NOTES)[: chance.randint(15, 40)]} for _ in range(200)])
    assert judge(staged(plain.encode(), "log.json"))[0] is Outcome.RELEASE


def test_one_line_of_many_people_is_found_behind_lines_of_its_look(staged, judge) -> None:
    """Ten lines of the same words and signs in another order stand before a line of people, in a text of many lines."""
    chance = random.Random(6)
    people = "; ".join(_record(chance, " ") for _ in range(14))
    decoy = []
    for _ in range(10):  # the same words and signs in another order
        words, signs = people.replace(";", "").split(), ["; "] * 13 + [" "] * 56
        chance.shuffle(words)
        chance.shuffle(signs)
        decoy.append("".join(word + sign for word, sign in zip(words, [*signs, ""], strict=True)))
    lines = [f"Draft {chance.randint(1, 9)} of the appendix was read and agreed." for _ in range(450)]
    lines[20:30] = decoy
    lines[440] = people
    outcome, spoke = judge(staged(("\n".join(lines) + "\n").encode(), "notes.txt"))
    assert outcome is not Outcome.RELEASE
    assert "individual_rows" in spoke


def test_millions_are_no_records(staged, judge) -> None:
    """Numbers with commas between their thousands are one number each."""
    chance = random.Random(7)
    rows = "".join(
        f'Region {place},"{chance.randint(100_000, 9_000_000):,}","{chance.randint(20_000, 90_000):,}"\n' for place in range(1, 41)
    )
    assert judge(staged(("region,population,admissions\n" + rows).encode(), "areas.csv"))[0] is Outcome.RELEASE
