"""Restatements of one decision in a session become one candidate, with all their evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ingest.extract.propose_words import content_words
from ingest.records import Candidate, Person, Span

_SAME = 0.6
"""Share of their subjects' words that two statements of one decision have in common."""


def roles(people: Iterable[Person]) -> tuple[Person, ...]:
    """Each person's roles once; who decided or proposed need not be named as agreeing."""
    once = tuple(dict.fromkeys(people))
    leading = {one.name for one in once if one.role in ("decided", "proposed")}
    return tuple(one for one in once if one.role != "agreed" or one.name not in leading)


def merged(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Restatements as one candidate: the most confident one's words first, the others' spans after it."""
    groups: list[list[Candidate]] = []
    near: dict[str | Span, list[int]] = {}  # groups by what their first one may have in common with another
    for one in sorted(candidates, key=lambda one: (one.is_doubtful, -one.confidence, place(one))):
        marks: tuple[str | Span, ...] = (one.parts[0].spans[0], *content_words(one.subject))
        looked_at = sorted({n for mark in marks for n in near.get(mark, ())})
        twin = next((n for n in looked_at if _is_same(one, groups[n][0])), None)
        if twin is not None:
            groups[twin].append(one)
            continue
        for mark in marks:
            near.setdefault(mark, []).append(len(groups))
        groups.append([one])
    return [_whole(*group) for group in groups]


def _whole(first: Candidate, *others: Candidate) -> Candidate:
    """A candidate with what its restatements add; doubtful ones add nothing to one that is not."""
    others = tuple(one for one in others if first.is_doubtful or not one.is_doubtful)
    if not others:
        return first
    choice, known = first.parts[0], dict.fromkeys(first.parts[1:])
    known.update((part, None) for one in others for part in one.parts[1:])
    spans = tuple(dict.fromkeys(span for one in (first, *others) for span in one.parts[0].spans))
    people = roles(person for one in (first, *others) for person in one.people)
    return replace(first, parts=(replace(choice, spans=spans), *known), people=people)


def _is_same(one: Candidate, other: Candidate) -> bool:
    if (one.status == "declined") != (other.status == "declined"):
        return False
    mine, theirs = content_words(one.subject), content_words(other.subject)
    if one.parts[0].spans[0] == other.parts[0].spans[0]:
        return True
    return bool(mine | theirs) and len(mine & theirs) / len(mine | theirs) >= _SAME


def place(candidate: Candidate) -> tuple[int, int]:
    """Where a candidate is first said: utterance and character."""
    first = candidate.parts[0].spans[0]
    return first.utterance_index, first.start_char
