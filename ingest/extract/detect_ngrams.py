"""Words and word sequences of sentences as row numbers of weight tables, and the sums of those rows.

Hashing, so that no vocabulary is shipped: a token or sequence is the CRC-32 of its UTF-8 form, cut to the table's size.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from zlib import crc32

import numpy as np
import numpy.typing as npt

WORD_BITS, SEQUENCE_BITS = 15, 17
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[?`]|\*\*")

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bag:
    """Row numbers of all sentences, one after the other; sentence i has `ids[starts[i]:starts[i + 1]]`."""

    ids: Ids
    starts: Ids

    def sums(self, table: npt.NDArray[np.floating]) -> Floats:
        """The sum of each sentence's rows. Shape: (sentences, columns of the table)."""
        total = running(table[self.ids])
        return (total[self.starts[1:]] - total[self.starts[:-1]]).astype(np.float32)


def running(rows: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Totals of the rows before each and of all; `total[j] - total[i]` is the sum of rows i to j. (rows + 1, ...)."""
    total = np.zeros((len(rows) + 1, *rows.shape[1:]), dtype=np.float64)
    np.cumsum(rows, axis=0, dtype=np.float64, out=total[1:])
    return total


def bags(texts: Sequence[str]) -> tuple[Bag, Bag]:
    """(single words, sequences of one to three) of each text; without the pairs of `grams`, for time."""
    numbered = [_numbered(_tokens(text)) for text in texts]
    words = gathered([one for one, _, _ in numbered])
    sequences = gathered([one + pairs + threes for one, pairs, threes in numbered])
    return _cut(words, WORD_BITS), _cut(sequences, SEQUENCE_BITS)


def grams(texts: Sequence[str]) -> tuple[Bag, Bag, Bag]:
    """The CRC-32 of all sequences of each text: of one word, of up to two, of up to three."""
    numbered = [_numbered(_tokens(text)) for text in texts]
    return (
        gathered([one for one, _, _ in numbered]),
        gathered([one + pairs for one, pairs, _ in numbered]),
        gathered([one + pairs + threes for one, pairs, threes in numbered]),
    )


def _tokens(text: str) -> list[bytes]:
    found = _TOKEN.findall(text.lower().replace("’", "'"))
    return [b"#" if one.isdecimal() else one.encode() for one in found]


def _numbered(tokens: Sequence[bytes]) -> tuple[list[int], list[int], list[int]]:
    """CRC-32 of the words, of the pairs and of the threes joined by spaces, with `^` before and `$` after the text.

    That of a pair goes on from that of its first word, that of three from that of the pair: a third of the time.
    """
    padded = (b"^", *tokens, b"$")
    ones = list(map(crc32, padded))
    later = [b" " + one for one in padded]
    pairs = list(map(crc32, later[1:], ones))
    threes = list(map(crc32, later[2:], pairs))
    return ones[1:-1], pairs, threes


def gathered(rows: Sequence[Sequence[int]]) -> Bag:
    """The numbers of all sentences as one bag."""
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    return Bag(np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=int(starts[-1])), starts)


def _cut(found: Bag, bits: int) -> Bag:
    return Bag(found.ids & ((1 << bits) - 1), found.starts)
