"""A seeded store of any size, loaded in bulk: what reading and extraction would take hours for.

Columns are made with NumPy and appended as such to the store's own tables; postings by `index.add_postings`. Texts are
put together from a pool of sentences about some two hundred topics, no two alike: a window is one utterance of seven
sentences, and where a decision is made in it, of its choice, its reason and an option not taken besides. A document's
terms are those of its pieces together; its vector is the mean of theirs by length: nearly what the model makes of the
whole text, without embedding millions of texts. The audit table tells of sessions alone.
Usage: python bench/generate_store.py STORE --decisions 100000 --windows 100000 [--seed 7]
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
from generate import vocabulary

from intent_server.embed import Embedder, bundled, int8_codes
from intent_server.search import terms
from intent_server.search_terms import is_piece
from intent_server.store.audit import begun
from intent_server.store.connect import Db, open_writer, transaction
from intent_server.store.index import add_postings, sort_postings
from intent_server.store.terms import TERMS_VERSION

WINDOWS_A_SESSION = 10
CHUNK_WINDOWS = 20_000
_TOPICS = 200
_KINDS = {"sentence": 100, "choice": 60, "reason": 60, "option": 60}  # pieces of each kind a topic has
_SENTENCES_A_WINDOW = 7
_SENTENCE_WORDS = 15  # seven make 105 words: a window of one utterance
_GLUE = "the a of to and we in that is for it on with this but not so as at by from or if then when".split()
_BEGAN = datetime(2024, 1, 1, 9, tzinfo=UTC).replace(tzinfo=None)
_NONE = -1

Ints = npt.NDArray[np.int64]
Column = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Pool:
    """The pieces that texts are made of. `first_term`: where each one's run in `term_nos` and `frequencies` begins.

    Shape: vectors (pieces, dimensions), each times its length in characters.
    """

    texts: Sequence[str]
    vectors: npt.NDArray[np.float32]
    first_term: Ints
    term_nos: Ints
    frequencies: Ints
    terms: Sequence[str]
    """By number, from 1."""
    subjects: Sequence[str]
    """By topic."""

    def pick(self, rng: np.random.Generator, kind: str, topics: Ints) -> Ints:
        """A random piece of a kind for each of these topics."""
        start = sum(count for name, count in list(_KINDS.items())[: list(_KINDS).index(kind)])
        return topics * sum(_KINDS.values()) + start + rng.integers(_KINDS[kind], size=topics.shape)


def pool(seed: int, model: Embedder) -> Pool:
    """The pool: each topic has some 150 words of its own beside those that all share.

    No pieces of words are terms of it: the documents made of it are in English by their common words.
    """
    rng = random.Random(seed)
    words = vocabulary(rng)
    shared = rng.choices(words[:20_000], [1 / (rank + 10) for rank in range(20_000)], k=200_000)
    texts: list[str] = []
    subjects = []
    for number in range(_TOPICS):
        own = words[20_000 + number * 90 : 20_090 + number * 90] + rng.sample(words[:20_000], 60)
        texts += _topic(rng, own, shared)
        subjects.append(own[0])
    numbers: dict[str, int] = {}
    counts = [[(term, count) for term, count in terms(text).items() if not is_piece(term)] for text in texts]
    term_nos = np.array([numbers.setdefault(term, len(numbers) + 1) for one in counts for term, _ in one])
    lengths = np.array([len(text) for text in texts], dtype=np.float32)
    return Pool(
        texts,
        model.embed(texts) * lengths[:, None],
        np.cumsum([0, *map(len, counts)]),
        term_nos,
        np.array([count for one in counts for _, count in one]),
        list(numbers),
        subjects,
    )


def _topic(rng: random.Random, own: Sequence[str], shared: Sequence[str]) -> list[str]:
    def word() -> str:
        return rng.choice(own if rng.random() < 0.5 else shared)

    def sentence() -> str:
        return " ".join(rng.choice(_GLUE) if rng.random() < 0.4 else word() for _ in range(_SENTENCE_WORDS)) + "."

    made = [sentence() for _ in range(_KINDS["sentence"])]
    made += [f"We keep {word()} for the {word()} {word()}" for _ in range(_KINDS["choice"])]
    made += [f"because the {word()} would slow the {word()} down" for _ in range(_KINDS["reason"])]
    return made + [f"and not the {word()} {word()}." for _ in range(_KINDS["option"])]


def asked(made: Pool, *, seed: int, count: int) -> list[str]:
    """Distinct questions: every second one after a choice that was made, the others by words of a sentence."""
    rng = random.Random(seed + 1)
    found: dict[str, None] = {}
    while len(found) < count:
        topic = rng.randrange(_TOPICS) * sum(_KINDS.values())
        if len(found) % 2:
            choice = made.texts[topic + _KINDS["sentence"] + rng.randrange(_KINDS["choice"])]
            found[f"why do we {choice.removeprefix('We ')}?"] = None
        else:
            telling = [word for word in made.texts[topic + rng.randrange(100)].strip(".").split() if len(word) > 4]
            found[" ".join(rng.sample(telling, min(4, len(telling))))] = None
    return list(found)


def bulk(
    store: Path,
    *,
    decisions: int,
    windows: int,
    windows_a_session: int = WINDOWS_A_SESSION,
    seed: int = 7,
    made: Pool | None = None,
) -> float:
    """Make a store of so many decisions and windows, each session of a source of its own; the seconds it took."""
    model = bundled()
    made = made or pool(seed, model)
    rng = np.random.default_rng(seed)
    started = time.perf_counter()
    held = np.zeros(len(made.terms) + 1, dtype=np.int64)
    with open_writer(store, wait_s=60.0) as db:
        step = max(1, CHUNK_WINDOWS // windows_a_session) * windows_a_session
        for start in range(0, windows, step):
            edges = np.arange(start, min(start + step, windows) + 1) * decisions // windows
            with transaction(db):
                held += _load(db, made, rng, _Chunk(start, np.diff(edges), int(edges[0]), windows_a_session), model)
        _append(
            db,
            "terms",
            term=np.array(made.terms, dtype=object),
            term_no=np.arange(1, len(held)),
            document_count=held[1:],
        )
        sort_postings(db)
        db.execute("CHECKPOINT")
    return time.perf_counter() - started


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some windows to be stored, how many decisions are made in each, and how many windows a session has."""

    start: int
    decided: Ints
    decisions_before: int
    a_session: int

    @property
    def windows(self) -> Ints:
        """The number of each decision's window."""
        return self.start + np.repeat(np.arange(len(self.decided)), self.decided)

    @property
    def decisions(self) -> Ints:
        """The number of each decision."""
        return self.decisions_before + np.arange(self.decided.sum())


def _load(db: Db, made: Pool, rng: np.random.Generator, chunk: _Chunk, model: Embedder) -> Ints:
    """Store a chunk; in how many of its documents each term stands."""
    size = len(chunk.decided)
    topics = np.repeat(rng.integers(_TOPICS, size=-(-size // chunk.a_session)), chunk.a_session)[:size]
    mixed = np.repeat(topics[:, None], _SENTENCES_A_WINDOW, axis=1)
    mixed[:, -1] = rng.integers(_TOPICS, size=size)
    said = made.pick(rng, "sentence", mixed)
    where = np.repeat(np.arange(size), chunk.decided)
    parts = np.stack([made.pick(rng, kind, topics[where]) for kind in ("choice", "reason", "option")], axis=1)
    among = np.arange(len(where)) - np.repeat(np.cumsum(chunk.decided) - chunk.decided, chunk.decided)
    decided = np.full((size, int(chunk.decided.max(initial=0)), 3), _NONE)
    decided[where, among] = parts
    told = np.concatenate((decided.reshape(size, -1), said), axis=1)
    _put_talk(db, made, chunk, told, topics)
    if len(where):
        _put_decisions(db, made, chunk, parts, topics[where], among)
    return _put_documents(db, made, chunk, told, parts, model)


def _put_talk(db: Db, made: Pool, chunk: _Chunk, told: Ints, topics: Ints) -> None:
    numbers = chunk.start + np.arange(len(told))
    sessions, first = np.unique(numbers // chunk.a_session, return_index=True)
    trail = begun(db, "bench", datetime.now(UTC))
    ids = _texts(f"{number:08x}-0000-7000-8000-000000000000" for number in sessions)
    for one in ids:
        trail.note("add", "session", str(one))
    trail.write(db)
    began = np.array([_BEGAN + timedelta(minutes=int(one)) for one in sessions], dtype="datetime64[us]")
    names = _texts(f"{made.subjects[topics[at]]} {one}" for one, at in zip(sessions, first, strict=True))
    counts = np.bincount(numbers // chunk.a_session - sessions[0])
    _append(
        db,
        "sources",
        source_id=ids,
        uri=_texts(f"/bulk/{number}.json" for number in sessions),
        reader=_same("transcript_json", ids),
        recorded_from=began,
    )
    _append(
        db,
        "sessions",
        session_id=ids,
        source_id=ids,
        source_kind=_same("meeting", ids),
        native_id=names,
        identity=_same("native", ids),
        title=names,
        started_at=began,
        ended_at=began,
        time_basis=_same("source", ids),
        notes=_same("[]", ids),
        utterance_count=counts,
        fingerprint=ids,
        recorded_from=began,
        language=_same("en", ids),
    )
    texts = _texts(" ".join([made.texts[at] for at in row if at != _NONE]) for row in told.tolist())
    _append(
        db,
        "utterances",
        session_id=ids[numbers // chunk.a_session - sessions[0]],
        utterance_index=numbers % chunk.a_session,
        speaker=_same("Mara Lindqvist", texts),
        role=_same("person", texts),
        text=texts,
        locator=_texts(f"cue {one}" for one in numbers % chunk.a_session),
    )


def _put_decisions(db: Db, made: Pool, chunk: _Chunk, parts: Ints, topics: Ints, among: Ints) -> None:
    ids, sessions = _decision_ids(chunk), _session_ids(chunk, chunk.windows)
    at = np.array([_BEGAN + timedelta(seconds=int(one)) for one in chunk.decisions], dtype="datetime64[us]")
    texts = [_texts(made.texts[one] for one in parts[:, kind]) for kind in range(3)]
    _append(
        db,
        "decisions",
        decision_id=ids,
        session_id=sessions,
        subject=_texts(made.subjects[one] for one in topics),
        choice=texts[0],
        status=_same("accepted", ids),
        authority=_same("structured", ids),
        confidence=np.ones(len(ids)),
        extractor=_same("bulk/1", ids),
        decided_at=at,
        valid_from=at,
        fingerprint=ids,
        recorded_from=at,
        is_doubtful=np.zeros(len(ids), dtype=np.bool_),
    )
    lengths = np.array([[len(made.texts[one]) + 1 for one in row] for row in parts.tolist()])
    sums = np.cumsum(lengths.sum(axis=1)) - lengths.sum(axis=1)
    start = sums - sums[np.arange(len(ids)) - among]  # the decisions of a window stand one after the other at its start
    for kind, name in enumerate(("choice", "rationale", "alternative")):
        part_ids = _texts(f"{one}-{kind}" for one in ids)
        end = start + lengths[:, kind] - 1
        _append(
            db,
            "parts",
            part_id=part_ids,
            decision_id=ids,
            position=np.full(len(ids), kind),
            kind=_same(name, ids),
            text=texts[kind],
            recorded_from=at,
        )
        _append(
            db,
            "evidence",
            evidence_id=part_ids,
            part_id=part_ids,
            decision_id=ids,
            session_id=sessions,
            utterance_index=chunk.windows % chunk.a_session,
            start_char=start,
            end_char=end,
            quote=texts[kind],
        )
        start = end + 1
    _append(
        db, "people", decision_id=ids, person=_same("Mara Lindqvist", ids), role=_same("decided", ids), recorded_from=at
    )


def _put_documents(db: Db, made: Pool, chunk: _Chunk, told: Ints, parts: Ints, model: Embedder) -> Ints:
    numbers = np.arange(chunk.start, chunk.start + len(told))
    pieces = np.concatenate((told, np.pad(parts, ((0, 0), (0, told.shape[1] - 3)), constant_values=_NONE)))
    windows = np.concatenate((numbers, chunk.windows))
    document_nos = chunk.start + chunk.decisions_before + 1 + np.arange(len(pieces))
    columns, counts = _postings(made, pieces, document_nos)
    _append(
        db,
        "documents",
        document_no=document_nos,
        kind=np.concatenate((_same("conversation", numbers), _same("decision", parts))),
        session_id=_session_ids(chunk, windows),
        decision_id=np.concatenate((_same(None, numbers), _decision_ids(chunk))),
        first_utterance=windows % chunk.a_session,
        last_utterance=windows % chunk.a_session,
        term_count=counts,
        terms_version=np.full(len(pieces), TERMS_VERSION),
    )
    add_postings(db, columns)
    padded = np.concatenate((made.vectors, np.zeros_like(made.vectors[:1])))
    vectors = np.zeros((len(pieces), padded.shape[1]), dtype=np.float32)
    for column in pieces.T:
        vectors += padded[column]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    _append(
        db,
        "vectors",
        document_no=document_nos,
        model_name=_same(model.name, pieces),
        model_revision=_same(model.revision, pieces),
        code=_texts(row.tobytes() for row in int8_codes(vectors)),
        vector=_texts(row.tobytes() for row in vectors),
    )
    return np.bincount(columns["term_no"].astype(np.int64), minlength=len(made.terms) + 1)


def _postings(made: Pool, pieces: Ints, document_nos: Ints) -> tuple[dict[str, Column], Ints]:
    """The postings of documents made of these pieces, and the length of each in terms."""
    rows, columns = np.nonzero(pieces != _NONE)
    which = pieces[rows, columns]
    runs = made.first_term[which + 1] - made.first_term[which]
    inside = np.arange(runs.sum()) - np.repeat(np.cumsum(runs) - runs, runs)
    at = np.repeat(made.first_term[which], runs) + inside
    span = len(made.terms) + 1
    keys, back = np.unique(np.repeat(rows, runs) * span + made.term_nos[at], return_inverse=True)
    frequencies = np.bincount(back, made.frequencies[at]).astype(np.int16)
    counts = np.bincount(keys // span, frequencies, len(pieces)).astype(np.int64)
    return {
        "term_no": keys % span,
        "document_no": document_nos[keys // span],
        "term_frequency": frequencies,
        "term_count": counts[keys // span].astype(np.int32),
    }, counts


def _append(db: Db, table: str, **columns: Column) -> None:
    db.register("bulk_batch", columns)
    db.execute(f"INSERT INTO {table} BY NAME SELECT * FROM bulk_batch")  # noqa: S608  # a table of ours, by its name here
    db.unregister("bulk_batch")


def _texts(values: object) -> npt.NDArray[np.object_]:
    listed = list(values)  # type: ignore[call-overload]  # any iterable of texts or bytes
    made = np.empty(len(listed), dtype=np.object_)
    made[:] = listed
    return made


def _same(value: str | None, beside: Column) -> npt.NDArray[np.object_]:
    return np.full(len(beside), value, dtype=np.object_)


def _session_ids(chunk: _Chunk, windows: Ints) -> npt.NDArray[np.object_]:
    return _texts(f"{one:08x}-0000-7000-8000-000000000000" for one in windows // chunk.a_session)


def _decision_ids(chunk: _Chunk) -> npt.NDArray[np.object_]:
    return _texts(
        f"{window // chunk.a_session:08x}-0000-7000-8000-d{number:011x}"
        for window, number in zip(chunk.windows.tolist(), chunk.decisions.tolist(), strict=True)
    )


def main() -> None:
    """Load, and print what was loaded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--decisions", type=int, default=100_000)
    parser.add_argument("--windows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    taken = bulk(chosen.store, decisions=chosen.decisions, windows=chosen.windows, seed=chosen.seed)
    print(
        f"{chosen.decisions:,} decisions, {chosen.windows:,} windows: {taken:.1f} s, "
        f"{chosen.store.stat().st_size / 1e6:,.0f} MB"
    )


if __name__ == "__main__":
    main()
