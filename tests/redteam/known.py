"""What gets out as things stand, and why; this list must only get shorter. A channel that is mended has to leave it."""

from __future__ import annotations

KNOWN: dict[str, str] = {
    # records that pass for sums
    "ids in decimals": "ids as decimals of estimates: no different from a regression with many terms",
    "people as terms of a regression": "one estimate a person: no different from a regression with a factor of that many levels",
    "values under other names": "ids as names of genes",
    # genotypes under other signs
    "genotypes in punctuation": "three marks as alphabet",
    "genotypes as emoji": "three symbols as alphabet",
    "genotypes as blocks": "three shades as alphabet",
    "genotypes as intervals": "lengths of intervals",
    "genotypes as a wiggle": "a track of one step a person",
    "xlsx: genotypes as colours": "fills of cells",
    "page: coloured cells": "colours of cells of a page",
    "svg: one tile a genotype": "fills of tiles",
    # figures that hold points
    "svg: marks of one path": "marks drawn as one path",
    "svg: data attributes": "attributes of marks",
    "eps: one mark a person": "marks of a PostScript figure",
    "bars of one person": "bars without numbers of people",
    "line through people": "a line that jumps from person to person",
    # text in places
    "svg: white text": "one text a line",
}
