"""The write side: a decision that a person or agent states, with quotes from a session or from what they say now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

from ingest.fingerprint import fingerprint
from ingest.language import heard_in
from ingest.records import Candidate, Part, Person, Role, Session, Span, Status, TimeBasis, Utterance
from ingest.text import folded
from intent_server.answers import Decision
from intent_server.answers_record import Recorded
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.embed_models import chosen_model
from intent_server.errors import BadRequest, NotFound
from intent_server.moments import Now, moment_of
from intent_server.record_acts import Acting, acting, settle_all, standing
from intent_server.record_held import already_held, found_in_the_words
from intent_server.record_quotes import Claimed as Claimed
from intent_server.record_quotes import Placed, checked, clean, placed, placed_in
from intent_server.record_supersede import check_supersession, superseders
from intent_server.search_documents import index_documents
from intent_server.store import load
from intent_server.store.change import close_decisions
from intent_server.store.connect import Db, open_reader
from intent_server.store.ids import ids
from intent_server.store.index import IndexDocument, Model, index_decision, index_session, unindex_decision
from intent_server.store.known import known_as
from intent_server.store.review import Done, add_act
from intent_server.store.rows import (
    Row,
    decision_content,
    decision_fingerprint,
    decision_rows,
    fetched,
    insert,
    session_facts,
    session_fingerprint,
    stamp,
    tell_language,
    utterance_row,
    utterances_fingerprint,
)
from intent_server.store.save import Origin, insert_decisions, source_id

EXTRACTOR = "stated/1"
KIND = "statement"
"""The kind of a session that holds what somebody stated here and now."""
_STATUSES = ("proposed", "accepted", "declined")


@dataclass(frozen=True, slots=True)
class Stated:
    """A decision as somebody states it; exactly one part is the choice. `supersedes`: id of the one it replaces."""

    subject: str
    parts: tuple[Claimed, ...]
    status: Status = "accepted"
    people: tuple[Person, ...] = ()
    supersedes: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement checked and placed: all that is left is to write it."""

    candidate: Candidate
    session: Session
    """For a decision from a session held, only what its row needs."""
    session_id: str | None
    """None for a statement."""
    documents: tuple[IndexDocument, ...]
    model: Model
    supersedes: str | None


def record_decision(
    settings: Settings,
    stated: Stated,
    *,
    by: Actor,
    now: Now,
    session: str | None = None,
    statement: str | None = None,
    utterance: int | None = None,
    embedder: Callable[[], Embedder] | None = None,
) -> Recorded:
    """Put a stated decision into the record; the same again changes nothing.

    Its quotes stand in `session` (id, title or the source's own id), in `statement`, or, without either, in exactly
    one of the sessions held; what is kept are the words as they stand there. `utterance`: where the choice is said to
    stand, for words that stand in several. What the record already holds of a session in the choice's words is not
    held twice: what extraction found gives way, anything firmer stays and is told.
    Raises: QuotesMissing with the nearest text; BadRequest, NotFound, AmbiguousId; the errors of the store.
    """
    if session is not None and statement is not None:
        raise BadRequest("Give `session` or `statement`, not both: quotes stand in one of them.")
    known = _checked(stated)
    model = (embedder or chosen_model(settings))()
    if statement is not None:
        ready = _from_statement(known, clean(statement, "statement"), by, moment_of(now), model)
    else:
        with open_reader(settings.store, wait_s=settings.wait_s) as db:
            places = placed(db, known.parts, session=session, utterance=utterance)
            ready = _from_session(known, places, db, model)
    with acting(settings, by, now, makes_store=statement is not None) as act:
        return _written(act, ready)


def _checked(stated: Stated) -> Stated:
    choices = sum(claim.kind == "choice" for claim in stated.parts)
    if choices != 1:
        raise BadRequest(f"{choices} choices are given; exactly one is needed: the words that say what was decided.")
    if stated.status not in _STATUSES:
        raise BadRequest(f"status='{stated.status}' is none of {', '.join(_STATUSES)}. `supersedes` replaces another.")
    if stated.decided_at is not None and stated.decided_at.tzinfo is None:
        raise BadRequest(f"decided_at='{stated.decided_at.isoformat()}' has no zone. Give it with one, as ...Z.")
    people = tuple(Person(clean(one.name, "person's name"), one.role) for one in stated.people)
    subject = folded(clean(stated.subject, "subject"))
    return replace(stated, subject=subject, parts=checked(stated.parts), people=tuple(dict.fromkeys(people)))


def _candidate(stated: Stated, spans: tuple[Span, ...]) -> Candidate:
    """The decision; the choice comes first, reasons after the alternatives they are about."""
    order = sorted(range(len(spans)), key=lambda at: (stated.parts[at].kind != "choice", at))
    moved: dict[int | None, int | None] = {None: None, **{old: new for new, old in enumerate(order)}}
    parts = [Part(stated.parts[at].kind, (spans[at],), moved[stated.parts[at].about]) for at in order]
    return Candidate(
        subject=stated.subject,
        status=stated.status,
        authority="recorded",
        confidence=1.0,
        parts=tuple(parts),
        extractor=EXTRACTOR,
        people=stated.people,
        decided_at=stated.decided_at,
    )


def _from_statement(stated: Stated, text: str, by: Actor, now: datetime, model: Embedder) -> _Ready:
    role: Role = "person" if by.client is None else "assistant"
    said = Utterance(0, text, role, "statement", speaker=by.label, said_at=now)
    session = Session(
        kind=KIND,
        native_id=fingerprint([by.label, text]),
        utterances=(said,),
        kept=1,
        identity="content",
        title=folded(text, 80),
        started_at=now,
        time_basis="source",
    )
    candidate = _candidate(stated, placed_in(text, stated.parts))
    documents = index_documents(session.utterances, [(0, candidate)], model)
    return _Ready(candidate, session, None, documents, Model(model.name, model.revision), stated.supersedes)


def _from_session(stated: Stated, places: Placed, db: Db, model: Embedder) -> _Ready:
    candidate = _candidate(stated, places.spans)
    documents = index_documents((), [(0, candidate)], model)
    said = Session(kind="", native_id="", utterances=(), kept=0)
    return _Ready(candidate, said, places.session_id, documents, Model(model.name, model.revision), stated.supersedes)


def _written(act: Acting, ready: _Ready) -> Recorded:
    session_id = ready.session_id or _statement_session(act, ready)
    session, candidate = _dated(act.db, ready, session_id)
    held = list(fetched(act.db, "held_decisions", session_id=session_id))
    mark = decision_fingerprint(decision_content(candidate, session))
    same = next((str(row["decision_id"]) for row in held if row["fingerprint"] == mark), None)
    if same is not None:
        return _again(act, same, ready.supersedes)
    older = None if ready.supersedes is None else standing(act.db, ready.supersedes)[0]
    if ready.session_id is not None and older is None:
        firm = already_held(act, held, candidate)
        if firm is not None:
            return Recorded(outcome="already_held", decision=_held(act.db, firm))
    gave_way = _give_way(act, held, candidate)
    new = ids(act.trail.now)
    rows = decision_rows(candidate, session, session_id=session_id, new=new, now=act.trail.now)
    decision_id = str(rows["decisions"][0]["decision_id"])
    insert_decisions(act.db, [rows])
    act.trail.note("add", "decision", decision_id, after=mark)
    add_act(
        act.db, act.trail, act.by, decision_id, Done("recorded", changes={"gave_way": gave_way} if gave_way else {})
    )
    own = [document for document in ready.documents if document.candidate is not None]
    index_decision(act.db, session_id, decision_id, own, ready.model)
    if older is not None:
        _replace(act, older, decision_id)
    return Recorded(outcome="recorded", decision=_held(act.db, decision_id), replaces=gave_way)


def _again(act: Acting, wanted: str, supersedes: str | None) -> Recorded:
    """A decision that was stated before; new is only what it is said to replace.

    Raises: BadRequest where it was dismissed since, or may not replace the other one.
    """
    decision_id, _ = standing(act.db, wanted)
    older = None if supersedes is None else standing(act.db, supersedes)[0]
    if older is None or decision_id in superseders(act.db, older):
        return Recorded(outcome="unchanged", decision=_held(act.db, decision_id))
    _replace(act, older, decision_id)
    return Recorded(outcome="recorded", decision=_held(act.db, decision_id))


def _replace(act: Acting, older: str, newer: str) -> None:
    check_supersession(act.db, newer, older)
    add_act(act.db, act.trail, act.by, older, Done("superseded", other_decision_id=newer))
    settle_all(act, [older, newer], reason="superseded")


def _statement_session(act: Acting, ready: _Ready) -> str:
    """The session that holds the statement: the one held since it was stated before, else a new one."""
    session, uri = ready.session, f"stated:{act.by.label}"
    held = next((one for one in known_as(act.db, KIND, session.native_id) if one.uri == uri), None)
    if held is not None:
        return held.session_id
    session_id = next(ids(act.trail.now))
    source = source_id(act.db, act.trail, Origin(uri, KIND))
    facts = session_facts(session)
    words = [utterance_row(utterance) for utterance in session.utterances]
    mark = session_fingerprint(facts, utterances_fingerprint(words, session.time_basis))
    made = {"session_id": session_id, "source_id": source, "recorded_from": stamp(act.trail.now)}
    insert(act.db, "sessions", [{**facts, **made, "utterance_count": len(words), "fingerprint": mark}])
    tell_language(act.db, session_id, heard_in(session.utterances))
    insert(act.db, "utterances", [{**row, "session_id": session_id} for row in words])
    act.trail.note("add", "session", session_id, after=mark)
    talk = [document for document in ready.documents if document.candidate is None]
    index_session(act.db, session_id, talk, (), ready.model)
    return session_id


def _dated(db: Db, ready: _Ready, session_id: str) -> tuple[Session, Candidate]:
    """The session as far as a decision's row needs it, and the decision with its date."""
    index = ready.candidate.parts[0].spans[0].utterance_index
    row = next(fetched(db, "said_at", session_id=session_id, utterance_index=index), None)
    if row is None:
        raise NotFound("session", session_id, "It was replaced just now by what its source says since. Try again.")
    said = None if row["said_at"] is None else datetime.fromisoformat(str(row["said_at"])).replace(tzinfo=UTC)
    session = replace(ready.session, time_basis=cast(TimeBasis, row["time_basis"]), utterances=())
    return session, replace(ready.candidate, decided_at=ready.candidate.decided_at or said)


def _give_way(act: Acting, held: Sequence[Row], candidate: Candidate) -> list[str]:
    """End what the extractor found in the same words: it is stated now; `undo` brings it back."""
    found = found_in_the_words(act.db, held, candidate)
    close_decisions(act.db, act.trail, found, reason="recorded in so many words")
    for decision_id in found:
        unindex_decision(act.db, decision_id)
    return found


def _held(db: Db, decision_id: str) -> Decision:
    return load.decisions(db, [decision_id])[0]
