"""What gets out as things stand, and why; this list must only get shorter. A channel that is mended has to leave it."""

from __future__ import annotations

KNOWN: dict[str, str] = {
    # records that are told, not tabulated
    "rows:id columns": "one person a column, ids as header",
    "rows:citations": "records between semicolons in one sentence",
    "rows:icalendar": "blocks of a calendar",
    "genotypes:one line": "digits without any end of row",
    "genotypes:sentences": "genotypes of one person a sentence",
    "names of functions": "records in the names of functions",
    "records in a progress bar": "one state of a progress bar a person",
    "records as versions": "one dependency a person",
    "vector print of r": "vectors side by side, never a table",
    "ranks and order": "vectors of ids",
    "html classes": "records in names of classes",
    "widths of divisions": "records as sizes of elements",
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
    "spss:note": "notes of the file",
    "xlsx: validation lists": "lists that cells may take values from",
    "xlsx: one cell": "a table in one cell",
    "csv: a cell": "a table in one cell",
    "csv: far right": "lines in a far column",
    "json: a key": "a table as a key",
    "page: style": "comments of a style sheet",
    "svg: style": "comments of a style sheet",
    "svg: description": "descriptions",
    "svg: white text": "one text a line",
    "makefile": "lines of commands",
    "base64 reversed": "an encoding written backwards",
    "one line": "rows parted by semicolons in one line",
    # combinations
    "rows:json records > binary digits > notebook: latex > page: json script": "binary digits in a string of a string of a script",
    # several files
    "one file a person": "files of a request are not read together",
}
