"""What of an output's results by variant is carried to the checks of the request, so that releases can be added up.

Counts and flags only: no estimate, frequency or name of a variant.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedCohort:
    """One table of results, or one file that says how many people stand behind others.

    Attributes:
        part_id: Address of the part.
        people, cases, controls: People behind it; None where nothing says how many.
        told: What says so, in words, "" where nothing does.
        doubtful: True where the numbers are known only up to a factor.
        describes: True for metadata without results of their own.
        about: Name of the file that metadata are about, "" where they name none.
        md5: MD5 of the bytes of the file, or what metadata give as that of the file they are about; "" where none was worked out or given.
        assembly: Genome assembly that the file, or its metadata, name; "" where they name none.
        exceeded: Assemblies on which positions of it lie beyond the ends of their chromosomes.
        from_nought: True where a position is 0; of metadata, where coordinates are said to begin at 0; None where nothing is said.
        ordered: True where variants stand in order of their places, or are said to by metadata; None where nothing is said.
        least: Smallest frequency of the rarer allele; of metadata, the limit they give; None where there is none.
        most_people: Largest number of people that a row tells; 0 where none does.
        standard: Type of file that metadata give; of results, "GWAS-SSF" where they have its mandatory columns in its order.
        variants: Different variants; independent: stretches of the genome that hold one.
        stretches: Flags of those stretches, compressed, as hexadecimal digits; "" where no positions are given.
        spectrum: Variants by frequency of the rarer allele; empty where no frequencies are given.
        frequencies: Groups of which frequencies are published; group_people: people of each, 0 where columns do not say how many.
        rounding: What the digits of frequencies add to their variance, a person.
        effects: True where estimates with a sign are published by variant; effect_rounding: what their digits add to their variance.
        associated: True where results of tests are published; unsigned: those of variants without the sign of an effect, as p-values are.
        traits: Different traits.
        plain: True for lists of variants without any number about people.
    """

    part_id: str
    people: float | None = None
    cases: float | None = None
    controls: float | None = None
    told: str = ""
    doubtful: bool = False
    describes: bool = False
    variants: int = 0
    independent: int = 0
    stretches: str = ""
    spectrum: tuple[int, ...] = ()
    frequencies: tuple[str, ...] = ()
    group_people: tuple[float, ...] = ()
    rounding: float = 0.0
    effects: bool = False
    effect_rounding: float = 0.0
    associated: bool = False
    traits: int = 1
    plain: bool = False
    unsigned: bool = False
    about: str = ""
    md5: str = ""
    assembly: str = ""
    exceeded: tuple[str, ...] = ()
    from_nought: bool | None = None
    ordered: bool | None = None
    least: float | None = None
    most_people: float = 0.0
    standard: str = ""
