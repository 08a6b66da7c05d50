"""What programs write beside results: lists of files with digests, locks of packages, ticks of an axis, rates with their counts, rows under names of groups."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable

import pytest

from sdc_airlock.model.recognised import Recognised, Role

Read = Callable[[str], tuple[Recognised, ...]]
FILES = [f"analysis/{what}_{who}.csv" for what in ("table1", "cox", "logit", "flow") for who in ("main", "male", "female", "imputed")]


def digest(word: str, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, word.encode()).hexdigest()


@pytest.mark.parametrize("mark", ["  ", " *"], ids=["text", "binary"])
def test_digests_of_files_are_no_people(recognised: Read, mark: str) -> None:
    """What sha256sum and md5sum print is a list of files."""
    found = recognised("".join(f"{digest(name)}{mark}{name}\n" for name in FILES))
    assert max(each.individual for each in found) < 0.35


def test_digests_of_people_are_people(recognised: Read) -> None:
    """Pseudonyms that are digests stay what they are, beside an attribute and beside files that are named by ids."""
    chance = random.Random(2)
    for beside in (lambda number: f"{chance.randint(30, 90)},{chance.choice('FM')}", lambda number: f"scans/P{100200 + 7 * number}.nii"):
        rows = "".join(f"{digest(str(number))},{beside(number)}\n" for number in range(40))
        head = "hash,age,sex\n" if rows.count(",") > 40 else "hash,file\n"
        assert max(each.individual for each in recognised(head + rows)) >= 0.5


def test_packages_with_digests_are_no_people(recognised: Read) -> None:
    """A lock of packages lists names, versions and digests."""
    names = ("dplyr", "ggplot2", "survival", "data.table", "broom")
    rows = "".join(f"{name},1.{place}.0,Repository,CRAN,{digest(name, 'md5')}\n" for place, name in enumerate(names))
    assert max(each.individual for each in recognised("Package,Version,Source,Repository,Hash\n" + rows)) < 0.35


def test_rates_beside_their_counts_are_groups(recognised: Read) -> None:
    """A column that is one count divided by another makes rows groups."""
    chance = random.Random(3)
    rows = ""
    for month in range(1, 13):
        for region in ("East", "London"):
            part = 5 * chance.randint(20, 900)
            rows += f"bp,2023-{month:02d}-01,2023-{month:02d}-28,{part / 5000:.3f},{part},5000,{region}\n"
    (found,) = recognised("measure,interval_start,interval_end,ratio,numerator,denominator,practice_region\n" + rows)
    assert found.individual < 0.35


def test_means_under_names_of_groups_are_no_record(recognised: Read) -> None:
    """One row of means under the names of regions, as R prints tapply(), is no person."""
    (found,) = recognised("    East    North    South     West \n123.7196 124.1159 123.8950 123.8899 \n")
    assert found.individual < 0.35


def test_codes_printed_with_decimals_are_no_counts(recognised: Read) -> None:
    """SPSS and PSPP print values without labels as 1.00 and 2.00 in a column without a name."""
    (found,) = recognised(",,Frequency,Percent\nValid,1.00,394,49.3%\n,2.00,406,50.7%\nTotal,,800,100.0%\n")
    assert found.columns[1].role is not Role.COUNT
    assert found.columns[2].role is Role.COUNT


def test_sizes_of_a_page_are_no_people(recognised: Read) -> None:
    """Widgets of R say how wide and high they are to be; a height beside a width is not that of a person."""
    sizes = '{"width":"100%","height":400,"padding":0,"fill":true}'
    found = recognised(f'{{"viewer":{sizes},"browser":{sizes}}}', "sizing.json")
    assert max(each.individual for each in found) < 0.5


def test_variables_with_their_formats_are_no_people(recognised: Read) -> None:
    """SPSS and PSPP list the variables that they read with the format of each."""
    (found,) = recognised("Variable,Format\nsex,F8.0\nsmoke,F8.0\nage,F8.0\n")
    assert found.individual < 0.35


def test_what_is_said_or_left_blank_is_no_list(recognised: Read) -> None:
    """Signs of which one reads as a missing value tell people apart, and so do blank lines between the same word."""
    chance = random.Random(4)
    genes = ("2DL1", "2DL2", "2DL3", "2DL5", "2DS1", "2DS2", "3DL1", "3DS1")
    rows = "".join(",".join([str(donor), *(chance.choice("+-") for _ in genes)]) + "\n" for donor in range(60))
    assert max(each.individual for each in recognised(f"donor,{','.join(genes)}\n{rows}")) >= 0.5
    done = "".join("done\n" + "\n" * chance.choice((0, 0, 1, 2)) for _ in range(400))
    assert max(each.individual for each in recognised(done)) >= 0.5


def test_one_record_in_every_row_is_no_list(recognised: Read) -> None:
    """The same words beside numbers that count on say nothing, unless they hold a record."""
    for words, least, most in (("Adjusted for age", 0.0, 0.35), ("P1044 61 F 27.4 E11.9", 0.35, 1.0)):
        found = recognised("i,word\n" + "".join(f"{place},{words}\n" for place in range(1, 30)))
        assert least <= max(each.individual for each in found) <= most
