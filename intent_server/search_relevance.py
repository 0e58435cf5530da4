"""Pure: the words of a question, what they weigh in a store, and how much of them a text there holds.

`search_fit` says from that whether a decision answers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from sys import intern

from intent_server.search import Floats
from intent_server.search_fit import logistic
from intent_server.search_names import Sense
from intent_server.search_terms import asked_words, is_piece, is_unspaced, terms, tokens_of
from intent_server.search_words import ASKING_ELSEWHERE, STOP_WORDS

_ASKING = frozenset(
    terms(
        "decide decided decision choose chose chosen choice pick picked select selected reason reasons rationale use "
        "uses using used go went instead rather prefer adopt reject rejected alternative consider considered discuss "
        "make made come rely change changed need do run keep kept rule approach settle settled missing absent gone"
    )
)
_DATES = frozenset(
    terms(
        "january february march april may june july august september october november december "
        "monday tuesday wednesday thursday friday saturday sunday today yesterday"
    )
)
_ROLES = {
    "objected": "object oppose",
    "agreed": "agree approve accept",
    "proposed": "propose suggest",
    "decided": "decide",
}
_ROLE_OF = {term: role for role, words in _ROLES.items() for term in terms(words)}
_ASKING_WEIGHT = 0.25  # words of asking are in every decision, and say little about which one is meant
_CHOICE = re.compile(r"\b(?:or|vs|versus)\b", re.IGNORECASE)
_PIECES_WEIGHT = 0.7  # of an identifier whose parts are there, but not the whole; of a word in another form

TOUCHES = 0.5
"""From here on a stretch of conversation touches the question: 71 % of the QMSum validation queries about the meetings
in a store, 4 % of those about other meetings or projects."""


UNREAD_COSINE = 0.4
"""Stands for nearness in meaning where the model knows none of the question's words: then the words alone decide."""
_UNREAD = re.compile("[\u0370-\u1dff\u2c00-\U0010ffff]")
"""The bundled model knows Latin script; of others it knows the letters, so that any two Greek texts seem near."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's words: for each, its terms (the whole before its pieces) and how much it says, 0 to 1.

    `are_names`: whether each names something: a capital within the sentence, a digit, a dotted or snake-case name.
    `role`: what somebody did, when the question asks who did it. `about`: the words that say what it is about, in their
    order: their meaning is nearer to a decision's than that of the whole question; empty where the model can read none
    of them. `is_choice`: of its names, either.
    """

    words: tuple[tuple[str, ...], ...]
    weights: tuple[float, ...]
    are_names: tuple[bool, ...] = ()
    role: str | None = None
    about: str = ""
    is_choice: bool = False
    texts: tuple[str, ...] = ()
    """Each of the words as it stands in the question."""
    senses: tuple[Sense, ...] = ()
    """What it asks for by another name that the store knows."""

    @property
    def terms(self) -> list[str]:
        """All terms, each once."""
        return list(dict.fromkeys(term for word in self.words for term in word))

    def said_otherwise(self, held: Collection[str]) -> frozenset[str]:
        """The terms of the question that a text with these terms says by another name."""
        if not self.senses:
            return frozenset()
        return frozenset().union(*(sense.gives for sense in self.senses if sense.needs.issubset(held)))

    def nearness(self, cosine: float) -> float:
        """How near in meaning a text counts as: UNREAD_COSINE for all where the model cannot read the question."""
        return cosine if self.about else UNREAD_COSINE


def asked(text: str) -> Asked:
    """The words of a question; the words of asking itself weigh little, unless there are no others."""
    tokens = asked_words(text)
    role = _role(text, tokens)
    asking = {word for word in tokens if word[0] in _ASKING or (role and word[0] in _ROLE_OF)}
    if is_foreign := not _is_english(text):
        asking |= {word for word, token in tokens.items() if token.casefold() in ASKING_ELSEWHERE}
    return Asked(
        words=tuple(tokens),
        weights=tuple(_ASKING_WEIGHT if word in asking or word[0] in _DATES else 1.0 for word in tokens),
        are_names=tuple(_is_name(token, text, is_foreign=is_foreign) for token in tokens.values()),
        role=role,
        about=_about(dict.fromkeys(token for word, token in tokens.items() if word not in asking)) or _about([text]),
        is_choice=_CHOICE.search(text) is not None,
        texts=tuple(tokens.values()),
    )


def _about(tokens: Iterable[str]) -> str:
    return " ".join(token for token in tokens if not _UNREAD.search(token))


def _is_english(text: str) -> bool:
    """Whether a question has no more words of asking in other languages than in English."""
    words = [token.casefold() for token in tokens_of(text)]
    elsewhere = sum(word in ASKING_ELSEWHERE or is_unspaced(word) for word in words)
    return elsewhere <= sum(word in STOP_WORDS for word in words)


def _is_name(token: str, text: str, *, is_foreign: bool) -> bool:
    """In German every noun begins with a capital."""
    inner = token[1:] if is_foreign or text.lstrip().startswith(token) else token
    return terms(token).keys().isdisjoint(_DATES) and any(
        sign.isupper() or sign.isdigit() or sign in "_./\\@#" for sign in inner
    )


def _role(text: str, words: Collection[Sequence[str]]) -> str | None:
    if not text.casefold().lstrip().startswith("who "):
        return None
    return next((_ROLE_OF[word[0]] for word in words if word[0] in _ROLE_OF), None)


def rarity(document_count: int, documents: int) -> float:
    """Inverse document frequency as BM25 takes it: never below zero."""
    return math.log(1 + (documents - document_count + 0.5) / (document_count + 0.5))


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question against one corpus: what each of its terms and words weighs there."""

    asked: Asked
    rarities: Mapping[str, float]
    rarest: float = 1.0
    """What a term weighs that no text has."""

    def term_weights(self) -> dict[str, float]:
        """The BM25 weight of each term."""
        found: dict[str, float] = {}
        for word, weight in zip(self.asked.words, self.asked.weights, strict=True):
            pieces = sum(
                map(is_piece, word)
            )  # together they weigh no more than the word, which English texts hold whole
            for term in word:
                rarity = self.rarities[term]
                gain = min(rarity, self.rarities[word[0]]) / pieces if is_piece(term) else rarity
                found[term] = max(found.get(term, 0.0), weight * gain)
        return found

    def share(self, held: Collection[str]) -> float:
        """How much of the question's weight stands in a text with these terms, 0 to 1."""
        total = found = 0.0
        for word, weight in zip(self.asked.words, self.asked.weights, strict=True):
            whole = weight * self.rarities[word[0]]
            total += whole
            found += whole * self._held(word, held)
        return found / total if total else 0.0

    def words_lost(self, share: float) -> float:
        """What is missing of the question where a text holds this share of it, in words that no text has."""
        return (1 - share) * self._total() / self.rarest

    def _total(self) -> float:
        return sum(
            weight * self.rarities[word[0]] for word, weight in zip(self.asked.words, self.asked.weights, strict=True)
        )

    def names_missing(self, held: Collection[str]) -> float:
        """How much of the weight of the names in the question is missing in a text with these terms, 0 to 1.

        Of names to choose from (Kafka or NATS?) one is enough.
        """
        missing = [
            (self.rarities[word[0]], 1 - self._held(word, held))
            for word, is_name in zip(self.asked.words, self.asked.are_names, strict=True)
            if is_name
        ]
        if self.asked.is_choice:
            return min((share for _, share in missing), default=0.0)
        return sum(weight * share for weight, share in missing) / (sum(weight for weight, _ in missing) or 1.0)

    def _held(self, word: Sequence[str], held: Collection[str]) -> float:
        if word[0] in held:
            return 1.0
        pieces = [term for term in word[1:] if is_piece(term)]
        parts = [term for term in word[1:] if not is_piece(term)]
        return _PIECES_WEIGHT * max(self._share_held(parts, held), self._share_held(pieces, held))

    def _share_held(self, terms: Sequence[str], held: Collection[str]) -> float:
        whole = sum(self.rarities[term] for term in terms)
        return sum(self.rarities[term] for term in terms if term in held) / (whole or 1.0)


def weighed(question: Asked, document_counts: Mapping[str, int], documents: int) -> Weighed:
    """The question against a corpus of so many documents; terms that none holds are the rarest.

    Words of asking that none holds weigh nothing: "who decided the rule?" where nobody says `rule`.
    """
    rarities = {term: rarity(document_counts.get(term, 0), documents) for term in question.terms}
    silent = [word for word, weight in zip(question.words, question.weights, strict=True) if weight < 1]
    if len(silent) < len(question.words):
        rarities |= {word[0]: 0.0 for word in silent if word[0] not in document_counts}
    return Weighed(question, rarities, rarity(0, documents))


CORE, WIDE, HEADING = 1, 2, 4
"""Places of a decision's words. The core: its subject, choice and alternatives. Wide: these, its quotes and people, and
its session's name. The heading: its subject and its session's name. Its quotes have the places above these."""


def quote_place(number: int) -> int:
    """The place of a quote, counted from 0."""
    return 8 << number


@dataclass(frozen=True, slots=True)
class Told:
    """A decision's words as terms, who did what in it, and the direction of its subject and choice.

    `places`: of each term, all places where it stands, added up: words and numbers alone, through which Python's
    collector never walks as it does through a set for each place. `quotes`: how many quotes have a place.
    """

    places: Mapping[str, int]
    quotes: int
    roles: tuple[str, ...]
    core_vector: Floats

    @staticmethod
    def of(
        core: Collection[str],
        wide: Collection[str],
        heading: Collection[str],
        quotes: Sequence[Collection[str]],
        roles: Collection[str],
        core_vector: Floats,
    ) -> Told:
        """From the terms of each place."""
        places: dict[str, int] = {}
        each = ((CORE, core), (WIDE, wide), (HEADING, heading))
        for place, held in (*each, *((quote_place(at), quote) for at, quote in enumerate(quotes))):
            for term in held:
                places[intern(term)] = places.get(term, 0) | place
        return Told(places, len(quotes), tuple(sorted(set(roles))), core_vector)

    def says(self, term: str, place: int = WIDE) -> bool:
        """Whether a term stands in a place."""
        return bool(self.places.get(term, 0) & place)

    def said(self, terms: Iterable[str]) -> dict[str, int]:
        """The places of those of these terms that stand anywhere."""
        return {term: self.places[term] for term in terms if term in self.places}


def conversation_relevance(*, share: float, cosine: float) -> float:
    """How likely a stretch of conversation touches the question, 0 to 1."""
    return logistic(6.0 * share + 6.0 * cosine - 5.4)
