"""Records in the comments and keys of settings, in texts of XML and in names of code; each was released once."""

from __future__ import annotations

from html import escape

import pytest

from sdc_airlock.model.decision import Outcome


def _csv(people, between: str = ",") -> str:
    header = between.join(("pid", "age", "sex", "bmi", "dx", "admitted"))
    return "\n".join([header, *(between.join(map(str, person)) for person in people)])


def _commented(text: str, mark: str) -> str:
    return "".join(f"{mark} {line}\n" for line in text.splitlines())


CARRIED = {
    "a.yaml": lambda people: "model:\n  auc: 0.81\n" + _commented(_csv(people), "#"),
    "a.ini": lambda people: "[model]\nauc = 0.81\n" + _commented(_csv(people, "\t"), ";"),
    "a.toml": lambda people: "[model]\nauc = 0.81\n" + _commented(_csv(people), "#"),
    "keys.yaml": lambda people: "".join(f"{'_'.join(map(str, person[:5]))}: true\n" for person in people),
    "names.py": lambda people: "".join(
        "".join(
            f"p{place}_{name} = {value!r}\n" for name, value in zip(("pid", "age", "sex", "bmi", "dx", "admitted"), person, strict=True)
        )
        + "\n"
        for place, person in enumerate(people)
    ),
    "front.md": lambda people: f"---\ntitle: Notes\nabstract: |\n{_csv(people)}\n---\n\nThe notes.\n",
    "section.xml": lambda people: f"<model><auc>0.81</auc><log><![CDATA[\n{_csv(people)}\n]]></log></model>",
    "text.xml": lambda people: f"<model><auc>0.81</auc><log>\n{_csv(people)}\n</log></model>",
    "attribute.xml": lambda people: f"<model auc='0.81' log='{escape(_csv(people))}'/>",
}

DOUBTED = frozenset({"keys.yaml", "names.py"})
"""Records without names of columns: held because what they are is in doubt."""


@pytest.mark.parametrize("name", CARRIED)
def test_records_beside_settings(staged, judge, people, name: str) -> None:
    """What stands in comments, keys, names and texts is read as what it is."""
    outcome, spoke = judge(staged(CARRIED[name](people).encode(), name))
    assert outcome is not Outcome.RELEASE
    assert "individual_rows" in spoke or name in DOUBTED


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.yaml",
            "# settings of the model\n# chosen by cross-validation\n# see the paper\n# for what they mean\n# and why\n# they are so\nmodel:\n  depth: 6\n",
        ),
        ("a.toml", "".join(f'[tool.step{place}]\nname = "step{place}"\nthreshold = {place}\n\n' for place in range(6))),
        ("a.xml", "<paper><abstract>\n" + "The estimate was robust to adjustment.\n" * 8 + "</abstract></paper>"),
    ],
)
def test_settings_pass(staged, judge, name: str, text: str) -> None:
    """Comments of words, settings of steps and paragraphs are no records."""
    assert judge(staged(text.encode(), name)) == (Outcome.RELEASE, set())
