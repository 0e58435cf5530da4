"""Pure: does a recorded decision, or a stretch of conversation, answer a question at all?

Being the best of what is there is not enough: a question about something never recorded has a best match too. The
weights were fitted by logistic regression on 72 questions (bench/why_questions.jsonl) over 112 decisions.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from intent_server.search import terms, token_terms

_ASKING = frozenset(
    terms(
        "decide decided decision choose chose chosen choice pick picked select selected reason reasons rationale use "
        "uses using used go went instead rather prefer adopt reject rejected alternative consider considered discuss "
        "make made come rely change changed need do run keep kept"
    )
)
_ASKING_WEIGHT = 0.25  # words of asking are in every decision, and say little about which one is meant
_PIECES_WEIGHT = 0.7  # of an identifier whose pieces are there, but not the whole

RELEVANT = 0.15
"""From here on a decision answers. bench/retrieve.py on 45 published records: of 36 questions about them 32 are
answered, of 36 about other things none. Lower takes in more records of the same project about something else (with the
right record taken away, 4 of 36 questions at 0.2, 9 at 0.1)."""

TOUCHES = 0.5
"""From here on a stretch of conversation touches the question: 71 % of the QMSum validation queries about the meetings
in a store, 4 % of those about other meetings or projects."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's words: for each, its terms (the whole before its pieces) and how much it says, 0 to 1."""

    words: tuple[tuple[str, ...], ...]
    weights: tuple[float, ...]

    @property
    def terms(self) -> list[str]:
        """All terms, each once."""
        return list(dict.fromkeys(term for word in self.words for term in word))


def asked(text: str) -> Asked:
    """The words of a question; the words of asking itself weigh little, unless there are no others."""
    words = tuple(dict.fromkeys(token_terms(text)))
    weights = tuple(_ASKING_WEIGHT if word[0] in _ASKING else 1.0 for word in words)
    return Asked(words, weights)


def rarity(document_count: int, documents: int) -> float:
    """Inverse document frequency as BM25 takes it: never below zero."""
    return math.log(1 + (documents - document_count + 0.5) / (document_count + 0.5))


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question against one corpus: what each of its terms and words weighs there."""

    asked: Asked
    rarities: Mapping[str, float]

    def term_weights(self) -> dict[str, float]:
        """The BM25 weight of each term."""
        found: dict[str, float] = {}
        for word, weight in zip(self.asked.words, self.asked.weights, strict=True):
            for term in word:
                found[term] = max(found.get(term, 0.0), weight * self.rarities[term])
        return found

    def share(self, held: Collection[str]) -> float:
        """How much of the question's weight stands in a text with these terms, 0 to 1."""
        total = found = 0.0
        for word, weight in zip(self.asked.words, self.asked.weights, strict=True):
            whole = weight * self.rarities[word[0]]
            total += whole
            found += whole * self._held(word, held)
        return found / total if total else 0.0

    def _held(self, word: Sequence[str], held: Collection[str]) -> float:
        if word[0] in held:
            return 1.0
        pieces = sum(self.rarities[term] for term in word[1:])
        return _PIECES_WEIGHT * sum(self.rarities[term] for term in word[1:] if term in held) / (pieces or 1.0)


def weighed(question: Asked, document_counts: Mapping[str, int], documents: int) -> Weighed:
    """The question against a corpus of so many documents; terms that none holds are the rarest."""
    return Weighed(question, {term: rarity(document_counts.get(term, 0), documents) for term in question.terms})


def decision_relevance(*, share: float, core_share: float, cosine: float, core_cosine: float) -> float:
    """How likely a decision answers, 0 to 1.

    `share`, `cosine`: of the question in and to all its words; `core_`: to its subject and choice (and alternatives,
    for the share).
    """
    return _logistic(2.92 * share + 3.72 * core_share + 3.17 * cosine + 4.37 * core_cosine - 7.87)


def conversation_relevance(*, share: float, cosine: float) -> float:
    """How likely a stretch of conversation touches the question, 0 to 1."""
    return _logistic(6.0 * share + 6.0 * cosine - 5.4)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
