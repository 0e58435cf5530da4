"""What the judge of reasons sees of a clause beside its own score: the clauses around it and the choice's place.

A clause is likelier a reason where it leads its sentence, where no other scores as high, and where it stands near the
choice. Shared by training (`bench/train_reasons.py`) and by `reasons_model`, so that both see the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, groupby

import numpy as np
import numpy.typing as npt

from ingest.extract.reasons_clauses import Clause
from ingest.extract.reasons_features import Anchor, names_of
from ingest.records import Session, Span

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
_NONE = -9.0
"""Stands for the score of a clause or sentence that is not there: lower than nearly all."""
_ELSEWHERE_CHARS = 2_000
"""Stands for the distance to a choice that was said in another turn."""
_BESIDE_CLAUSES = 3
_ROLES = {"person": 0, "assistant": 1}
_KINDS = {"agent_session": 0, "meeting": 1, "issue": 2}
_OTHER_ROLE, _OTHER_KIND = 2, 3


@dataclass(frozen=True, slots=True)
class Scored:
    """The clauses around a choice in order, with each one's linear score: by itself, and by where it stands."""

    near: Sequence[Clause]
    own: Sequence[float]
    standing: Sequence[float]


def table(scored: Scored, anchor: Anchor, session: Session) -> Floats:
    """One row for each clause. Shape: (clauses, columns)."""
    own = np.array(scored.own, dtype=np.float64)
    total = own + np.array(scored.standing, dtype=np.float64)
    rows = zip(
        _by_sentence(scored.near, total.tolist()),
        _by_place(scored.near, anchor, session),
        _by_words(scored.near, anchor),
        strict=True,
    )
    beside = np.array([[*sentence, *place, *words] for sentence, place, words in rows], dtype=np.float32)
    return np.hstack([_by_score(own, total), beside])


def _by_score(own: Doubles, total: Doubles) -> Floats:
    """Each clause's scores, their rank, and how they stand to the best and to those beside it."""
    count = len(total)
    order = np.argsort(-total, kind="stable")
    rank = np.empty(count)
    rank[order] = np.arange(count)
    best, second = total[order[0]], total[order[min(1, count - 1)]]
    around, beside = _framed(total, 1), _framed(own, _BESIDE_CLAUSES)
    nearest = [beside[at : at + count] for at in range(2 * _BESIDE_CLAUSES + 1)]
    before, after = nearest[:_BESIDE_CLAUSES], nearest[_BESIDE_CLAUSES + 1 :]
    columns = [
        total, own, total - own, rank, rank / count, best - total, second - total,
        around[:-2], around[2:], before[-1], after[0], own - np.max([*before, *after], axis=0),
        np.full(count, total.mean()), np.full(count, np.logaddexp.reduce(total)), np.full(count, count),
    ]  # fmt: skip
    return np.column_stack(columns).astype(np.float32)


def _framed(values: Doubles, width: int) -> Doubles:
    """The scores with so many that stand for none before and after them."""
    framed = np.full(len(values) + 2 * width, _NONE)
    framed[width:-width] = values
    return framed


def _by_sentence(near: Sequence[Clause], total: Sequence[float]) -> list[list[float]]:
    """The best score in the clause's sentence beside its own, and in the two sentences before and after."""
    places = range(len(near))
    groups = [[*one] for _, one in groupby(places, key=lambda at: (near[at].utterance_index, near[at].sentence))]
    best = [_NONE, _NONE, *(max(total[at] for at in group) for group in groups), _NONE, _NONE]
    found: list[list[float]] = []
    for number, group in enumerate(groups):
        beside = [best[number], best[number + 1], best[number + 3], best[number + 4]]
        for at in group:
            other = max((total[one] for one in group if one != at), default=_NONE)
            found.append([other, best[number + 2], *beside, len(group), near[at].place, number, len(groups)])
    return found


def _by_place(near: Sequence[Clause], anchor: Anchor, session: Session) -> list[list[float]]:
    """Where the clause stands to the nearest statement of the choice, who says each, and how long they are."""
    said, first = session.utterances, anchor.spans[0]
    kind = _KINDS.get(session.kind, _OTHER_KIND)
    found: list[list[float]] = []
    for clause in near:
        span = min(anchor.spans, key=lambda one: _apart(clause, one))
        turns, apart = _apart(clause, span)
        here, there = said[clause.utterance_index], said[span.utterance_index]
        found.append([
            clause.utterance_index - span.utterance_index,
            _ELSEWHERE_CHARS if turns else apart,
            clause.start_char >= span.end_char,
            len(clause.text), clause.text.count(" "),
            _ROLES.get(here.role, _OTHER_ROLE), _ROLES.get(there.role, _OTHER_ROLE), here.speaker == there.speaker,
            kind, len(anchor.spans), len(first.quote),
            clause.start_char / max(1, len(here.text)), len(here.text),
            clause.utterance_index - first.utterance_index, span is first,
        ])  # fmt: skip
    return found


def _apart(clause: Clause, span: Span) -> tuple[int, int]:
    """Turns and characters between a clause and a statement; negative characters where they overlap."""
    turns = abs(span.utterance_index - clause.utterance_index)
    return turns, max(clause.start_char - span.end_char, span.start_char - clause.end_char)


def _by_words(near: Sequence[Clause], anchor: Anchor) -> list[list[float]]:
    """How many of its words the choice has too, and how often they are said around."""
    first = anchor.names[0]
    chosen = first.union(*anchor.names)
    words = [names_of(clause.text) for clause in near]
    rarity = {word: 1 / count for word, count in Counter(chain.from_iterable(words)).items()}
    found: list[list[float]] = []
    for one in words:
        shared, size = one & chosen, max(1, len(one))
        rare = sum(sorted([rarity[word] for word in shared]))
        mean = sum(sorted([rarity[word] for word in one])) / size
        found.append([
            len(shared), len(one & first), len(shared) / size, len(one & first) / max(1, len(first)),
            rare, len(one), mean,
        ])  # fmt: skip
    return found
