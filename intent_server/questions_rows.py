"""The indexed documents as columns in memory, in the order they came: appended to, marked gone, never moved.

Numbers of documents are never given twice, so that a held one stays what it is until it goes. The large columns grow in
place: what a question holds is a view of their beginning, and nobody writes there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from intent_server.store.connect import Db
from intent_server.store.load_index import Indexed, codes, document_numbers, document_places, indexed, is_whole_up_to

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Int32s = npt.NDArray[np.int32]
Places = npt.NDArray[np.intp]
Number = TypeVar("Number", bound=np.generic)

_SLACK = 1.125
"""How much longer than needed a column that grows in place is made: at 1 million documents 32 MB."""


@dataclass(frozen=True, slots=True)
class Coded:
    """The int8 code of each document, its length, and the signs of its components, 64 to a word.

    Shape: codes (n, dimensions), norms (n,), signs (words, n). A document without a code has zeros.
    """

    codes: npt.NDArray[np.int8]
    norms: Floats
    signs: npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Where each held document stands. All columns are as long; a place is a position in them.

    `session_nos`: positions in `session_ids`. `decision_ids`: b'' for conversation. `before`, `after`: the places of
    the stretches of conversation on either side, -1 where there is none. `place_of`: by document number, -1 for those
    not held. `last_no`: the highest number seen. `is_here`: False for those that went.
    """

    document_nos: npt.NDArray[np.int64]
    is_decision: Bools
    session_nos: Int32s
    session_ids: Sequence[str]
    decision_ids: npt.NDArray[np.bytes_]
    firsts: Int32s
    lasts: Int32s
    term_counts: Int32s
    before: Int32s
    after: Int32s
    is_here: Bools
    place_of: Int32s
    last_no: int
    coded: Coded

    @property
    def count(self) -> int:
        """How many documents are held now."""
        return int(np.count_nonzero(self.is_here))

    def place(self, number: int) -> int | None:
        """Where a document stands; None for one that is not held."""
        at = int(self.place_of[number]) if 0 <= number < len(self.place_of) else -1
        return at if at >= 0 else None

    def places(self, numbers: Sequence[int] | npt.NDArray[np.int64]) -> Places:
        """Where these documents stand; those not held are left out."""
        wanted = np.asarray(numbers, dtype=np.int64)
        found = self.place_of[wanted[wanted < len(self.place_of)]]
        return found[found >= 0].astype(np.intp)

    def session_id(self, place: int) -> str:
        """The session of the document at a place."""
        return self.session_ids[int(self.session_nos[place])]

    def in_session(self, session_id: str) -> Places:
        """The places of a session's documents."""
        if session_id not in self.session_ids:
            return np.empty(0, dtype=np.intp)
        return np.flatnonzero((self.session_nos == self.session_ids.index(session_id)) & self.is_here)

    def of_decisions(self, decision_ids: Collection[str]) -> Places:
        """The places of these decisions' documents, rising.

        In one pass for all: among a million documents one takes 3 ms, and a run may change thousands of decisions.
        """
        if not decision_ids:
            return np.empty(0, dtype=np.intp)
        wanted = np.sort(np.array([one.encode() for one in decision_ids], dtype=np.bytes_))
        decided = np.flatnonzero(self.is_decision)
        held = self.decision_ids[decided]
        found = wanted[np.minimum(np.searchsorted(wanted, held), len(wanted) - 1)]
        places: Places = decided[found == held]
        return places

    def ordered(self, places: Places) -> Places:
        """These places by session and then as said, the conversation before the decisions.

        The same for the same documents, whatever their numbers, so that a store that grew and one that was rebuilt
        give one answer.
        """

        sessions, at = np.unique(self.session_nos[places], return_inverse=True)
        rank = np.empty(len(sessions), dtype=np.intp)
        rank[np.argsort([self.session_ids[one] for one in sessions])] = np.arange(len(sessions))
        spoken = self.lasts[places], self.firsts[places], self.is_decision[places]
        keys = self.document_nos[places], self.decision_ids[places], *spoken, rank[at]
        found: Places = places[np.lexsort(keys)]
        return found

    def in_line(self, places: Places) -> tuple[Places, Bools]:
        """(positions, which positions go on from the one before) of ordered places in a line of conversation.

        As they would stand among all documents, as far as two steps between them go: all that lies further apart does
        not go on.
        """
        first, second = places[:-1], places[1:]
        one_on = self.after[first]
        two_on = np.where(one_on >= 0, self.after[one_on], -1)
        steps = np.select([one_on == second, two_on == second], [1, 2], default=3)
        positions = np.concatenate((np.zeros(min(1, len(places)), dtype=np.intp), np.cumsum(steps, dtype=np.intp)))
        follows = np.zeros(int(positions[-1]) + 1 if len(positions) else 0, dtype=np.bool_)
        follows[positions[1:]] = steps < 3
        follows[positions[1:][steps == 2] - 1] = True
        return positions, follows


def read(db: Db, revision: str, dimensions: int) -> Rows:
    """All documents of the store, with the codes that the model of this revision made of them."""
    return appended(_none(dimensions), db, revision)


def renewed(held: Rows, db: Db, revision: str) -> Rows | None:
    """The held documents without those that went and with those that came since; None where most of them went."""
    kept = held if is_whole_up_to(db, held.last_no, held.count) else _without_gone(held, document_numbers(db))
    return appended(kept, db, revision) if 2 * kept.count >= len(kept.document_nos) else None


def placed_anew(rows: Rows, db: Db, decision_ids: Sequence[str]) -> Rows:
    """The same documents, those of these decisions where they stand now: a decision may move into another session."""
    for number, session_id, first, last in document_places(db, decision_ids):
        at = rows.place(number)
        if at is not None and (rows.session_id(at), int(rows.firsts[at]), int(rows.lasts[at])) != (
            session_id,
            first,
            last,
        ):
            rows = _moved(rows, at, session_id, first, last)
    return rows


def appended(held: Rows, db: Db, revision: str) -> Rows:
    """The held documents and those numbered above the last one."""
    new = indexed(db, after=held.last_no)
    size = len(new.document_nos)
    if not size:
        return held
    start = len(held.document_nos)
    session_ids, session_nos = _numbered(held.session_ids, new)
    decision_ids = np.zeros(size, dtype=f"S{max(new.decision_ids.dtype.itemsize, 1)}")
    decision_ids[new.is_decision] = new.decision_ids
    last_no = int(new.document_nos[-1])
    place_of = np.full(last_no + 1, -1, dtype=np.int32)
    place_of[: len(held.place_of)] = held.place_of
    place_of[new.document_nos] = np.arange(start, start + size)
    grown = replace(
        held,
        document_nos=_joined(held.document_nos, new.document_nos),
        is_decision=_joined(held.is_decision, new.is_decision),
        session_nos=_joined(held.session_nos, session_nos),
        session_ids=session_ids,
        decision_ids=np.concatenate((held.decision_ids, decision_ids)),
        firsts=_joined(held.firsts, new.firsts),
        lasts=_joined(held.lasts, new.lasts),
        term_counts=_joined(held.term_counts, new.term_counts),
        before=_joined(held.before, np.full(size, -1)),
        after=_joined(held.after, np.full(size, -1)),
        is_here=_joined(held.is_here, np.ones(size)),
        place_of=place_of,
        last_no=last_no,
        coded=_coded(held.coded, size),
    )
    _fill(grown, db, held.last_no, revision)
    return _linked(grown, np.unique(session_nos), start)


def _moved(held: Rows, place: int, session_id: str, first: int, last: int) -> Rows:
    session_ids = held.session_ids if session_id in held.session_ids else (*held.session_ids, session_id)
    session_nos, firsts, lasts = held.session_nos.copy(), held.firsts.copy(), held.lasts.copy()
    session_nos[place], firsts[place], lasts[place] = session_ids.index(session_id), first, last
    return replace(held, session_ids=session_ids, session_nos=session_nos, firsts=firsts, lasts=lasts)


def _none(dimensions: int) -> Rows:
    no, flags = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.bool_)
    words = -(-dimensions // 64)
    coded = Coded(
        np.empty((0, dimensions), dtype=np.int8), np.empty(0, dtype=np.float32), np.empty((words, 0), dtype=np.uint64)
    )
    return Rows(
        document_nos=np.empty(0, dtype=np.int64),
        is_decision=flags,
        session_nos=no,
        session_ids=(),
        decision_ids=np.empty(0, dtype="S1"),
        firsts=no,
        lasts=no,
        term_counts=no,
        before=no,
        after=no,
        is_here=flags,
        place_of=no,
        last_no=-1,
        coded=coded,
    )


def _joined(held: npt.NDArray[Number], new: npt.NDArray[np.generic]) -> npt.NDArray[Number]:
    return np.concatenate((held, new.astype(held.dtype)))


def _numbered(session_ids: Sequence[str], new: Indexed) -> tuple[Sequence[str], Int32s]:
    """The sessions with the new ones after them, and those of the new documents by their positions there."""
    known = {one: at for at, one in enumerate(session_ids)}
    for one in new.session_ids:
        known.setdefault(one, len(known))
    places = np.array([known[one] for one in new.session_ids], dtype=np.int32)
    return tuple(known), places[new.session_nos]


def _coded(held: Coded, size: int) -> Coded:
    """Room for so many codes after the held ones."""
    return Coded(_grown(held.codes, size, axis=0), _grown(held.norms, size, axis=0), _grown(held.signs, size, axis=1))


def _grown(held: npt.NDArray[Number], size: int, *, axis: int) -> npt.NDArray[Number]:
    """The column with `size` zeros after it, in the same memory where there is room: only the newest one is grown."""
    start = held.shape[axis]
    end = start + size
    room = held.base if isinstance(held.base, np.ndarray) and held.base.shape[axis] >= end else None
    if room is None:
        shape = list(held.shape)
        shape[axis] = int(end * _SLACK)  # from the first on: memory that nobody has touched costs nothing
        room = np.zeros(shape, dtype=held.dtype)
        room[_until(start, axis)] = held
    else:
        room[_until(end, axis)][_since(start, axis)] = 0
    return room[_until(end, axis)]


def _until(end: int, axis: int) -> tuple[slice, ...]:
    return (slice(None),) * axis + (slice(end),)


def _since(start: int, axis: int) -> tuple[slice, ...]:
    return (slice(None),) * axis + (slice(start, None),)


def _fill(rows: Rows, db: Db, after: int, revision: str) -> None:
    """Write the codes of the documents numbered above `after` into their room."""
    coded = rows.coded
    dimensions = coded.codes.shape[1]
    for numbers, block in codes(db, revision, dimensions, after=after):
        known = (numbers < len(rows.place_of)) & (numbers >= 0)
        places = rows.place_of[numbers[known]]
        places, block = places[places >= 0], block[known][places >= 0]
        wide = block.astype(np.float32)
        coded.codes[places] = block
        coded.norms[places] = np.sqrt(np.einsum("ij,ij->i", wide, wide))
        coded.signs[:, places] = signs(wide).T


def signs(vectors: Floats) -> npt.NDArray[np.uint64]:
    """The signs of each vector's components as bits. Shape: (n, dimensions) gives (n, words of 64)."""
    bits = np.packbits(vectors > 0, axis=1)
    spare = -bits.shape[1] % 8
    return np.ascontiguousarray(np.pad(bits, ((0, 0), (0, spare)))).view(np.uint64)


def _without_gone(held: Rows, numbers: npt.NDArray[np.int64]) -> Rows:
    """The held documents but those that are not among these numbers."""
    here = np.zeros(max(held.last_no, int(numbers.max(initial=-1))) + 1, dtype=np.bool_)
    here[numbers] = True
    is_here = held.is_here & here[held.document_nos]
    gone = np.flatnonzero(held.is_here & ~is_here)
    place_of = held.place_of.copy()
    place_of[held.document_nos[gone]] = -1
    kept = replace(held, is_here=is_here, place_of=place_of)
    return _linked(kept, np.unique(held.session_nos[gone]), len(held.document_nos))


def _linked(rows: Rows, session_nos: Int32s, start: int) -> Rows:
    """The same with the neighbours of the conversation in these sessions told anew; from `start` on all are new."""
    before, after = rows.before, rows.after
    older = np.flatnonzero(np.isin(rows.session_nos[:start], session_nos))
    places = np.concatenate((older, np.arange(start, len(rows.document_nos))))
    places = places[~rows.is_decision[places] & rows.is_here[places]]
    if len(older):
        before, after = before.copy(), after.copy()
        before[older] = after[older] = -1
    keys = (rows.document_nos, rows.lasts, rows.firsts, rows.session_nos)
    places = places[np.lexsort([key[places] for key in keys])].astype(np.int32)
    joins = rows.session_nos[places[1:]] == rows.session_nos[places[:-1]]
    before[places[1:][joins]] = places[:-1][joins]
    after[places[:-1][joins]] = places[1:][joins]
    return replace(rows, before=before, after=after)
