"""Pure: which utterances of some stretches of conversation meet a question.

A window of a hundred words says where to look; the words that answer are one or two utterances of it. Each utterance
is seen at three widths: by itself, with those just around it, and with the part of the conversation it stands in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import numpy.typing as npt

from intent_server.search_names import Sense
from intent_server.search_relevance import Weighed
from intent_server.search_terms import asked_words, terms
from intent_server.search_words_near import Floats, Lexicon, Met, met

_NEAR_SHARE = 0.7  # what a word counts that is met only in the next utterance; again for each one further
_NEAR_TURNS = 2
_AROUND_WORDS = (40, 120, 400)  # telling words to each side of an utterance that are looked at with it
_K1, _B = 1.2, 0.75  # as the inverted index has them


@dataclass(frozen=True, slots=True)
class Turns:
    """Utterances in the order of their conversations. `follows[i]`: goes on from the one before."""

    texts: Sequence[str]
    speakers: Sequence[str | None]
    follows: npt.NDArray[np.bool_]


FEATURES = (
    "words", "nearest", "nearest_around", "meaning", "length", "speaker",
    *(f"{kind}_{width}" for width in _AROUND_WORDS for kind in ("words", "meaning")),
)  # fmt: skip


EVIDENCE = np.array([0.04, 0.12, 0.17, 0.5, 0.46, 0.39, 0.16, 0.14, 0.45, 0.0, 0.27, 0.0], dtype=np.float32)
"""What each of the FEATURES tells of the utterance that answers. Fitted by `bench/fit_ranking.py`: softmax over all
utterances of a meeting, on links from decisions to utterances in AMI and ICSI and on QMSum training queries."""

ANSWERS = 1.0
"""What `answers` counts beside EVIDENCE. Of 0.25 to 2 the right utterances of AMI, ICSI and QMSum together are
likeliest with 1: AMI hit@10 goes from 0.868 to 0.871, the others stay. The weight rests on these; LoCoMo, where people
ask each other more and which gains most (recall@10 0.784 to 0.794), was looked at before the feature was kept."""

TOPIC = np.array([0.0, 0.0, 0.15, 0.02, 0.5, 0.16, 0.13, 0.15, 0.36, 0.22, 0.45, 0.26], dtype=np.float32)
"""The same for the part of one conversation that a question is about: the wider views count most. Fitted there too:
logistic regression on QMSum training queries; of 0.15 to 0.5 the weight of length with the best `locate_recall`."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How each utterance meets the question, in several ways.

    Shape: `values` (FEATURES, utterances), each row with mean 0 and deviation 1; `covered` (utterances,): how much of
    the question's weight stands in the utterance itself, 0 to 1.
    """

    values: Floats
    covered: Floats


def seen(lexicon: Lexicon, question: Weighed, turns: Turns) -> Seen:
    """What each utterance shows of the question."""
    vector = lexicon.embed([question.asked.about])[0]
    weights = question.term_weights()
    asked = [(word[0], text) for word, text in zip(question.asked.words, question.asked.texts, strict=True)]
    found = _met(lexicon, asked, question.asked.senses, turns.texts)
    gains = np.array([weights[term] for term, _ in asked], dtype=np.float32)
    whole = max(float(gains.sum()), 1e-6)
    sizes = np.maximum(found.lengths, 1).astype(np.float32)
    rows = [
        _saturated(gains, found.counts, sizes),
        gains @ found.nearest / whole,
        gains @ _with_next(found.nearest, turns.follows) / whole,
        _directed(found.vectors, vector),
        np.log(sizes),
        _named(weights, turns.speakers),
    ]
    for width in _AROUND_WORDS:
        rows += _around(found, gains, vector, turns.follows, width)
    covered: Floats = gains @ np.minimum(found.counts, 1) / whole
    return Seen(standardised(np.stack(rows)), covered)


def _met(lexicon: Lexicon, asked: Sequence[tuple[str, str]], senses: Sequence[Sense], texts: Sequence[str]) -> Met:
    """How each text meets the words asked for; one that has all words of another name of some has these."""
    otherwise = [[(word[0], text) for word, text in asked_words(sense.text).items()] for sense in senses]
    found = met(lexicon, [*asked, *chain.from_iterable(otherwise)], texts)
    nearest, counts = found.nearest[: len(asked)], found.counts[: len(asked)]
    end = len(asked)
    for sense, words in zip(senses, otherwise, strict=True):
        end += len(words)
        named = [at for at, (term, _) in enumerate(asked) if term in sense.gives]
        nearest[named] = np.maximum(nearest[named], found.nearest[end - len(words) : end].min(axis=0))
        counts[named] = np.maximum(counts[named], found.counts[end - len(words) : end].min(axis=0))
    return replace(found, nearest=nearest, counts=counts)


def answers(covered: Floats, turns: Turns) -> Floats:
    """How much of the question somebody else asked just before each utterance: it then answers in other words.

    Shape: (utterances,), 0 to 1; `covered` as `seen` gives it.
    """
    found = np.zeros(len(turns.texts), dtype=np.float32)
    for at in np.flatnonzero(turns.follows[1:] & (covered[:-1] > 0)).tolist():
        if "?" in turns.texts[at] and turns.speakers[at] != turns.speakers[at + 1]:
            found[at + 1] = covered[at]
    return found


def standardised(values: Floats) -> Floats:
    """Values, or rows of them, with mean 0 and deviation 1; zeros where all are the same."""
    wide = values.astype(np.float32)
    even: Floats = (wide - wide.mean(axis=-1, keepdims=True)) / (wide.std(axis=-1, keepdims=True) + np.float32(1e-6))
    return even


def _saturated(gains: Floats, counts: Floats, sizes: Floats) -> Floats:
    """BM25 of texts of these sizes."""
    slack = _K1 * (1 - _B + _B * sizes / sizes.mean())
    gained: Floats = gains @ (counts * (_K1 + 1) / (counts + slack))
    return gained


def _with_next(nearest: Floats, follows: npt.NDArray[np.bool_]) -> Floats:
    """Each word as met by an utterance or, for less, by one just before or after it."""
    spread = nearest.copy()
    joined, share = follows.copy(), _NEAR_SHARE
    for step in range(1, _NEAR_TURNS + 1):
        joined = joined if step == 1 else joined & np.concatenate((np.zeros(1, np.bool_), joined[:-1])) & follows
        ahead, behind = nearest[:, step:] * joined[step:], nearest[:, :-step] * joined[step:]
        np.maximum(spread[:, :-step], share * ahead, out=spread[:, :-step])
        np.maximum(spread[:, step:], share * behind, out=spread[:, step:])
        share *= _NEAR_SHARE
    return spread


def _around(
    found: Met, gains: Floats, vector: Floats, follows: npt.NDArray[np.bool_], width: int
) -> tuple[Floats, Floats]:
    """Words and meaning of each utterance and all within `width` telling words of it, of the same stretch."""
    stretch = np.cumsum(~follows)
    ends = np.cumsum(found.lengths + 0.01) + stretch * 4.0 * max(_AROUND_WORDS)
    middles = ends - found.lengths / 2
    first, last = np.searchsorted(middles, middles - width), np.searchsorted(middles, middles + width, side="right")
    sizes = _between(found.lengths[:, None].astype(np.float32), first, last)[:, 0]
    counts = _between(found.counts.T, first, last).T
    vectors = _between(found.vectors, first, last)
    return _saturated(gains, counts, np.maximum(sizes, 1)), _directed(vectors, vector)


def _between(values: Floats, first: npt.NDArray[np.intp], last: npt.NDArray[np.intp]) -> Floats:
    """Sums of the rows from `first` up to `last`. Shape: (n, m) and (n,); gives (n, m)."""
    sums = np.zeros((values.shape[0] + 1, values.shape[1]), dtype=np.float64)
    np.cumsum(values, axis=0, out=sums[1:])
    return (sums[last] - sums[first]).astype(np.float32)


def _directed(vectors: Floats, vector: Floats) -> Floats:
    cosines: Floats = vectors @ vector / np.maximum(np.linalg.norm(vectors, axis=1), 1e-6)
    return cosines


def _named(weights: Mapping[str, float], speakers: Sequence[str | None]) -> Floats:
    """1 for utterances of somebody whom the question names."""
    named = {name: float(any(weights.get(term) for term in terms(name))) for name in set(speakers) if name}
    return np.array([named.get(name or "", 0.0) for name in speakers], dtype=np.float32)
