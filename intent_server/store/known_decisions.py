"""Which of the decisions held are those that a session's source gives now.

One that nobody reviewed is the one whose content is equal. A reviewed one is also known by the words it chose: whatever
a newer extractor makes of them, what people or agents said here stands, and is not held twice.
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


@dataclass(frozen=True, slots=True)
class Paired:
    """What a session's candidates are to the decisions held; candidates by their fingerprint."""

    ids: Mapping[str, str]
    """Open decisions that candidates are."""
    again: Mapping[str, str]
    """Reviewed decisions that were closed, whose words candidates bring again."""
    gone: tuple[str, ...]
    """Open decisions that no candidate is any more."""
    kept: frozenset[str] = field(default_factory=frozenset)
    """Open decisions that ingestion leaves alone."""


def paired_decisions(db: Db, ingested: Ingested, marks: Sequence[str], session_id: str, uri: str) -> Paired:
    """The candidates of a session against what is held in it. `marks`: their fingerprints, by position."""
    candidates = dict(zip(marks, ingested.candidates, strict=True))
    if db.execute(query("any_review")).fetchone() is None:  # spares a run of many sessions two slow queries each
        return _unreviewed(db, frozenset(candidates), session_id)
    held = list(fetched(db, "held_decisions", session_id=session_id))
    ids = {str(row["fingerprint"]): str(row["decision_id"]) for row in held if row["fingerprint"] in candidates}
    taken = set(ids.values())
    kept = [row for row in held if row["is_kept"]]
    left = {mark: one for mark, one in candidates.items() if mark not in ids}
    worded = _by_words(left, [row for row in held if row["is_reviewed"] and row["decision_id"] not in taken])
    ids |= worded
    left = {mark: one for mark, one in left.items() if mark not in ids}
    known = set(ids.values()) | {str(row["decision_id"]) for row in kept}
    return Paired(
        ids=ids,
        again=_by_words(left, _put_away(db, ingested, left.values(), uri)),
        gone=tuple(str(row["decision_id"]) for row in held if row["decision_id"] not in known),
        kept=frozenset((*(str(row["decision_id"]) for row in kept), *worded.values())),
    )


def doubled_decisions(db: Db, ingested: Ingested, marks: Sequence[str], session_id: str, uri: str) -> dict[str, str]:
    """Open decisions of a session that nobody reviewed, each with the reviewed one whose words it says again.

    They were added while a session that the same place gave before was still open.
    """
    if db.execute(query("any_review")).fetchone() is None:
        return {}
    held = list(fetched(db, "held_decisions", session_id=session_id))
    new = {str(row["fingerprint"]): str(row["decision_id"]) for row in held if not row["is_reviewed"]}
    reviewed = [row for row in held if row["is_reviewed"]]
    candidates = dict(zip(marks, ingested.candidates, strict=True))
    own = (candidates.keys() & {str(row["fingerprint"]) for row in reviewed}) - new.keys()
    left = {mark: one for mark, one in candidates.items() if mark not in own}
    found = _by_words(left, [row for row in reviewed if row["fingerprint"] not in own])
    left = {mark: one for mark, one in left.items() if mark not in found}
    found |= _by_words(left, _put_away(db, ingested, left.values(), uri))
    return {new[mark]: decision_id for mark, decision_id in found.items() if mark in new}


def _unreviewed(db: Db, marks: frozenset[str], session_id: str) -> Paired:
    held = {
        str(row["fingerprint"]): str(row["decision_id"]) for row in fetched(db, "held_marks", session_id=session_id)
    }
    ids = {mark: decision_id for mark, decision_id in held.items() if mark in marks}
    return Paired(ids, {}, tuple(one for mark, one in held.items() if mark not in marks))


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
    return next(part.spans[0].quote for part in candidate.parts if part.kind == "choice")
