"""One row an observation where nothing is called one."""

from __future__ import annotations

import numpy as np
import pytest

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.recognised import Kind
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source


def likely(text: str) -> float:
    """How likely the one table of a file is one row a person."""
    source = Source.of_bytes(text.encode(), part_id="a.csv", name="a.csv")
    (part,) = recognise(read(source, identify(source), file_id="", limits=Limits()), Limits())
    return 1.0 if part.kind is Kind.INDIVIDUAL_ROWS else part.individual


def fits(rng: np.random.Generator, rows: int) -> str:
    """What `predict(model, se.fit = TRUE)` of R gives for each observation."""
    body = "".join(f'"{row}",{rng.normal(20, 5):.12f},{rng.gamma(5, 0.1):.12f}\n' for row in range(1, rows + 1))
    return f'"","fit","se.fit"\n{body}'


def residuals(rng: np.random.Generator, rows: int) -> str:
    """Fitted values and residuals of several kinds."""
    body = "".join(f"{rng.choice([0.81, 0.82])},{rng.normal():.9f},{rng.normal():.9f}\n" for _ in range(rows))
    return f"fittedvalues,pearson,deviance_resid\n{body}"


def methylation(rng: np.random.Generator, rows: int) -> str:
    """Levels at three sites of people with sex and age."""
    people = [(f"id_{number}", rng.choice(["F", "M"]), round(rng.normal(60, 5), 3)) for number in range(rows // 3)]
    body = "".join(f"{sex},{age},{id_},CpG_{site},{rng.beta(80, 20):.3f}\n" for site in range(3) for id_, sex, age in people)
    return f"gender,age,id,CpG,methylation\n{body}"


def groups(rng: np.random.Generator, rows: int) -> str:
    """Samples with the group they belong to."""
    body = "".join(f"zr{number}_R1\t{rng.choice(['tumour', 'normal'])}\n" for number in range(rows))
    return f"sample_name\ttissue\n{body}"


@pytest.mark.parametrize("made", [fits, residuals, methylation, groups])
@pytest.mark.parametrize("rows", [36, 150])
def test_observations(made, rows: int) -> None:
    """Fits, residuals, levels at sites and groups of single samples are told to be of single people."""
    assert likely(made(np.random.default_rng(rows), rows)) > 0.9


def test_predictions_along_a_grid_are_none() -> None:
    """Predictions at steps of age, or in order by themselves, and effects at sites by sex are of nobody."""
    grid = "age,fit,lwr,upr\n" + "".join(f"{age},{age / 9:.3f},{age / 9 - 0.2:.3f},{age / 9 + 0.2:.3f}\n" for age in range(20, 80))
    bare = "fit,se.fit\n" + "".join(f"{0.1 + place / 50:.4f},{0.02 + abs(place - 20) / 900:.4f}\n" for place in range(40))
    rng = np.random.default_rng(4)
    sites = "sex,CpG,estimate,std_error,p_value\n" + "".join(
        f"{sex},cg{rng.integers(10**7, 10**8)},{rng.normal(0, 0.02):.4f},{rng.gamma(9, 0.001):.4f},{rng.random():.4g}\n"
        for sex in ("F", "M")
        for _ in range(40)
    )
    assert max(map(likely, (grid, bare, sites))) < 0.3
