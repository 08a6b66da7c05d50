"""How well members are found by published frequencies: with linkage (msprime), and in large cohorts, against what the tool works out; and by estimates of many traits.

usage: uv run --with msprime python benchmarks/membership.py linkage|large|curve|ratio
"""

from __future__ import annotations

import argparse
import math

import numpy as np
import numpy.typing as npt

from sdc_airlock.stats.membership import STRETCH, from_frequencies, power

Numbers = npt.NDArray[np.float64]

_LENGTH = 5_000_000
_PEOPLE, _PANEL = 300, 2500
_WIDEST = 2500
_RIDGE = 0.5
_COHORTS, _VARIANTS = (30, 300, 3_000, 30_000, 500_000), (50, 1_000, 20_000, 200_000, 1_000_000)
_DRAWN, _BLOCK = 100, 5_000
# Gutenkunst et al., PLoS Genetics 2009: years a generation, sizes, growth and times of splits
_YEARS = 25


def regions(population: str, seed: int) -> tuple[Numbers, Numbers]:
    """Positions, and genotypes of members, of as many others and of a panel, shape (people, variants)."""
    import msprime

    size, growth, split = 1000, 0.004, 21_200 / _YEARS
    history = msprime.Demography()
    history.add_population(name="YRI", initial_size=12_300)
    history.add_population(name="CEU", initial_size=size / math.exp(-growth * split), growth_rate=growth)
    history.add_population(name="OOA", initial_size=2100)
    history.add_population(name="ALL", initial_size=12_300)
    history.set_symmetric_migration_rate(["YRI", "CEU"], 3e-5)
    history.add_population_split(time=split, derived=["CEU"], ancestral="OOA")
    history.add_population_split(time=140_000 / _YEARS, derived=["YRI", "OOA"], ancestral="ALL")
    trees = msprime.sim_ancestry(
        {population: 2 * _PEOPLE + _PANEL}, demography=history, sequence_length=_LENGTH, recombination_rate=1.2e-8, random_seed=seed
    )
    sites = msprime.sim_mutations(trees, rate=1.3e-8, random_seed=seed + 1, model=msprime.BinaryMutationModel())
    alleles = sites.genotype_matrix().astype(np.float64)
    return sites.tables.sites.position, (alleles[:, 0::2] + alleles[:, 1::2]).T


def worth(positions: Numbers, genotypes: Numbers, rarest: float) -> tuple[int, float, float]:
    """Stretches with a variant, and independent variants that the plain test and one that weighs linkage are worth: d^2 n."""
    known = genotypes[2 * _PEOPLE :].mean(axis=0) / 2
    kept = np.minimum(known, 1 - known) >= rarest
    known, positions = known[kept], positions[kept]
    scaled = (genotypes[:, kept] - 2 * known) / np.sqrt(2 * known * (1 - known))
    members, others, panel = scaled[:_PEOPLE], scaled[_PEOPLE : 2 * _PEOPLE], scaled[2 * _PEOPLE :]
    published = members.mean(axis=0)

    def of(weights: Numbers, chosen: npt.NDArray[np.int64]) -> float:
        away = others[:, chosen] @ weights
        return float((((members[:, chosen] @ weights).mean() - away.mean()) / away.std()) ** 2 * _PEOPLE)

    every = np.arange(len(known))
    some = np.sort(np.random.default_rng(0).choice(every, min(len(every), _WIDEST), replace=False))
    linkage = panel[:, some].T @ panel[:, some] / len(panel) + _RIDGE * np.eye(len(some))
    return len(np.unique(positions // STRETCH)), of(published, every), of(np.linalg.solve(linkage, published[some]), some)


def linkage(repeats: int) -> None:
    """One line a population and frequency."""
    for population in ("CEU", "YRI"):
        made = [regions(population, 10 + 7 * repeat) for repeat in range(repeats)]
        for rarest in (0.05, 0.01):
            stretches, plain, weighed = np.mean([worth(*one, rarest) for one in made], axis=0)
            print(
                f"{population} frequency from {rarest}: {stretches:.0f} stretches; plain test {plain:.0f}, weighing linkage {weighed:.0f}"
            )


def large() -> None:
    """Distances in large cohorts of which some members are drawn, the rest by the normal distribution of their sum."""
    rng = np.random.default_rng(3)
    for people, variants, drawn in ((5000, 20_000, 400), (50_000, 20_000, 400), (50_000, 200_000, 200), (500_000, 400_000, 200)):
        own, away = np.zeros(drawn), np.zeros(drawn)
        for _ in range(0, variants, 5000):
            known = rng.uniform(0.05, 0.5, 5000)
            members, others = (rng.binomial(2, known, (drawn, 5000)) - 2 * known for _ in range(2))
            rest = rng.normal(0, np.sqrt(2 * known * (1 - known) * (people - drawn)))
            weights = (rest + members.sum(axis=0)) / (2 * people) / (known * (1 - known))
            own, away = own + members @ weights, away + others @ weights
        distance = (own.mean() - away.mean()) / away.std()
        print(
            f"{people} people, {variants} variants: measured {distance:.2f}, worked out {from_frequencies(variants, people):.2f}",
            flush=True,
        )


def curve() -> None:
    """Share of members found at 1 % false positives, measured and worked out, over people and variants; of large cohorts some members are drawn."""
    print("| people | " + " | ".join(f"{variants:,} variants" for variants in _VARIANTS) + " |\n|---|" + "---|" * len(_VARIANTS))
    for people in _COHORTS:
        cells = []
        for variants in _VARIANTS:
            found = [_found(people, variants, np.random.default_rng([people, variants, number])) for number in range(_repeats(variants))]
            cells.append(f"{np.mean(found):.1%} / {power(from_frequencies(variants, people), 0.01):.1%}")
        print(f"| {people:,} | " + " | ".join(cells) + " |", flush=True)


def _repeats(variants: int) -> int:
    return 60 if variants <= _BLOCK else max(1, 60_000 // variants)


def _found(people: int, variants: int, rng: np.random.Generator) -> float:
    """Share of members whose score lies above that of 99 in 100 others, by the mean and the spread of the others."""
    drawn = min(people, _DRAWN)
    own, away = np.zeros(drawn), np.zeros(2 * _DRAWN)
    for start in range(0, variants, _BLOCK):
        known = rng.uniform(0.05, 0.5, min(_BLOCK, variants - start))
        members, others = (rng.binomial(2, known, (size, len(known))) - 2 * known for size in (drawn, 2 * _DRAWN))
        rest = rng.normal(0, np.sqrt(2 * known * (1 - known) * (people - drawn)))
        weights = (rest + members.sum(axis=0)) / (2 * people) / (known * (1 - known))
        own, away = own + members @ weights, away + others @ weights
    return float((own > away.mean() + 2.326 * away.std()).mean())


def ratio(repeats: int, people: int = 300, crowd: int = 1000) -> None:
    """Members told among a crowd, and genotypes recovered, from estimates of many traits that an attacker knows of everybody behind them."""
    rng = np.random.default_rng(1)
    for share in (0.05, 0.16, 0.3, 0.5, 0.85, 0.95):
        for variants in (10, 30, 100):
            told = np.mean([_told(people, round(share * people), variants, crowd, rng) for _ in range(repeats)], axis=0)
            print(
                f"{share} traits a person, {variants} variants: {told[0]:.0%} told among {crowd:,}, {told[1]:.0%} of genotypes right ({told[2]:.0%} by the commonest)"
            )


def _told(people: int, traits: int, variants: int, crowd: int, rng: np.random.Generator) -> tuple[float, float, float]:
    """Share of members whose genotypes fit better than those of all others, share of genotypes worked out, and share that is the commonest one."""
    states = rng.binomial(2, rng.uniform(0.05, 0.5, variants), (crowd, variants)).astype(np.float64)
    members = states[:people]
    middle = members.mean(axis=0)
    spread = members.std(axis=0)
    known = rng.normal(size=(people, traits))
    known = (known - known.mean(axis=0)) / known.std(axis=0)
    found = np.linalg.lstsq(known.T, known.T @ (members - middle), rcond=None)[0]
    everybody = (states - middle) / spread
    fits = (found / spread) @ everybody.T - 0.5 * min(traits / people, 1) * (everybody**2).sum(axis=1)
    right = np.clip(np.round(found * people / min(traits, people) + middle), 0, 2) == members
    commonest = max(float((members == state).mean()) for state in range(3))
    return float((fits.argmax(axis=1) == np.arange(people)).mean()), float(right.mean()), commonest


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["linkage", "large", "curve", "ratio"])
    parser.add_argument("--repeats", type=int, default=4)
    wanted = parser.parse_args()
    {"large": large, "curve": curve, "linkage": lambda: linkage(wanted.repeats), "ratio": lambda: ratio(wanted.repeats)}[wanted.what]()
