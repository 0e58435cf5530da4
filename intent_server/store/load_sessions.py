"""Rows to answers: sessions, what names them, and their utterances."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from intent_server.answers import Line, SessionAnswer
from intent_server.errors import AmbiguousId, NotFound
from intent_server.store.connect import Db
from intent_server.store.load import SHORT_ID_CHARS, utc
from intent_server.store.sql import query


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive utterances of one session, both ends included."""

    session_id: str
    first_utterance: int
    last_utterance: int


@dataclass(frozen=True, slots=True)
class Head:
    """What names a session, and when it was. `spoken_until` is None where only the file's time is known."""

    session_id: str
    source_id: str
    kind: str
    native_id: str
    title: str | None
    started_at: datetime | None
    spoken_until: datetime | None
    source: str

    @property
    def name(self) -> str:
        """Its title, else its file's name."""
        return self.title if self.title is not None else self.source.rpartition("/")[2]


def heads_named(db: Db, words: str, number: int | None = None) -> list[Head]:
    """The sessions held now in whose names these words stand, newest first; of '' all.

    `words`: case folded, slashes forward. `number`: the decision records that have it in a name too.
    """
    wanted = {"words": words, "number": None if number is None else str(number)}
    return [_head(row, row[7]) for row in db.execute(query("session_heads"), wanted).fetchall()]


def ids_from(db: Db, start: str, limit: int) -> list[str]:
    """The ids of sessions held now that begin so, the newest first."""
    return [row[0] for row in db.execute(query("session_ids_from"), {"start": start, "limit": limit}).fetchall()]


def heads_of(db: Db, session_ids: Collection[str]) -> dict[str, Head]:
    """What names these sessions, by id; those not held now are left out."""
    rows = db.execute(query("heads_of"), {"session_ids": list(session_ids)}).fetchall() if session_ids else []
    wanted = {"source_ids": list({row[1] for row in rows})}
    uris = dict(db.execute(query("source_uris"), wanted).fetchall() if rows else [])
    return {row[0]: _head(row, uris[row[1]]) for row in rows}


def _head(row: tuple[str, str, str, str, str | None, datetime | None, datetime | None], source: str) -> Head:
    return Head(*row[:5], utc(row[5]), utc(row[6]), source)


def sources_heard_until(db: Db, session_ids: Collection[str]) -> datetime | None:
    """The newest moment that the sources of these sessions speak of; None where they have no date but the files'."""
    if not session_ids:
        return None
    wanted = {"session_ids": list(session_ids)}
    sources = {"source_ids": list({source for (source,) in db.execute(query("sources_of"), wanted).fetchall()})}
    row = db.execute(query("sources_heard_until"), sources).fetchone()
    return utc((row or (None,))[0])


def sessions(db: Db, *, limit: int, offset: int = 0, doubtful: bool = False) -> list[SessionAnswer]:
    """Sessions newest first, without their utterances. `doubtful`: they name decisions that wait for review too."""
    parameters = {"session_id": None, "limit": limit, "offset": offset, "doubtful": doubtful}
    return [_session(row) for row in db.execute(query("sessions"), parameters).fetchall()]


def session(db: Db, session_id: str, *, doubtful: bool = False) -> SessionAnswer:
    """One session by its full id, without its utterances. `doubtful`: as for `sessions`.

    Raises: NotFound.
    """
    parameters = {"session_id": session_id, "limit": 1, "offset": 0, "doubtful": doubtful}
    row = db.execute(query("sessions"), parameters).fetchone()
    if row is None:
        raise NotFound("session", session_id, "`intent sql` over intent.sessions lists them; `search` finds some.")
    return _session(row)


def notes(db: Db, session_ids: Collection[str]) -> dict[str, list[str]]:
    """What was noted of these sessions as they were read, by id; of those held now."""
    found = db.execute(query("session_notes"), {"session_ids": list(session_ids)}).fetchall() if session_ids else []
    return {session: json.loads(text) for session, text in found}


def session_id(db: Db, wanted: str) -> str:
    """The full id of the session meant by an id, the start or end of one, a title or a file's name.

    Raises: NotFound, AmbiguousId.
    """
    found = fitting_sessions(db, wanted)
    if not found:
        raise NotFound("session", wanted, "Give its id or its title; the hits of `search` name theirs.")
    if len(found) > 1:
        raise AmbiguousId("session", wanted, found)
    return found[0]


def fitting_sessions(db: Db, wanted: str) -> list[str]:
    """Ids of the sessions that these words may mean, at most 11; only those that they fit best."""
    parameters = {"wanted": wanted, "short": len(wanted) >= SHORT_ID_CHARS}
    return [row[0] for row in db.execute(query("session_ids"), parameters).fetchall()]


def lines(db: Db, stretches: Sequence[Stretch]) -> list[list[Line]]:
    """The utterances of each stretch, in the order given."""
    rows = db.execute(
        query("utterances_in"),
        {
            "session_ids": [stretch.session_id for stretch in stretches],
            "firsts": [stretch.first_utterance for stretch in stretches],
            "lasts": [stretch.last_utterance for stretch in stretches],
        },
    ).fetchall()
    found: list[list[Line]] = [[] for _ in stretches]
    for row in rows:
        line = Line(
            utterance_index=row[1],
            speaker=row[2],
            role=row[3],
            said_at=utc(row[4]),
            start_ms=row[5],
            topic=row[6],
            locator=row[7],
            recorded_text=row[8],
            doubt=row[9],
        )
        found[row[0]].append(line)
    return found


def _session(row: tuple[object, ...]) -> SessionAnswer:
    """From a row of queries/sessions.sql."""
    return SessionAnswer.model_validate(
        {
            "session_id": row[0],
            "title": row[1],
            "kind": row[2],
            "project": row[3],
            "branch": row[4],
            "started_at": _moment(row[5]),
            "ended_at": _moment(row[6]),
            "time_basis": row[7],
            "notes": json.loads(str(row[8])),
            "source": row[9],
            "utterance_count": row[10],
            "language": row[11],
            "decisions": row[12],
            "lines": [],
        }
    )


def _moment(value: object) -> datetime | None:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None
