"""The store that a question reads: as it is, or as of another time.

The index of a past is that of now wherever the two agree; the rest is made anew, and remembered for the next question.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from intent_server.embed import Embedder
from intent_server.errors import BadRequest
from intent_server.questions_asker import Asker
from intent_server.questions_index import Held, PastIndex, bound, index_once, version_of, with_doubtful
from intent_server.search_documents import Placed, documents_of, placed_decisions, placed_windows
from intent_server.store import snapshot
from intent_server.store.connect import Db, open_reader
from intent_server.store.held import held_session
from intent_server.store.index import Fresh, Model
from intent_server.store.snapshot import Moment as Moment
from intent_server.store.snapshot import Past, Unindexed

NOW = Moment()
_REMEMBERED = 4
"""Pasts: who compares asks of the same two or three in turn. Each takes the memory that the present does."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A store, open for one question. `note`: what to know of an answer as of then."""

    db: Db
    note: str | None = None
    past: Past | None = None
    key: Hashable = None
    version: tuple[int, ...] = ()


@contextmanager
def opened(asker: Asker, moment: Moment = NOW) -> Iterator[Opened]:
    """The store as of a moment, for a question that does not search.

    Raises: BadRequest for a moment without a zone; the errors of the store.
    """
    _check(moment)
    place = asker.settings.store
    with open_reader(place, wait_s=asker.settings.wait_s) as db:
        if asker.warm is not None:
            asker.warm.keep()
        if not moment:
            yield Opened(db)
            return
        first, last = snapshot.recorded_span(db)
        note = _note(asker, moment, first)
        if moment.known_at is not None and last is not None and last <= moment.known_at:
            moment = Moment(moment.as_of)  # nothing was recorded since
        if not moment:
            yield Opened(db, note)
            return
        version = version_of(db, place)
        with snapshot.past(db, moment) as past:
            yield Opened(db, note, past, (place, version, moment), version)


@contextmanager
def searched(asker: Asker, moment: Moment = NOW, *, doubtful: bool = False) -> Iterator[tuple[Opened, Held]]:
    """The store as of a moment, with its index; with `doubtful` the decisions that waited for review are in it too.

    Raises: as opened.
    """
    with opened(asker, moment) as one:
        store = asker.held(one.db) if one.past is None else _held_then(asker, one, one.past)
        yield one, with_doubtful(store) if doubtful else store


def _held_then(asker: Asker, one: Opened, past: Past) -> Held:
    model, cache = asker.embedder(), asker.cache
    key = (one.key, model.revision)
    with cache.past_lock:
        known = cache.pasts.pop(key, None)
        if known is None:
            made = snapshot.complete(one.db, past, *_missing(one.db, model), Model(model.name, model.revision))
            known = PastIndex(made, index_once(one.db, asker.settings.store, one.version, model))
        else:
            snapshot.complete_again(one.db, past, known.made)
        cache.pasts[key] = known
        while len(cache.pasts) > _REMEMBERED:
            cache.pasts.popitem(last=False)
    return bound(one.db, known.index)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A text that a past has no document of."""

    session_id: str
    decision_id: str | None
    placed: Placed


def _missing(db: Db, model: Embedder) -> tuple[list[int], list[Fresh]]:
    """The documents that a past lacks: the numbers of those that the store has, and the others, made anew."""
    kept: list[int] = []
    wanted: list[_Wanted] = []
    for one in snapshot.unindexed(db):
        known, lacking = _of_session(db, one)
        kept += known
        wanted += lacking
    documents = documents_of([one.placed for one in wanted], model) if wanted else ()
    fresh = [Fresh(one.session_id, one.decision_id, each) for one, each in zip(wanted, documents, strict=True)]
    return kept, fresh


def _of_session(db: Db, session: Unindexed) -> tuple[list[int], list[_Wanted]]:
    held = held_session(db, session.session_id)
    has = snapshot.indexed_decisions(db, session.session_id)
    lacking = [(at, one) for at, one in enumerate(held.candidates) if held.decision_ids[at] not in has]
    wanted = [
        _Wanted(session.session_id, held.decision_ids[placed.candidate or 0], placed)
        for placed in placed_decisions(lacking)
    ]
    if not session.is_unsettled:
        return [], wanted
    later = snapshot.said_later(db, session.session_id)
    spoken = [utterance for utterance in held.utterances if utterance.index not in later]
    there = {utterance.index for utterance in spoken}
    now = snapshot.windows_now(db, session.session_id)
    windows: dict[tuple[int, int], list[Placed]] = {}
    for placed in placed_windows(spoken):
        windows.setdefault((placed.first_utterance, placed.last_utterance), []).append(placed)
    kept: list[int] = []
    for (first, last), pieces in windows.items():
        if len(now.get((first, last), ())) == len(pieces) and there.issuperset(range(first, last + 1)):
            kept += now[first, last]
        else:
            wanted += [_Wanted(session.session_id, None, placed) for placed in pieces]
    return kept, wanted


def _check(moment: Moment) -> None:
    for name, given in (("as_of", moment.as_of), ("known_at", moment.known_at)):
        if given is not None and given.tzinfo is None:
            raise BadRequest(f"{name}={given.isoformat()} has no time zone. Give it in UTC, with a Z at its end.")


def _note(asker: Asker, moment: Moment, first: datetime | None) -> str | None:
    """What to know of an answer as of then, where it is not what one would expect."""
    now = asker.clock()
    if moment.known_at is not None and moment.known_at > now:
        return "known_at is yet to come: answered from what the record knows now."
    if moment.known_at is not None and (first is None or moment.known_at < first):
        since = f"its first entry is of {first:%Y-%m-%d %H:%M} UTC" if first else "it is empty"
        return f"The record knew nothing at known_at: {since}."
    if moment.as_of is not None and moment.as_of > now:
        return "as_of is yet to come: answered by what is known of it now."
    return None
