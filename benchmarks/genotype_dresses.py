"""Dresses for the genotype benchmark: a sample of people as the bytes of a file, in each of the ways genotypes may be written."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
from genotype_people import Sample
from PIL import Image

Random = np.random.Generator
Dress = Callable[[Sample, Random], tuple[str, bytes]]
DRESSES: dict[str, Dress] = {}
Array = npt.NDArray[np.generic]


def dress(function: Dress) -> Dress:
    """Make a dress known by its name."""
    DRESSES[function.__name__] = function
    return function


def _table(rows: Iterable[Sequence[object]], header: Sequence[str] = (), name: str = "table.csv", mark: str = ",") -> tuple[str, bytes]:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows(rows)
    return name, out.getvalue().encode()


def wide(cells: Array, missing: str = "NA") -> tuple[str, bytes]:
    """A matrix under neutral names, with a key in front."""
    rows = [[f"k{number + 1}", *(missing if cell in (-1, "-1") else cell for cell in row)] for number, row in enumerate(cells.tolist())]
    return _table(rows, ["key", *(f"v{number + 1}" for number in range(cells.shape[1]))])


def _said(sample: Sample, words: Sequence[object]) -> Array:
    """States as words; the last word is for what is missing."""
    return np.array(words, dtype=object)[sample.states]


def _whole(sample: Sample) -> npt.NDArray[np.int64]:
    """States with the missing ones taken for 0."""
    return np.maximum(sample.states, 0)


@dress
def numbers(sample: Sample, random: Random) -> tuple[str, bytes]:
    """0, 1, 2 in columns."""
    return wide(sample.states)


@dress
def numbers_headerless(sample: Sample, random: Random) -> tuple[str, bytes]:
    """0, 1, 2 with blanks between and nothing else."""
    return _table(_whole(sample).tolist(), name="matrix.txt", mark=" ")


@dress
def symbols(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Three marks in any order."""
    return wide(_said(sample, [*random.permutation(["x", "+", "o"]), "-1"]))


@dress
def words(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Three words in any order."""
    return wide(_said(sample, [*random.permutation(["never", "often", "always"]), "-1"]))


@dress
def numbers_of_any_order(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Three numbers in any order."""
    return wide(_said(sample, [*random.permutation([7, 12, 31]), "-1"]))


@dress
def symbols_of_each_column(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Each column has an order of its own."""
    states = sample.states
    orders = np.stack([random.permutation(3) for _ in range(states.shape[1])])
    turned = np.take_along_axis(orders.T, np.maximum(states, 0), axis=0)
    return wide(np.where(states < 0, -1, turned))


@dress
def transposed(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Markers in rows."""
    return wide(sample.states.T)


@dress
def columns_shuffled(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Markers in any order, words for states."""
    return wide(_said(sample, ["low", "mid", "high", "-1"])[:, random.permutation(sample.states.shape[1])])


@dress
def letters(sample: Sample, random: Random) -> tuple[str, bytes]:
    """AA, AG, GG."""
    return wide(_said(sample, ["AA", "AG", "GG", "-1"]))


@dress
def phased(sample: Sample, random: Random) -> tuple[str, bytes]:
    """0|1 with the haplotypes apart."""
    cells = np.array([["0|0", "0|1"], ["1|0", "1|1"]], dtype=object)[sample.first, sample.second]
    return wide(np.where(sample.known, cells, ".|."))


@dress
def allele_pairs(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Two columns a marker, alleles 1 and 2."""
    pairs = np.stack([sample.first + 1, sample.second + 1], axis=2) * sample.known[:, :, None]
    return wide(pairs.reshape(len(pairs), -1))


@dress
def dosages(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Imputed dosages with noise."""
    noisy = np.clip(_whole(sample) + random.normal(0, 0.08, sample.states.shape) * (random.random(sample.states.shape) < 0.6), 0, 2)
    return wide(noisy.round(3))


@dress
def noisy_dosages(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Dosages of poor imputation."""
    return wide(np.clip(_whole(sample) + random.normal(0, 0.2, sample.states.shape), 0, 2).round(3))


@dress
def standardised(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Each column less its mean, by its standard deviation."""
    states = _whole(sample).astype(float)
    scaled = (states - states.mean(axis=0)) / np.where(states.std(axis=0) > 0, states.std(axis=0), 1)
    return wide(scaled.round(5))


@dress
def scaled_and_shifted(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Each column with a factor and an offset of its own."""
    factor, offset = random.uniform(0.5, 9, sample.states.shape[1]), random.uniform(-5, 5, sample.states.shape[1])
    return wide((_whole(sample) * factor + offset).round(4))


def _probabilities(sample: Sample, random: Random) -> npt.NDArray[np.float64]:
    alpha = np.where(np.arange(3) == _whole(sample)[:, :, None], 30.0, 0.6)
    drawn = random.gamma(alpha)
    return drawn / drawn.sum(axis=2, keepdims=True)


@dress
def probabilities(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Three columns a marker that sum to one."""
    return wide(_probabilities(sample, random).round(3).reshape(len(sample.states), -1))


@dress
def probabilities_apart(sample: Sample, random: Random) -> tuple[str, bytes]:
    """The same, first all first ones, then all second ones, then all third ones."""
    return wide(_probabilities(sample, random).round(3).transpose(0, 2, 1).reshape(len(sample.states), -1))


@dress
def likelihoods(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Phred-scaled likelihoods in one cell, as PL of a VCF."""
    scaled = np.minimum(-10 * np.log10(_probabilities(sample, random) + 1e-9), 255).round().astype(int)
    scaled -= scaled.min(axis=2, keepdims=True)
    return wide(np.array([[",".join(map(str, cell)) for cell in row] for row in scaled.tolist()], dtype=object))


@dress
def log_likelihoods(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Three columns of log10 likelihoods a marker."""
    return wide(np.log10(_probabilities(sample, random) + 1e-5).round(2).reshape(len(sample.states), -1))


@dress
def one_hot(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Three columns of 0 and 1 a marker."""
    return wide((np.arange(3) == _whole(sample)[:, :, None]).astype(int).reshape(len(sample.states), -1))


@dress
def one_hot_of_two(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Two columns a marker: one copy, two copies."""
    return wide((np.arange(1, 3) == _whole(sample)[:, :, None]).astype(int).reshape(len(sample.states), -1))


@dress
def carrier_flags(sample: Sample, random: Random) -> tuple[str, bytes]:
    """1 for who carries the other allele."""
    return wide((_whole(sample) > 0).astype(int))


@dress
def haplotype_rows(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Two rows of 0 and 1 a person."""
    return wide(np.stack([sample.first, sample.second], axis=1).reshape(-1, sample.states.shape[1]))


@dress
def strings(sample: Sample, random: Random) -> tuple[str, bytes]:
    """One string of digits a person."""
    return _table([[f"k{number}", "".join(map(str, row))] for number, row in enumerate(_whole(sample).tolist())], ["key", "code"])


@dress
def haplotype_strings(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Two strings of letters a person."""
    pairs = np.stack([sample.first, sample.second], axis=1).reshape(-1, sample.states.shape[1])
    return _table([[f"k{number}", "".join("AG"[cell] for cell in row)] for number, row in enumerate(pairs.tolist())], ["key", "code"])


def _runs(row: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for value in row:
        runs = [*runs[:-1], (value, runs[-1][1] + 1)] if runs and runs[-1][0] == value else [*runs, (value, 1)]
    return runs


@dress
def run_lengths(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Runs of alike states: 3x0 1x2 ..."""
    rows = [
        [f"k{number}", " ".join(f"{times}x{value}" for value, times in _runs(row))] for number, row in enumerate(_whole(sample).tolist())
    ]
    return _table(rows, ["key", "code"])


@dress
def run_length_letters(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Runs of alike states without blanks: A3C1B2 ..."""
    rows = [
        [f"k{number}", "".join(f"{'ABC'[value]}{times}" for value, times in _runs(row))]
        for number, row in enumerate(_whole(sample).tolist())
    ]
    return _table(rows, ["key", "code"])


@dress
def steps_along_rows(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Differences between neighbouring markers."""
    return wide(np.diff(_whole(sample), axis=1, prepend=0) + 5)


@dress
def steps_down_columns(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Differences between neighbouring people."""
    return wide(np.diff(_whole(sample), axis=0, prepend=0) + 5)


@dress
def sums_along_rows(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Running sums along the markers."""
    return wide(_whole(sample).cumsum(axis=1))


def _windows(sample: Sample, size: int) -> npt.NDArray[np.int64]:
    states = _whole(sample)
    usable = states.shape[1] // size * size
    return states[:, :usable].reshape(len(states), -1, size).sum(axis=2)


@dress
def windows_of_three(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Copies over windows of three markers."""
    return wide(_windows(sample, 3))


@dress
def windows_of_five(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Copies over windows of five markers."""
    return wide(_windows(sample, 5))


def _digits(sample: Sample, size: int, base: int) -> npt.NDArray[np.int64]:
    states = _whole(sample)
    usable = states.shape[1] // size * size
    return (states[:, :usable].reshape(len(states), -1, size) * base ** np.arange(size)).sum(axis=2)


@dress
def base_three(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Five markers a number, in base three."""
    return wide(_digits(sample, 5, 3))


@dress
def two_bits_as_numbers(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Four markers a byte, printed."""
    return wide(_digits(sample, 4, 4))


@dress
def long_records(sample: Sample, random: Random) -> tuple[str, bytes]:
    """A person, a marker and a state a row."""
    rows = [[f"k{row}", f"v{column}", state] for (row, column), state in np.ndenumerate(sample.states) if state >= 0]
    return _table(rows, ["a", "b", "c"])


@dress
def sparse_records(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Place, place and state of what is not 0."""
    return _table([[row + 1, column + 1, state] for (row, column), state in np.ndenumerate(_whole(sample)) if state], ["i", "j", "x"])


@dress
def sparse_lines(sample: Sample, random: Random) -> tuple[str, bytes]:
    """libsvm: place:state of what is not 0."""
    lines = [" ".join(["1", *(f"{place + 1}:{state}" for place, state in enumerate(row) if state)]) for row in _whole(sample).tolist()]
    return "train.svm", "\n".join(lines).encode()


@dress
def carriers(sample: Sample, random: Random) -> tuple[str, bytes]:
    """For each marker, who carries the other allele."""
    rows = [
        [f"v{number + 1}", " ".join(f"k{person + 1}" for person in np.flatnonzero(column))]
        for number, column in enumerate(_whole(sample).T)
    ]
    return _table(rows, ["site", "members"])


@dress
def records(sample: Sample, random: Random) -> tuple[str, bytes]:
    """JSON, an object a person."""
    return "people.json", json.dumps([{f"v{place}": state for place, state in enumerate(row)} for row in _whole(sample).tolist()]).encode()


def _npy(values: Array) -> tuple[str, bytes]:
    out = io.BytesIO()
    np.save(out, values)
    return "array.npy", out.getvalue()


@dress
def npy_bytes(sample: Sample, random: Random) -> tuple[str, bytes]:
    """An array of int8."""
    return _npy(_whole(sample).astype(np.int8))


@dress
def npy_floats(sample: Sample, random: Random) -> tuple[str, bytes]:
    """An array of float32, markers first."""
    return _npy(_whole(sample).T.astype(np.float32))


@dress
def npy_flat(sample: Sample, random: Random) -> tuple[str, bytes]:
    """An array without rows."""
    return _npy(_whole(sample).astype(np.int8).ravel())


def _packed(sample: Sample, bits: int) -> npt.NDArray[np.uint8]:
    return _digits(sample, 8 // bits, 1 << bits).astype(np.uint8)


@dress
def npy_two_bits(sample: Sample, random: Random) -> tuple[str, bytes]:
    """An array of bytes, four markers each."""
    return _npy(_packed(sample, 2))


@dress
def npy_four_bits(sample: Sample, random: Random) -> tuple[str, bytes]:
    """An array of bytes, two markers each."""
    return _npy(_packed(sample, 4))


@dress
def npy_bit_planes(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Bits of the lower and the upper half, each in a plane."""
    states = _whole(sample)
    return _npy(np.stack([np.packbits((states >> bit) & 1, axis=1) for bit in (0, 1)]))


@dress
def npy_shuffled(sample: Sample, random: Random) -> tuple[str, bytes]:
    """An array of bytes whose columns are in any order, four markers each, states recoded."""
    turned = Sample(random.permutation(3)[_whole(sample)], np.zeros_like(sample.first), np.ones_like(sample.known))
    packed = _packed(turned, 2)
    return _npy(packed[:, random.permutation(packed.shape[1])])


@dress
def raw_bytes(sample: Sample, random: Random) -> tuple[str, bytes]:
    """A byte a state, no header."""
    return "data.bin", _whole(sample).astype(np.uint8).tobytes()


@dress
def raw_two_bits(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Four states a byte, no header."""
    return "data.bin", _packed(sample, 2).tobytes()


@dress
def raw_masked(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Four states a byte, all bytes masked with one."""
    return "data.bin", (_packed(sample, 2) ^ 0x5A).tobytes()


@dress
def base64_two_bits(sample: Sample, random: Random) -> tuple[str, bytes]:
    """Four states a byte, as base64 in a note."""
    return "notes.txt", b"state of the run:\n" + base64.b64encode(_packed(sample, 2).tobytes()) + b"\n"


@dress
def base64_zlib(sample: Sample, random: Random) -> tuple[str, bytes]:
    """A byte a state, compressed, as base64 in a note."""
    return "notes.txt", b"state of the run:\n" + base64.b64encode(zlib.compress(_whole(sample).astype(np.uint8).tobytes())) + b"\n"


@dress
def hexadecimal(sample: Sample, random: Random) -> tuple[str, bytes]:
    """A line of hexadecimal digits a person, four states a byte."""
    return "notes.txt", "\n".join(row.tobytes().hex() for row in _packed(sample, 2)).encode()


@dress
def gzipped(sample: Sample, random: Random) -> tuple[str, bytes]:
    """A compressed table of words."""
    return "table.csv.gz", gzip.compress(words(sample, random)[1], mtime=0)


@dress
def picture(sample: Sample, random: Random) -> tuple[str, bytes]:
    """A pixel a state, in three colours."""
    colours = random.permutation(np.array([[230, 80, 60], [40, 90, 200], [240, 240, 235]], dtype=np.uint8))
    out = io.BytesIO()
    Image.fromarray(colours[_whole(sample)]).save(out, "PNG")
    return "figure.png", out.getvalue()


@dress
def picture_of_squares(sample: Sample, random: Random) -> tuple[str, bytes]:
    """A square of six pixels a state, in three shades."""
    shades = np.array([250, 140, 30], dtype=np.uint8)[_whole(sample)]
    out = io.BytesIO()
    Image.fromarray(np.kron(shades, np.ones((6, 6), np.uint8))).save(out, "PNG")
    return "figure.png", out.getvalue()
