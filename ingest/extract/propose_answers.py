"""Answers given by number to questions that an agent asked by number: "1. keep both, 2. no".

Each answer settles its question; what is chosen is the answer's words, or the question's own where it is a bare yes or
no. A question that asks for facts ("who are the users?") settles nothing, nor does an answer that hands the choice
back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ingest.extract.propose_options import BACK_UTTERANCES, before, questions
from ingest.records import Session, Span, Utterance
from ingest.text import sentences, span

_LONGEST_ANSWER_CHARS = 6_000
_LONGEST_WORDS_CHARS = 300
_ITEM = re.compile(
    r"(?:^|\n|(?<=[,;.!]) )[ \t]*(?:#|Q)?(?P<name>\d{1,2}|[a-h])(?:\s?[.):]|\s-(?=\s))(?!\d)[ \t]*(?=\S)", re.IGNORECASE
)
_ASKS_A_CHOICE = re.compile(
    r"\b(?:should|shall|prefer|want|would you|(?:ok(?:ay)?|fine|happy)(?: (?:to|with|if)| \w+ing)|which"
    r"|(?:can|could) (?:we|i)|or)\b",
    re.IGNORECASE,
)
_ASKS_EITHER = re.compile(r"\bor\b|\b(?:what|which|how|where|who|when)\b", re.IGNORECASE)
_YES = re.compile(
    r"(?:(?:yes|yep|yup|yeah|sure|ok(?:ay)?|definitely|absolutely|correct|agreed?|please(?: do)?|go (?:for it|ahead)"
    r"|do (?:it|that|so)|sounds good)\b[\s.,!]*)+$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:(?:no|nope|nah|don'?t|do not|please|thanks|not (?:now|needed|necessary))\b[\s.,!]*)+$", re.IGNORECASE
)
_HANDED_BACK = re.compile(
    r"\b(?:no idea|not sure|unsure|(?:don'?t|do not) (?:know|care|understand|mind)|up to you|your (?:call|choice)"
    r"|you (?:decide|choose|pick|tell me)|whatever|either(?: one)?(?: is fine| works)|what do you (?:think|recommend"
    r"|suggest)|explain|skip)\b",
    re.IGNORECASE,
)
_LEADING = re.compile(r"\W*(?:(?:yes|yep|yeah|ok|okay|sure)[.,!–—-]+\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and the words that answer it; `settles`: whether these are a choice, a bare yes or a bare no to it."""

    question: Span
    said: Span
    settles: Literal["words", "yes", "no"]


def answered(session: Session, utterance: Utterance) -> tuple[Answered, ...]:
    """The choices that a person's numbered answers make, in order: two answers at least, to questions just asked."""
    items = _items(utterance.text)
    if len(items) < 2:
        return ()
    for asking in before(session, utterance.index):
        asked = _asked(asking.text)
        if set(items) <= asked.keys():
            made = (_choice(span(asking, *asked[name]), utterance, *place) for name, place in items.items())
            return tuple(one for one in made if one is not None)
    return ()


@lru_cache(maxsize=BACK_UTTERANCES)
def _asked(text: str) -> Mapping[str, tuple[int, int]]:
    """The questions of a text, looked for once however many answers there are."""
    return questions(text)


def _items(text: str) -> dict[str, tuple[int, int]]:
    """`[start, end)` of what stands behind each number or letter, where these go up from the first; else nothing."""
    if len(text) > _LONGEST_ANSWER_CHARS:
        return {}
    found = list(_ITEM.finditer(text))
    names = [one["name"].lower() for one in found]
    order = [int(name) if name.isdigit() else ord(name) for name in names]
    if order != sorted(set(order)) or len({name.isdigit() for name in names}) != 1:
        return {}
    ends = [*(one.start() for one in found[1:]), len(text)]
    return {name: (one.end(), end) for name, one, end in zip(names, found, ends, strict=True)}


def _choice(question: Span, utterance: Utterance, start: int, end: int) -> Answered | None:
    if not _ASKS_A_CHOICE.search(question.quote):
        return None
    bounds = next(_answering(utterance.text, start, end), None)
    if bounds is None:
        return None
    said = span(utterance, *bounds)
    if _HANDED_BACK.search(said.quote):
        return None
    is_bare = (_YES.match(said.quote), _NO.match(said.quote))
    if any(is_bare):
        is_either = _ASKS_EITHER.search(question.quote)
        return None if is_either else Answered(question, said, "yes" if is_bare[0] else "no")
    return Answered(question, said, "words")


def _answering(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of an answer that ask nothing, without a yes before the words."""
    for first, last in sentences(text[start:end]):
        stretch = text[start + first : start + last]
        if stretch.endswith("?"):
            continue
        line = stretch.split("\n", 1)[0][:_LONGEST_WORDS_CHARS].rstrip(" \t,;")
        leading = _LEADING.match(line)
        skipped = leading.end() if leading and leading.end() < len(line) else 0
        yield start + first + skipped, start + first + len(line)
