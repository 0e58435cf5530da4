"""Part of `retrieve.py`: a store filled with a material's conversations, and what the product's search finds in it.

The conversations are saved and indexed by the product's own functions; decisions are not looked for in them, which
would take most of the time and changes nothing in how the conversation itself is found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import numpy as np
from retrieve_material import Material, Place, Question, Turn, Unit

from ingest.fingerprint import fingerprint
from ingest.records import Ingested, Session, Utterance
from ingest.text import normalise
from intent_server import questions, questions_turns
from intent_server.config import Settings
from intent_server.embed import Embedder
from intent_server.questions_asker import in_names_of
from intent_server.questions_hits import ranked
from intent_server.questions_index import Cache, Document, Held, find
from intent_server.questions_turns import looked_at
from intent_server.record_prepare import prepared
from intent_server.search_relevance import asked
from intent_server.search_words_near import Lexicon
from intent_server.store.connect import Db, open_reader, open_writer
from intent_server.store.save import Origin, Outline, save_session

Cut = Callable[[Sequence[Turn]], Sequence[tuple[int, int]]]
"""A conversation to its windows: the first and last turn of each."""
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asking:
    """A filled store, open for questions; `numbers`: which conversation each session is. `windows`: all documents."""

    asker: questions.Asker
    db: Db
    store: Held
    session_ids: Sequence[str]
    numbers: Mapping[str, int]
    windows: Mapping[int, Document]
    cuts: Sequence[Sequence[tuple[int, int]]]

    def number_of(self, document_no: int) -> int:
        """Which conversation a document is of."""
        return self.numbers[self.windows[document_no].session_id]

    def window_of(self, document_no: int) -> Place:
        """The window that holds the middle of a document."""
        at, number = self.windows[document_no], self.number_of(document_no)
        middle = (at.first_utterance + at.last_utterance) // 2
        return number, next(first for first, last in self.cuts[number] if first <= middle <= last)


def filled(place: Path, conversations: Sequence[Sequence[Turn]], model: Embedder) -> list[str]:
    """The session ids of these conversations, saved to a new store in their order."""
    made = []
    with open_writer(place, wait_s=5) as db:
        for number, turns in enumerate(conversations):
            session = Session("meeting", f"c{number}", tuple(_utterances(turns)), len(turns), title=f"c{number}")
            mark = fingerprint(session.native_id)
            ready = prepared(Ingested(session, ()), Outline(mark, mark, ()), model)
            made.append(save_session(db, ready, Origin(f"c{number}", "bench"), now=NOW, actor="bench").session_id)
    return made


def _utterances(turns: Sequence[Turn]) -> Iterator[Utterance]:
    """Blank turns keep their place, so that the numbers of turns hold."""
    for number, turn in enumerate(turns):
        text = normalise(turn.text).strip() or "…"
        yield Utterance(number, text, turn.role, f"/turns/{number}", speaker=turn.speaker)


def rankings(
    place: Path, material: Material, unit: Unit, model: Embedder, cut: Cut
) -> Iterator[tuple[list[Place], set[Place]]]:
    """For each question what search finds, best first, and what is right.

    A window is known by its conversation and its first turn, a session by its number and 0. The windows are those of
    `cut`, the same as for the plain rankings; a result stands for the one that holds its middle.
    """
    session_ids = filled(place, material.conversations, model)
    asker = questions.Asker(Settings(store=place), lambda: model, Cache(lexicon=Lexicon(model.embed)))
    with open_reader(place, wait_s=5) as db:
        numbers = {session_id: number for number, session_id in enumerate(session_ids)}
        store = asker.held(db)
        windows = store.documents(store.index.rows.document_nos.tolist())
        cuts = [cut(turns) for turns in material.conversations] if unit == "window" else []
        at = Asking(asker, db, store, session_ids, numbers, windows, cuts)
        for question in material.questions:
            yield _ranking(at, question, unit)


def _ranking(at: Asking, question: Question, unit: Unit) -> tuple[list[Place], set[Place]]:
    words, model = in_names_of(at.store, asked(question.text)), at.asker.embedder()
    session_id = None if question.within is None else at.session_ids[question.within]
    found = find(
        at.db,
        at.store,
        words,
        model.embed([" ".join((question.text, *(one.text for one in words.senses)))])[0],
        session_id=session_id,
    )
    lexicon, is_within = at.asker.cache.lexicon, session_id is not None
    scores, read = looked_at(at.db, at.store, found, lexicon, ranked(at.store, found), within=is_within)
    right = set(question.right)
    if unit in ("turn", "part"):
        gains = read.evidence if unit == "turn" else read.topic
        best = sorted(gains, key=lambda one: -gains[one])
        return [(at.numbers[session], turn) for session, turn in best], right
    if unit == "session":
        return [(number, 0) for number in dict.fromkeys(at.number_of(one) for one in scores)], right
    return list(dict.fromkeys(at.window_of(one) for one in scores)), {
        (number, first)
        for number, windows in enumerate(at.cuts)
        for first, last in windows
        if any((number, turn) in right for turn in range(first, last + 1))
    }


@contextmanager
def fold_weights(place: Path | None, fold: str) -> Iterator[None]:
    """The product with weights that were fitted without a fold, as `fit_ranking.py` wrote them; its own for None."""
    if place is None:
        yield
        return
    evidence, topic = (np.array(one, dtype=np.float32) for one in json.loads(place.read_text("utf-8"))[fold])
    with patch.multiple(questions_turns, EVIDENCE=evidence, TOPIC=topic):
        yield
