"""The decisions that answers are made of: how all of them stand in memory, their words read when somebody asks.

A million decisions take some 60 bytes each; as whole values they took 1.5 GB and twenty seconds to read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from itertools import islice
from threading import Lock
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from intent_server.search_relevance import Told
from intent_server.store.connect import Db
from intent_server.store.load import SHORT_ID_CHARS, Core
from intent_server.store.load_sessions import Head, heads_of
from intent_server.store.load_states import AUTHORITIES, STATUSES, Place, States, cores_of
from intent_server.store.load_written import Written, written

Read = TypeVar("Read")

_KEPT_TEXTS = 20_000
"""Decisions whose words are kept in memory: some 20 MB."""
_KEPT_ROWS = 1_000
"""Decisions whose parts, quotes and people are kept in memory, for what is shown of them once they were judged."""
_KEPT_TOLD = 10_000
"""Decisions whose words are kept in memory as they are judged by: some 50 MB."""
_KEPT_HEADS = 20_000
"""Sessions whose names are kept in memory: some 15 MB."""
_UTTERANCE_BITS = 32
_MOST_UTTERANCES = (1 << _UTTERANCE_BITS) - 3
_PLACED = tuple(one.name for one in fields(Place))
_ID = re.compile(r"[0-9a-f-]+")  # what `store.ids` makes, or a piece of it


@dataclass(frozen=True, slots=True)
class Spoken:
    """Which decisions quote which utterances.

    `keys`: of a session's position and an utterance's index in it, rising; a decision that quotes nothing has -1 for
    the index. `numbers`: the decisions' positions.
    """

    keys: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int32]

    @staticmethod
    def of(states: States) -> Spoken:
        """Those of all the states."""
        counts = np.diff(states.first)
        every = np.arange(len(states.decision_ids), dtype=np.int32)
        numbers = np.concatenate((np.repeat(every, counts), every[counts == 0]))
        utterances = np.concatenate((states.utterances, np.full(int(np.count_nonzero(counts == 0)), -1)))
        keys = (states.session_nos[numbers].astype(np.int64) << _UTTERANCE_BITS) + 1 + utterances
        order = np.argsort(keys, kind="stable")
        return Spoken(keys[order], numbers[order])

    def within(self, session_no: int, first: int, last: int) -> list[int]:
        """The positions of the decisions that quote any of these utterances of a session, rising."""
        start = (session_no << _UTTERANCE_BITS) + 1
        low, high = np.searchsorted(self.keys, np.array([start + first, start + last + 1]))
        return sorted(set(self.numbers[low:high].tolist()))

    def of_session(self, session_no: int) -> list[int]:
        """The positions of all decisions of a session, rising."""
        return self.within(session_no, -1, _MOST_UTTERANCES)


@dataclass(frozen=True, slots=True)
class Standing:
    """How all decisions stand at one version of a store: as read once, and those that changed since.

    `newer`: None for one that is not held any more; `newer_in`: the others by session. What was read of them for all
    questions of this version: `texts`, `rows`, `told` (their words as they are judged by), `heads` of their sessions.
    """

    states: States
    spoken: Spoken
    newer: Mapping[str, Place | None] = field(default_factory=dict)
    newer_in: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    texts: dict[str, Core] = field(default_factory=dict)
    rows: dict[str, Written] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    heads: dict[str, Head] = field(default_factory=dict)
    session_numbers: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def place(self, decision_id: str) -> Place | None:
        """How a decision stands; None for one that is not held, or was dismissed."""
        if decision_id in self.newer:
            return self.newer[decision_id]
        wanted = decision_id.encode()
        at = bisect_left(self.states.decision_ids, wanted)  # for one id a tenth of the time of np.searchsorted
        if at == len(self.states.decision_ids) or self.states.decision_ids[at] != wanted:
            return None
        return self.at(at)

    def at(self, number: int) -> Place:
        """How the decision at a place among the states stands."""
        states = self.states
        return Place(
            states.decision_ids[number].decode(),
            states.session_ids[int(states.session_nos[number])],
            STATUSES[int(states.status_nos[number])],
            AUTHORITIES[int(states.authority_nos[number])],
            bool(states.is_doubtful[number]),
            bool(states.is_unclear[number]),
            tuple(states.utterances[states.first[number] : states.first[number + 1]].tolist()),
        )

    def ids(self, *, doubtful: bool) -> Iterator[str]:
        """The decisions that wait for review, or the others, by id."""
        old = self.states.decision_ids[self.states.is_doubtful == doubtful]
        kept = [one.decode() for one in old.tolist() if one.decode() not in self.newer]
        new = [one.decision_id for one in self.newer.values() if one is not None and one.is_doubtful == doubtful]
        yield from sorted((*kept, *new)) if new else kept

    def shown_of(self, decision_ids: npt.NDArray[np.bytes_], *, doubtful: bool) -> npt.NDArray[np.bool_]:
        """Which of these decisions were in answers as read at first; with `doubtful` those that wait for review too."""
        known = self.states.decision_ids
        shown = np.zeros(len(decision_ids), dtype=np.bool_)
        if len(known):
            at = np.minimum(np.searchsorted(known, decision_ids), len(known) - 1)
            shown = (known[at] == decision_ids) & (doubtful | ~self.states.is_doubtful[at])
        return shown

    def in_session(self, session_id: str) -> list[str]:
        """The decisions of a session, by id, be they doubtful or not."""
        old = self.spoken.of_session(self._session_no(session_id))
        kept = [one for one in (self.states.decision_ids[at].decode() for at in old) if one not in self.newer]
        return sorted((*kept, *(one.decision_id for one in self.newer_in.get(session_id, ()))))

    def said_within(self, session_id: str, first: int, last: int) -> list[str]:
        """The decisions that quote any of these utterances of a session, by id, be they doubtful or not."""
        old = self.spoken.within(self._session_no(session_id), first, last)
        kept = [one for one in (self.states.decision_ids[at].decode() for at in old) if one not in self.newer]
        new = [
            one.decision_id
            for one in self.newer_in.get(session_id, ())
            if any(first <= said <= last for said in one.utterances)
        ]
        return sorted((*kept, *new))

    def ids_named(self, name: str) -> list[str]:
        """The decisions whose id this is, or the start or end of it, by id, be they doubtful or not."""
        if len(name) < SHORT_ID_CHARS or not _ID.fullmatch(name):
            return []
        known, wanted = self.states.decision_ids, name.encode()
        size = known.dtype.itemsize
        low, high = np.searchsorted(known, wanted), np.searchsorted(known, (wanted + b"\x7f")[:size], side="right")
        old = set(known[low:high].tolist()) if len(wanted) <= size else set()
        old |= set(known[np.strings.endswith(known, wanted)].tolist()) if len(wanted) < size else set()
        kept = [one.decode() for one in old if one.decode() not in self.newer]
        new = [one for one, at in self.newer.items() if at and (one.startswith(name) or one.endswith(name))]
        return sorted((*kept, *new))

    def _session_no(self, session_id: str) -> int:
        """A session's position among the states' sessions; -1 for one that came later."""
        with self.lock:
            if not self.session_numbers:
                self.session_numbers.update({one: at for at, one in enumerate(self.states.session_ids)})
        return self.session_numbers.get(session_id, -1)

    def changed(self, states: States, ids: Collection[str]) -> Standing:
        """The same with these decisions as they stand now; nothing is known yet of sessions' names."""
        read = Standing(states, Spoken.of(states))
        fresh: dict[str, Place | None] = dict.fromkeys(ids)
        fresh |= {one.decision_id: one for one in map(read.at, range(len(states.decision_ids)))}
        kept = {one: words for one, words in self.texts.items() if one not in fresh}
        rows = {one: row for one, row in self.rows.items() if one not in fresh}
        told = {one: words for one, words in self.told.items() if one not in fresh}
        newer = {**self.newer, **fresh}
        newer_in: dict[str, list[Place]] = defaultdict(list)
        for one in newer.values():
            if one is not None:
                newer_in[one.session_id].append(one)
        return Standing(self.states, self.spoken, newer, dict(newer_in), kept, rows, told)

    def words(self, db: Db, ids: Collection[str]) -> Mapping[str, Core]:
        """These decisions with their words, by id; those not held are left out."""

        def read(unread: Collection[str]) -> Mapping[str, Core]:
            places = (self.place(one) for one in unread)
            return cores_of(db, [place for place in places if place is not None])

        return self._remembered(self.texts, _KEPT_TEXTS, ids, read)

    def written(self, db: Db, ids: Collection[str]) -> Mapping[str, Written]:
        """The parts, quotes and people of these decisions, by id."""
        return self._remembered(self.rows, _KEPT_ROWS, ids, partial(written, db))

    def learned(self, ids: Collection[str], read: Callable[[Sequence[str]], Mapping[str, Told]]) -> Mapping[str, Told]:
        """The words of these decisions as they are judged by, by id. `read`: those of decisions not met before."""
        return self._remembered(self.told, _KEPT_TOLD, ids, read)

    def names(self, db: Db, session_ids: Collection[str]) -> Mapping[str, Head]:
        """The names of these sessions, by id; of those held now."""
        return self._remembered(self.heads, _KEPT_HEADS, session_ids, partial(heads_of, db))

    def _remembered(
        self,
        held: dict[str, Read],
        most: int,
        ids: Collection[str],
        read: Callable[[list[str]], Mapping[str, Read]],
    ) -> Mapping[str, Read]:
        """What is held of these ids, in their order, the rest of it read; with more than `most` it begins anew."""
        with self.lock:
            known = {one: held[one] for one in ids if one in held}
        if unread := [one for one in dict.fromkeys(ids) if one not in known]:
            found = read(unread)
            known.update(found)
            with self.lock:
                if len(held) + len(found) > most:
                    held.clear()
                held.update(islice(found.items(), most))
        return {one: known[one] for one in ids if one in known}


class _Lazy(Core):
    """A decision whose words are read when somebody asks for one of them: the fields that are not set here."""

    __slots__ = ("_cores",)
    _cores: Cores

    def __init__(self, cores: Cores, place: Place) -> None:
        for name in _PLACED:
            object.__setattr__(self, name, getattr(place, name))
        object.__setattr__(self, "_cores", cores)

    def __getattr__(self, name: str) -> object:
        """A field that is not set."""
        return getattr(self._cores.whole(self.decision_id), name)


class Cores(Mapping[str, Core]):
    """Decisions by id, for one question. `kinds`: of those that wait for review (True), of the others (False).

    The words of one that is asked for are read by themselves; `have` reads those of many at once.
    """

    def __init__(self, db: Db, standing: Standing, kinds: Collection[bool]) -> None:
        self._db = db
        self._standing = standing
        self._kinds = frozenset(kinds)
        self._met: dict[str, Core | None] = {}

    def __getitem__(self, decision_id: str) -> Core:
        """A decision by its id."""
        found = self._found(decision_id)
        if found is None:
            raise KeyError(decision_id)
        return found

    def __contains__(self, decision_id: object) -> bool:
        """Whether it is one of these."""
        return isinstance(decision_id, str) and self._found(decision_id) is not None

    def __iter__(self) -> Iterator[str]:
        """The ids, rising."""
        each = [self._standing.ids(doubtful=kind) for kind in sorted(self._kinds)]
        return each[0] if len(each) == 1 else iter(sorted(one for ids in each for one in ids))

    def __len__(self) -> int:
        """How many there are."""
        return sum(1 for _ in self)

    def named(self, name: str) -> list[str]:
        """Those whose id this is, or the start or end of it, by id."""
        return [one for one in self._standing.ids_named(name) if one in self]

    def whole(self, decision_id: str) -> Core:
        """A decision with its words."""
        return self._standing.words(self._db, [decision_id])[decision_id]

    def have(self, ids: Collection[str]) -> Mapping[str, Core]:
        """These decisions with their words, by id; they are in memory from then on."""
        return self._standing.words(self._db, ids)

    def _found(self, decision_id: str) -> Core | None:
        if decision_id not in self._met:
            place = self._standing.place(decision_id)
            is_one = place is not None and place.is_doubtful in self._kinds
            self._met[decision_id] = _Lazy(self, place) if place is not None and is_one else None
        return self._met[decision_id]


class InSession(Mapping[str, Sequence[str]]):
    """The decisions of each session, for one question."""

    def __init__(self, cores: Cores, standing: Standing) -> None:
        self._cores = cores
        self._standing = standing
        self._met: dict[str, Sequence[str]] = {}

    def __getitem__(self, session_id: str) -> Sequence[str]:
        """The decisions of a session that has any, by id."""
        if session_id not in self._met:
            self._met[session_id] = [one for one in self._standing.in_session(session_id) if one in self._cores]
        if not self._met[session_id]:
            raise KeyError(session_id)
        return self._met[session_id]

    def said_within(self, session_id: str, first: int, last: int) -> list[str]:
        """Those that quote any of these utterances of a session, by id: without looking at its other decisions."""
        return [one for one in self._standing.said_within(session_id, first, last) if one in self._cores]

    def __iter__(self) -> Iterator[str]:
        """The sessions that have any."""
        return iter(dict.fromkeys(core.session_id for core in self._cores.values()))

    def __len__(self) -> int:
        """How many sessions have any."""
        return sum(1 for _ in self)
