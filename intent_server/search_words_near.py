"""Pure: how near the words of texts are to those of a question, word by word.

Each word of the question is held against the nearest word of a text: the same one, or one of like meaning. So a text
that says the same in other words is found, and one whose vector only leans the same way is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from threading import Lock

import numpy as np
import numpy.typing as npt

from intent_server.search_terms import terms, tokens_of
from intent_server.search_words import STOP_WORDS

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]

_COUNTED = 1_000_000
"""Cells, of texts by words, that are counted at a time: 12 MB."""
_MAX_WORDS = 100_000
"""Words that a lexicon keeps: 100 MB of vectors at 256 dimensions; then it begins anew."""
_STOP = -1  # stands for the row of a word that carries no subject
_FAR = 0.2  # words with a lower cosine have nothing to do with each other
_STEM_CHARS, _ENDING_CHARS = 5, 3
_LONGER = 0.7  # what a word counts that goes on after the one asked for, as endings do that no English stemmer knows


@dataclass(slots=True)
class Lexicon:
    """The words met so far with their vectors, which are made once; safe for several threads.

    `embed`: one unit vector per word. `rows`: the row in `vectors` of each word as written, for upper case tells where
    an identifier is cut. `rows_of`: those of the words with a term. `beginning`: words and rows by first letters. Of
    `vectors` the first `held` rows are in use: it doubles as it fills, so that a new word does not move all the others.
    """

    embed: Callable[[Sequence[str]], Floats]
    rows: dict[str, int] = field(default_factory=dict)
    rows_of: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    beginning: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    vectors: Floats = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    held: int = 0
    lock: Lock = field(default_factory=Lock)


@dataclass(frozen=True, slots=True)
class Met:
    """How the words of a question are met by each of some texts.

    Shape: `nearest` and `counts` (words asked, texts); `vectors` (texts, dimensions); `lengths` (texts,).
    `nearest`: 1 where the word stands there, less by how far the nearest one is in meaning. `counts`: how often the
    word itself stands there. `vectors`: sums of the vectors of a text's telling words, of which it has `lengths`.
    """

    nearest: Floats
    counts: Floats
    vectors: Floats
    lengths: Places


def met(lexicon: Lexicon, asked: Sequence[tuple[str, str]], texts: Sequence[str]) -> Met:
    """How each text meets the question's words, given as (term, as it stands there)."""
    words = [tokens_of(text) for text in texts]
    every = list(chain.from_iterable(words))
    with lexicon.lock:
        _learn(lexicon, every)
        rows = np.fromiter(map(lexicon.rows.__getitem__, every), np.intp, len(every))
        lengths = _kept(rows != _STOP, [len(each) for each in words])
        used, places = np.unique(rows[rows != _STOP], return_inverse=True)
        vectors = lexicon.vectors[used]
        held = np.stack([_held(lexicon, used, term, word) for term, word in asked])
    own = lexicon.embed([word for _, word in asked])
    vectors = vectors if len(used) else np.zeros((0, own.shape[1]), dtype=np.float32)
    kinship = np.clip((own @ vectors.T - _FAR) / (1 - _FAR), 0, 1)
    kinship = np.maximum(kinship, held)
    return Met(
        nearest=_gathered(np.maximum, kinship[:, places], lengths),
        counts=_gathered(np.add, held[:, places], lengths),
        vectors=_summed(vectors, places, lengths),
        lengths=lengths,
    )


def _held(lexicon: Lexicon, used: Places, term: str, word: str) -> Floats:
    """Which of these rows are the word asked for, or that word with an ending. Shape: that of `used`."""
    found = np.isin(used, lexicon.rows_of.get(term, ())).astype(np.float32)
    begins = word.casefold()
    longer = [
        row
        for other, row in lexicon.beginning.get(begins[:_STEM_CHARS], ())
        if other.startswith(begins) and len(other) <= len(begins) + _ENDING_CHARS
    ]
    return np.maximum(found, _LONGER * np.isin(used, longer)) if longer else found


def _learn(lexicon: Lexicon, words: Sequence[str]) -> None:
    unknown = [word for word in dict.fromkeys(words) if word not in lexicon.rows]
    if not unknown:
        return
    if lexicon.held + len(unknown) > _MAX_WORDS:
        lexicon.rows, lexicon.rows_of, lexicon.beginning = {}, defaultdict(list), defaultdict(list)
        lexicon.held = 0
        unknown = list(dict.fromkeys(words))
    telling = [word for word in unknown if word.casefold() not in STOP_WORDS]
    lexicon.rows |= dict.fromkeys(unknown, _STOP)
    if not telling:
        return
    first = lexicon.held
    _hold(lexicon, lexicon.embed(telling))
    for row, word in enumerate(telling, start=first):
        lexicon.rows[word] = row
        for term in terms(word):
            lexicon.rows_of[term].append(row)
        if len(word) >= _STEM_CHARS:
            lexicon.beginning[word[:_STEM_CHARS].casefold()].append((word.casefold(), row))


def _hold(lexicon: Lexicon, fresh: Floats) -> None:
    """The vectors of words after those held."""
    end = lexicon.held + len(fresh)
    if end > len(lexicon.vectors):
        wide = np.zeros((max(end, 2 * len(lexicon.vectors)), fresh.shape[1]), dtype=np.float32)
        wide[: lexicon.held] = lexicon.vectors[: lexicon.held].reshape(-1, fresh.shape[1])
        lexicon.vectors = wide
    lexicon.vectors[lexicon.held : end] = fresh
    lexicon.held = end


def _kept(is_kept: npt.NDArray[np.bool_], lengths: Sequence[int]) -> Places:
    """How many words of each text are kept, of texts of these lengths."""
    ends = np.cumsum(np.array(lengths, dtype=np.intp))
    sums = np.concatenate((np.zeros(1, np.intp), np.cumsum(is_kept)))
    return np.diff(sums[np.concatenate((np.zeros(1, np.intp), ends))])


def _gathered(add: np.ufunc, values: Floats, lengths: Places) -> Floats:
    """What `add` makes of the words of each text, a column each; zeros for a text without words."""
    found = np.zeros((len(values), len(lengths)), dtype=np.float32)
    if values.size:
        has = np.flatnonzero(lengths)
        found[:, has] = add.reduceat(values, (np.cumsum(lengths) - lengths)[has], axis=1)
    return found


def _summed(vectors: Floats, places: Places, lengths: Places) -> Floats:
    """The sums of the vectors of each text's words, which stand at `places`.

    As a product with how often each text has each word: a tenth of the time of adding them up one by one.
    """
    size = len(vectors)
    found = np.zeros((len(lengths), vectors.shape[1]), dtype=np.float32)
    ends = np.cumsum(lengths)
    step = max(1, _COUNTED // max(1, size))
    for start in range(0, len(lengths), step):
        each = lengths[start : start + step]
        here = places[ends[start] - lengths[start] : ends[start + len(each) - 1]]
        cells = np.repeat(np.arange(len(each)), each) * size + here
        counts = np.bincount(cells, minlength=len(each) * size).reshape(len(each), size)
        found[start : start + step] = counts.astype(np.float32) @ vectors
    return found
