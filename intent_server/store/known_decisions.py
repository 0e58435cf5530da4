"""Which of the decisions held are those that a session's source gives now.

One that nobody reviewed is the one whose content is equal. A reviewed one is also known by the words it chose, and by
words that overlap with them (`verdicts`): whatever a newer extractor makes of them, what people or agents said here
stands, and is not held twice. So what was dismissed stays dismissed, and what was ratified, corrected, split or merged
stays as the person left it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.records import Candidate, Ingested
from intent_server.store.connect import Db
from intent_server.store.review import review_mark, same_words
from intent_server.store.rows import Row, fetched
from intent_server.store.sql import query
from intent_server.store.verdicts import choice_spans, chosen_spans, nearest


@dataclass(frozen=True, slots=True)
class Paired:
    """What a session's candidates are to the decisions held; candidates by their fingerprint."""

    ids: Mapping[str, str]
    """Open decisions that candidates are; several may be one that a person judged."""
    again: Mapping[str, str]
    """Reviewed decisions that were closed, whose words candidates bring again."""
    gone: tuple[str, ...]
    """Open decisions that no candidate is any more."""
    kept: frozenset[str] = field(default_factory=frozenset)
    """Open decisions that ingestion leaves alone."""
    back: frozenset[str] = field(default_factory=frozenset)
    """Pieces of a decision that a person split, closed when its words went, which are to go on as they came again."""
    told: frozenset[str] = field(default_factory=frozenset)
    """Candidates that tell what the source of a reviewed decision says now: one a decision at most."""
    judged: frozenset[str] = field(default_factory=frozenset)
    """Decisions that stand, or ended, as people left them, though the source read now would have them otherwise."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """Decisions in `gone` that come in anew under other words, spans or parts, each with the candidate that it is."""
    delivered: frozenset[str] = field(default_factory=frozenset)
    """Decisions that a person has acted upon: whatever the extractor thinks of them, they do not wait."""


def paired_decisions(db: Db, ingested: Ingested, marks: Sequence[str], session_id: str, uri: str) -> Paired:
    """The candidates of a session against what is held in it. `marks`: their fingerprints, by position."""
    candidates = dict(zip(marks, ingested.candidates, strict=True))
    if db.execute(query("any_review")).fetchone() is None:  # spares a run of many sessions two slow queries each
        return _unreviewed(db, ingested, candidates, session_id)
    held = list(fetched(db, "held_decisions", session_id=session_id))
    same = {str(row["fingerprint"]): str(row["decision_id"]) for row in held if row["fingerprint"] in candidates}
    taken = set(same.values())
    kept = {str(row["decision_id"]) for row in held if row["is_kept"]}
    reviewed = {str(row["decision_id"]): row for row in held if row["is_reviewed"]}
    left = {mark: one for mark, one in candidates.items() if mark not in same}
    worded = _by_words(left, [row for one, row in reviewed.items() if one not in taken])
    left = {mark: one for mark, one in left.items() if mark not in worded}
    again = _by_words(left, _put_away(db, ingested, left.values(), uri))
    left = {mark: one for mark, one in left.items() if mark not in again}
    free = [str(row["decision_id"]) for row in held if str(row["decision_id"]) not in {*taken, *reviewed}]
    near = _near(db, ingested, left, session_id, reviewed, free)
    ids = {**same, **worded, **near.open}
    known = {*ids.values(), *kept}
    gone = tuple(str(row["decision_id"]) for row in held if row["decision_id"] not in known)
    judged = {*worded.values(), *again.values(), *near.judged}
    judged |= {one for one in kept - {*ids.values()} if reviewed[one]["authority"] != "recorded"}
    return Paired(
        ids=ids,
        again={**again, **near.again},
        gone=gone,
        kept=frozenset((*kept, *worded.values(), *near.open.values())),
        back=near.back,
        told=frozenset((*worded, *again, *near.told, *(mark for mark, one in same.items() if one in kept))),
        judged=frozenset(judged),
        changed={one: mark for mark, one in near.changed.items() if one in gone},
        delivered=frozenset((*reviewed, *again.values(), *near.again.values(), *near.open.values())),
    )


def doubled_decisions(db: Db, ingested: Ingested, marks: Sequence[str], session_id: str, uri: str) -> dict[str, str]:
    """Open decisions of a session that nobody reviewed, each with the reviewed one whose words it says again.

    They were added while a session that the same place gave before was still open.
    """
    if db.execute(query("any_review")).fetchone() is None:
        return {}
    held = list(fetched(db, "held_decisions", session_id=session_id))
    new = {str(row["fingerprint"]): str(row["decision_id"]) for row in held if not row["is_reviewed"]}
    reviewed = {str(row["decision_id"]): row for row in held if row["is_reviewed"]}
    candidates = dict(zip(marks, ingested.candidates, strict=True))
    own = (candidates.keys() & {str(row["fingerprint"]) for row in reviewed.values()}) - new.keys()
    left = {mark: one for mark, one in candidates.items() if mark not in own}
    found = _by_words(left, [row for row in reviewed.values() if row["fingerprint"] not in own])
    left = {mark: one for mark, one in left.items() if mark not in found}
    found |= _by_words(left, _put_away(db, ingested, left.values(), uri))
    left = {mark: one for mark, one in left.items() if mark not in found}
    near = _near(db, ingested, left, session_id, reviewed, [])
    found |= {**near.open, **near.again}
    return {new[mark]: decision_id for mark, decision_id in found.items() if mark in new}


@dataclass(frozen=True, slots=True)
class _Near:
    """Candidates by the decisions whose words they overlap."""

    open: Mapping[str, str]
    """Reviewed ones that are open; of one that was split, what it became."""
    again: Mapping[str, str]
    """Reviewed ones that were closed."""
    judged: frozenset[str]
    """All of them, and those that a person split."""
    back: frozenset[str]
    """Closed ones that one of those had become."""
    told: frozenset[str]
    """One candidate a reviewed decision: it tells what the source says now."""
    changed: Mapping[str, str]
    """Unreviewed ones."""


def _near(
    db: Db,
    ingested: Ingested,
    left: Mapping[str, Candidate],
    session_id: str,
    reviewed: Mapping[str, Row],
    free: Sequence[str],
) -> _Near:
    """`free`: open decisions that nobody reviewed and no candidate is."""
    if not left:
        return _Near({}, {}, frozenset(), frozenset(), frozenset(), {})
    closed = {str(row["decision_id"]): row for row in _ended_here(db, session_id) if row["decision_id"] not in reviewed}
    every = {**reviewed, **closed}
    spans = chosen_spans(db, [*every, *free], session_id, ingested.session.utterances)
    structured = {mark: one for mark, one in left.items() if one.authority == "structured"}
    others = {mark: one for mark, one in left.items() if mark not in structured}
    apart = {one: there for one, there in spans.items() if one in free or every[one]["authority"] == "structured"}
    first = frozenset(every)
    found = {**nearest(others, spans, first), **nearest(structured, apart, first)}
    became = {one: _became(row) for one, row in closed.items() if row["became"] is not None}
    ended = {one: _last_pieces(one, became) for one in became}
    open_: dict[str, str] = {}
    again: dict[str, str] = {}
    for mark, one in found.items():
        if one in ended:
            open_[mark] = nearest({mark: left[mark]}, {to: spans.get(to, ()) for to in ended[one]}).get(
                mark, ended[one][0]
            )
        elif one in reviewed:
            open_[mark] = one
        elif one in closed:
            again[mark] = one
    told = {one: mark for mark, one in reversed(found.items()) if one in every and one not in ended}
    pieces = {piece for one in found.values() if one in ended for piece in ended[one]}
    return _Near(
        open=open_,
        again=again,
        judged=frozenset(one for one in found.values() if one in every),
        back=frozenset(one for one in pieces & closed.keys() if one in spans),
        told=frozenset(told.values()),
        changed={mark: one for mark, one in found.items() if one in free},
    )


def _ended_here(db: Db, session_id: str) -> list[dict[str, object]]:
    """Reviewed decisions that are no longer held, of this session and of those that it came after at its place."""
    before = [str(row["session_id"]) for row in fetched(db, "predecessors", session_id=session_id)]
    return list(fetched(db, "put_away_at", sessions=json.dumps([session_id, *before])))


def _became(row: Row) -> list[str]:
    return [str(one) for one in json.loads(str(row["became"]))]


def _last_pieces(decision_id: str, became: Mapping[str, list[str]]) -> list[str]:
    """What a decision became in the end, where its pieces were divided or joined in their turn."""
    due, seen, last = [decision_id], {decision_id}, list[str]()
    while due:
        for one in became[due.pop()]:
            if one in seen:
                continue
            seen.add(one)
            (due if one in became else last).append(one)
    return last or became[decision_id]


def _unreviewed(db: Db, ingested: Ingested, candidates: Mapping[str, Candidate], session_id: str) -> Paired:
    held = {
        str(row["fingerprint"]): str(row["decision_id"]) for row in fetched(db, "held_marks", session_id=session_id)
    }
    ids = {mark: decision_id for mark, decision_id in held.items() if mark in candidates}
    gone = tuple(one for mark, one in held.items() if mark not in candidates)
    left = {mark: one for mark, one in candidates.items() if mark not in ids}
    spans = chosen_spans(db, gone, session_id, ingested.session.utterances) if gone and left else {}
    changed = {one: mark for mark, one in nearest(left, spans).items()}
    return Paired(ids, {}, gone, changed=changed)


def _put_away(db: Db, ingested: Ingested, left: Iterable[Candidate], uri: str) -> list[dict[str, object]]:
    session = ingested.session
    place = session.native_id if session.identity == "native" else uri
    wanted = sorted({review_mark(session.kind, place, _choice(one)) for one in left})
    return list(fetched(db, "put_away", marks=json.dumps(wanted))) if wanted else []


def _by_words(candidates: Mapping[str, Candidate], held: Sequence[Row]) -> dict[str, str]:
    """Candidates that chose the same words as a decision held: of the same subject first, then where each is alone."""
    found: dict[str, str] = {}
    for fits in (_is_same, _has_same_words):
        free = [row for row in held if row["decision_id"] not in found.values()]
        left = {mark: candidate for mark, candidate in candidates.items() if mark not in found}
        for mark, candidate in left.items():
            likely = [row for row in free if fits(candidate, row)]
            if len(likely) == 1 and sum(fits(rival, likely[0]) for rival in left.values()) == 1:
                found[mark] = str(likely[0]["decision_id"])
    return found


def _is_same(candidate: Candidate, row: Row) -> bool:
    return _has_same_words(candidate, row) and same_words(candidate.subject) == same_words(str(row["subject"]))


def _has_same_words(candidate: Candidate, row: Row) -> bool:
    """What a source states itself is not taken for what was recorded beside it."""
    is_apart = candidate.authority == "structured" and row["authority"] != "structured"
    return not is_apart and same_words(_choice(candidate)) == same_words(str(row["choice"]))


def _choice(candidate: Candidate) -> str:
    return choice_spans(candidate)[0].quote
