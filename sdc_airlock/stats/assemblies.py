"""Human genome assemblies: how they are called, and where their chromosomes end.

Lengths are those of the Genome Reference Consortium (GRCh37, GRCh38) and of NCBI36, as the UCSC genome browser lists them for hg19, hg38 and hg18.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

# bases of chromosomes 1 to 22, X (23) and Y (24)
_ENDS: dict[str, tuple[int, ...]] = {
    "NCBI36": (247249719, 242951149, 199501827, 191273063, 180857866, 170899992, 158821424, 146274826, 140273252, 135374737, 134452384, 132349534, 114142980, 106368585, 100338915, 88827254, 78774742, 76117153, 63811651, 62435964, 46944323, 49691432, 154913754, 57772954),
    "GRCh37": (249250621, 243199373, 198022430, 191154276, 180915260, 171115067, 159138663, 146364022, 141213431, 135534747, 135006516, 133851895, 115169878, 107349540, 102531392, 90354753, 81195210, 78077248, 59128983, 63025520, 48129895, 51304566, 155270560, 59373566),
    "GRCh38": (248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973, 145138636, 138394717, 133797422, 135086622, 133275309, 114364328, 107043718, 101991189, 90338345, 83257441, 80373285, 58617616, 64444167, 46709983, 50818468, 156040895, 57227415),
}  # fmt: skip
_NAMED = re.compile(r"(?:grch|ncbi(?:build)?|build|hg|b)[ _.-]?(?:grch|hg)?(36|37|38|18|19)(?:\.p?\d{1,2})?(?!\d)", re.IGNORECASE)
_ALIASES = {"18": "NCBI36", "36": "NCBI36", "19": "GRCh37", "37": "GRCh37", "38": "GRCh38"}
CHROMOSOMES = 24


def assembly_named(text: str) -> str:
    """The assembly that a text names (`GRCh38`, `hg19`, `build37`), "" where it names none or several."""
    found = {_ALIASES[match] for match in _NAMED.findall(text)}
    return found.pop() if len(found) == 1 else ""


def assemblies_exceeded(last: Numbers) -> tuple[str, ...]:
    """Assemblies on which some of these positions lie beyond the end of their chromosome.

    Args:
        last: The largest position on each chromosome, (`CHROMOSOMES`,), 0 where there is none.
    """
    return tuple(name for name, ends in _ENDS.items() if bool(np.any(last > np.array(ends, np.float64))))


__all__ = ["CHROMOSOMES", "assemblies_exceeded", "assembly_named"]
