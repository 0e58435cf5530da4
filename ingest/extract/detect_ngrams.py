"""Words and word sequences of sentences as row numbers of weight tables, and the sums of those rows.

Hashing, so that no vocabulary is shipped: a token or sequence is the CRC-32 of its UTF-8 form, cut to the table's size.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt

WORD_BITS, SEQUENCE_BITS = 15, 17
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[?`]|\*\*")
_FIGURE = re.compile(r"\d")

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
    """(single words, sequences of one to three) of each text."""
    tokens = [_tokens(text) for text in texts]
    words = [[crc32(token) & ((1 << WORD_BITS) - 1) for token in one] for one in tokens]
    return _bag(words), _bag([_sequences(one) for one in tokens])


def _tokens(text: str) -> list[bytes]:
    found = _TOKEN.findall(text.lower().replace("’", "'"))
    return [b"#" if _FIGURE.match(one) else one.encode() for one in found]


def _sequences(tokens: Sequence[bytes]) -> list[int]:
    mask = (1 << SEQUENCE_BITS) - 1
    padded = (b"^", *tokens, b"$")
    ids = [crc32(one) & mask for one in tokens]
    ids += [crc32(b" ".join(pair)) & mask for pair in pairwise(padded)]
    ids += [crc32(b" ".join(three)) & mask for three in zip(padded, padded[1:], padded[2:], strict=False)]
    return ids


def _bag(rows: Sequence[Sequence[int]]) -> Bag:
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    return Bag(np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=int(starts[-1])), starts)
