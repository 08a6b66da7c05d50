"""Every cap on reading, in one frozen object. Each is named in the message when it is reached."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Caps on what reading one output may cost. They protect the tool; thresholds of disclosure stand in profiles.

    Attributes:
        file_seconds: Seconds of wall time for one output, reading and checks together.
        expanded_bytes: Bytes written out of containers and compressed streams, for one output in all.
        member_bytes: Bytes of one member that must be held in memory whole.
        ratio: Expanded bytes per stored byte of one container (checked past `ratio_floor_bytes`).
        ratio_floor_bytes: Expanded bytes of one container from which on its ratio counts.
        members: Members of all containers of one output.
        depth: Containers inside containers.
        cells: Cells of one grid held in memory.
        text_bytes: Bytes of one text held in memory.
        held_bytes: Bytes of the rows of one long table held in memory; one of more is read again by each check that needs all of its rows.
        pages, pixels, sheets: Of one document, figure, workbook.
        table_bytes: A delimited file up to this size is read as a grid, so that several tables, notes and
            ragged rows can be told apart; a larger one is streamed.
        sample_rows: Rows of a streamed table that recognition looks at.
        places: Places listed for one finding.
        carried_cells: Cells of the tables of one output that are compared with other outputs and earlier releases.
        carried_request_cells: The same, for all outputs of a request; and for all files of earlier releases.
    """

    file_seconds: float = 120.0
    expanded_bytes: int = 8 << 30
    member_bytes: int = 256 << 20
    ratio: float = 2000.0
    ratio_floor_bytes: int = 16 << 20
    members: int = 10_000
    depth: int = 5
    cells: int = 5_000_000
    text_bytes: int = 64 << 20
    held_bytes: int = 512 << 20
    pages: int = 2_000
    pixels: int = 100_000_000
    sheets: int = 500
    table_bytes: int = 2 << 20
    sample_rows: int = 20_000
    places: int = 50
    carried_cells: int = 100_000
    carried_request_cells: int = 500_000
