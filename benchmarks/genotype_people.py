"""People for the genotype benchmark: coalescent simulations (msprime), and samples of them under six conditions."""

from __future__ import annotations

from dataclasses import dataclass

import msprime
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
POOL = 1200
CHROMOSOMES = 12
LENGTH = 1_000_000
COMMON = 0.05
CONDITIONS = ("unrelated", "structured", "inbred", "rare", "linked", "missing")


@dataclass(frozen=True)
class Sample:
    """Some people: two haplotypes each of shape (people, markers), and what is known of each genotype."""

    first: Ints
    second: Ints
    known: npt.NDArray[np.bool_]

    @property
    def states(self) -> Ints:
        """Copies of the other allele, -1 where missing; shape (people, markers)."""
        return np.where(self.known, self.first + self.second, -1)


class People:
    """A pool of simulated people, drawn from again and again."""

    def __init__(self, seed: int = 1) -> None:
        """Simulate one population, and three that exchange few migrants (Fst about 0.1)."""
        island = msprime.Demography.island_model([10_000] * 3, migration_rate=1e-4)
        self._one = _haplotypes(seed, samples=POOL, population_size=10_000)
        self._three = _haplotypes(seed + 1, samples=dict.fromkeys(range(3), POOL // 3), demography=island)

    def sample(self, condition: str, people: int, markers: int, random: np.random.Generator) -> Sample:
        """People under one of the conditions; markers in their order along the chromosomes."""
        pool = self._three if condition == "structured" else self._one
        rows = random.choice(POOL, people, replace=False)
        frequency = pool.mean(axis=0)
        common = np.flatnonzero((frequency >= COMMON) & (frequency <= 1 - COMMON))
        usable = np.arange(pool.shape[1]) if condition == "rare" else common
        if condition == "linked":
            start = int(random.integers(0, len(usable) - markers))
            places = usable[start : start + markers]
        else:
            places = np.sort(random.choice(usable, markers, replace=False))
        first, second = (pool[2 * rows + side][:, places].astype(np.int64) for side in (0, 1))
        if condition == "inbred":
            second = np.where(random.random(first.shape) < 0.1, first, second)  # F of 0.1
        lost = {"missing": 0.1}.get(condition, 0.0)
        return Sample(first, second, random.random(first.shape) >= lost)


def _haplotypes(seed: int, **model: object) -> npt.NDArray[np.int8]:
    """Haplotypes of a pool, shape (2 * people, sites), over some chromosomes."""
    parts = []
    for number in range(CHROMOSOMES):
        trees = msprime.sim_ancestry(
            sequence_length=LENGTH, recombination_rate=1e-8, random_seed=100 * seed + number + 1, ploidy=2, **model
        )
        sites = msprime.sim_mutations(trees, rate=1.3e-8, random_seed=100 * seed + number + 1, model=msprime.BinaryMutationModel())
        parts.append(sites.genotype_matrix().T.astype(np.int8))
    return np.concatenate(parts, axis=1)
