"""Both rankings over the documents in memory, and how what is held follows the store."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.records import Candidate, Part, Session, Span, Utterance
from intent_server import questions_scan
from intent_server.embed import Embedder
from intent_server.questions_index import Cache, Index, held, index_once
from intent_server.questions_rows import Rows, read, renewed
from intent_server.questions_scan import Terms, company, distances, keyword_hits, nearness
from intent_server.search_relevance import Asked, asked, weighed
from intent_server.search_terms import asked_words
from intent_server.store import load_index
from intent_server.store.connect import open_reader, open_writer, transaction
from intent_server.store.index import next_document, remove_documents, sort_postings

Keep = Callable[..., Path]


def meeting(name: str, *texts: str) -> Session:
    said = tuple(Utterance(i, text, "person", f"cue {i}", speaker="Mara") for i, text in enumerate(texts))
    return Session("meeting", name, said, len(said))


def long_texts(count: int) -> Iterator[str]:
    """Texts that are a window each."""
    return (f"{'word ' * 100} number{at}" for at in range(count))


def decided(quote: str, utterance: int = 0) -> Candidate:
    parts = (Part("choice", (Span(utterance, 0, len(quote), quote),)),)
    return Candidate("Queue", "accepted", "structured", 1.0, parts, "x/1")


def described(rows: Rows) -> list[tuple[object, ...]]:
    """What is held of each document, in order, whatever its place."""
    places = rows.ordered(np.flatnonzero(rows.is_here))
    rank = {int(place): at for at, place in enumerate(places)} | {-1: -1}
    return [
        (
            rows.session_id(at),
            rows.decision_ids[at],
            int(rows.firsts[at]),
            int(rows.lasts[at]),
            int(rows.term_counts[at]),
            rank[int(rows.before[at])],
            rank[int(rows.after[at])],
            rows.coded.codes[at].tobytes(),
            rows.coded.signs[:, at].tobytes(),
            float(rows.coded.norms[at]),
        )
        for at in places.tolist()
    ]


def hits(path: Path, words: Sequence[str], **more: str) -> list[questions_scan.KeywordHit]:
    with open_reader(path, wait_s=5) as db:
        rows = read(db, "b2:hashed", 256)
        known = load_index.statistics(load_index.terms_held(db, words), rows.count, float(rows.term_counts.mean()))
        allowed = rows.in_session(rows.session_ids[int(more["session"])]) if more else rows.is_here
        weights = dict.fromkeys(words, 1.0)
        question = Asked(tuple((word,) for word in words), tuple(weights.values()))
        return keyword_hits(db, rows, Terms(), known, question, weights, allowed=allowed, limit=10)


def test_words_are_found_where_they_stand_and_only_in_the_session_asked_for(keep: Keep) -> None:
    path = keep(
        *((meeting(f"m{n}", f"The outbox again, part {n}."), []) for n in range(8)), (meeting("r", "Jitter."), [])
    )
    found = hits(path, ["outbox", "jitter"])
    assert len(found) == 9
    assert found[0].matched == {"jitter"}, "the shortest document that holds one word"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len(hits(path, ["outbox", "jitter"], session="3")) == 1
    assert hits(path, ["nowhere"]) == []


def test_a_word_and_its_pieces_in_one_text_count_once(keep: Keep) -> None:
    """The notes have too few common words to be told from another language, and hold pieces of their words too."""
    notes = "Outbox table, polling worker, batch size, retention, metrics, one broker, replay."
    path = keep((meeting("notes", notes), []), (meeting("plain", "The outbox is what we keep for all of it."), []))
    (word,) = asked_words("outbox")
    pieces = word[1:]
    assert pieces, "the word is long enough for some"
    by_word, by_pieces, by_both = (scores(path, word, terms) for terms in (word[:1], pieces, word))
    assert len(by_word) == 2
    assert len(by_pieces) == 1
    assert by_both == pytest.approx({one: max(by_word[one], by_pieces.get(one, 0.0)) for one in by_word})


def scores(path: Path, word: Sequence[str], weighty: Sequence[str]) -> dict[int, float]:
    """The score of each document for a word of which only these terms count."""
    with open_reader(path, wait_s=5) as db:
        rows = read(db, "b2:hashed", 256)
        known = load_index.statistics(load_index.terms_held(db, word), rows.count, float(rows.term_counts.mean()))
        weights = dict.fromkeys(weighty, 1.0)
        question = Asked((tuple(word),), (1.0,))
        found = keyword_hits(db, rows, Terms(), known, question, weights, allowed=rows.is_here, limit=10)
    return {one.document_no: one.score for one in found}


def test_what_stands_alone_is_as_near_as_it_is_and_has_no_company(keep: Keep, hashed: Embedder) -> None:
    path = keep((meeting("long", *long_texts(5)), []), (meeting("short", "An outbox."), []))
    with open_reader(path, wait_s=5) as db:
        rows = read(db, hashed.revision, 256)
    places = rows.ordered(np.flatnonzero(rows.is_here))
    alone = next(at for at in places if rows.before[at] < 0 and rows.after[at] < 0)
    assert sorted(company(rows, places).tolist()) == [0.0, 0.75, 0.75, 1.25, 1.25, 1.5]
    assert company(rows, np.array([alone])).tolist() == [0.0]
    near = nearness(rows, hashed.embed(["An outbox."])[0], rows.is_here, places, limit=10)
    at = near.places.tolist().index(alone)
    assert near.spread[at] == near.cosines[at] == near.spread.max()


def test_documents_are_ordered_by_session_then_as_said_then_by_what_they_are(keep: Keep, hashed: Embedder) -> None:
    talk = (meeting(name, *long_texts(3)) for name in ("b", "a", "c"))
    with open_reader(keep(*((one, [decided("word", 1), decided("word word", 0)]) for one in talk)), wait_s=5) as db:
        rows = read(db, hashed.revision, 256)
    places = np.flatnonzero(rows.is_here)

    def key(at: int) -> tuple[str, bool, int, int, bytes, int]:
        said = int(rows.firsts[at]), int(rows.lasts[at])
        return rows.session_id(at), bool(rows.is_decision[at]), *said, rows.decision_ids[at], int(rows.document_nos[at])

    for some in (places, places[::-1], places[::2], places[:0]):
        assert rows.ordered(some).tolist() == sorted(some.tolist(), key=key)
    assert len({rows.session_id(at) for at in places}) == 3


def test_equal_scores_come_by_number(keep: Keep) -> None:
    found = hits(keep(*((meeting(f"m{n}", "The very same outbox."), []) for n in range(15))), ["outbox"])
    assert [one.document_no for one in found] == list(range(1, 11))


def test_what_is_held_after_a_change_is_what_is_read_anew(keep: Keep, hashed: Embedder) -> None:
    path = keep((meeting("one", *long_texts(3)), [decided("word word")]), (meeting("two", *long_texts(2)), []))
    with open_reader(path, wait_s=5) as db:
        before = read(db, hashed.revision, 256)
    keep((meeting("one", *long_texts(5)), [decided("word word"), decided("word", 4)]))  # grown, with a decision more
    keep((meeting("three", "Something else."), []))
    with open_reader(path, wait_s=5) as db:
        after = renewed(before, db, hashed.revision)
        assert after is not None
        assert described(after) == described(read(db, hashed.revision, 256))
    assert len(described(before)) == 6, "what a question holds stays as it was"
    assert described(after) != described(before)


def test_documents_that_went_are_held_no_longer_and_their_numbers_are_not_given_again(
    keep: Keep, hashed: Embedder
) -> None:
    path = keep((meeting("one", *long_texts(4)), []))
    with open_reader(path, wait_s=5) as db:
        before = read(db, hashed.revision, 256)
    with open_writer(path, wait_s=5) as db:
        last = next_document(db) - 1
        with transaction(db):
            remove_documents(db, [last])
        sort_postings(db)
        assert next_document(db) == last + 1
    keep((meeting("two", "Something else."), []))
    with open_reader(path, wait_s=5) as db:
        after = renewed(before, db, hashed.revision)
        assert after is not None
        assert described(after) == described(read(db, hashed.revision, 256))
    assert after.count == 4
    assert last + 1 in after.document_nos


def test_the_documents_of_many_decisions_are_found_at_once(keep: Keep, hashed: Embedder) -> None:
    path = keep(*((meeting(f"m{n}", *long_texts(2)), [decided("word")]) for n in range(5)))
    with open_reader(path, wait_s=5) as db:
        rows = read(db, hashed.revision, 256)
    decided_at = np.flatnonzero(rows.is_decision)
    ids = [one.decode() for one in rows.decision_ids[decided_at].tolist()]
    assert rows.of_decisions(ids).tolist() == decided_at.tolist()
    assert rows.of_decisions([ids[3], "no id", ids[1]]).tolist() == decided_at[[1, 3]].tolist()
    assert rows.of_decisions([]).tolist() == []


def test_a_word_passed_over_for_being_frequent_is_not_the_rarest(keep: Keep) -> None:
    """Of a long question the most frequent words are not looked up: they weigh no more for that."""
    rare = " ".join(f"outbox{at}" for at in range(70))
    path = keep((meeting("one", f"The broker again: {rare}."), []), (meeting("two", "The broker."), []))
    question = asked(f"broker {rare}")
    with open_reader(path, wait_s=5) as db:
        known = load_index.statistics(load_index.terms_held(db, question.terms), 2, 10.0)
    assert "broker" not in known.terms
    rarities = weighed(question, known.document_counts, known.documents).rarities
    assert rarities["broker"] < rarities["outbox1"]


def test_another_process_s_new_session_and_decision_are_there_at_the_next_question(
    keep: Keep, hashed: Embedder
) -> None:
    path = keep((meeting("one", "We take the outbox."), [decided("We take")]))
    cache = Cache()
    with open_reader(path, wait_s=5) as db:
        first = held(cache, db, path, hashed)
        assert len(first.cores) == 1
    keep((meeting("two", "We keep DuckDB."), [decided("We keep")]))
    with open_reader(path, wait_s=5) as db:
        second = held(cache, db, path, hashed)
        assert {core.choice for core in second.cores.values()} == {"We take", "We keep"}
        assert seen(second.index) == seen(index_once(db, path, second.index.version, hashed))
        assert held(cache, db, path, hashed).index is second.index


def seen(index: Index) -> tuple[object, ...]:
    return described(index.rows), index.documents, index.average_terms, index.heard_until, sorted(index.hidden.tolist())


@given(st.integers(1, 700), st.integers(0, 2**32 - 1))
def test_signs_differ_where_they_differ(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    held_signs = rng.integers(0, 2**63, (4, size), dtype=np.uint64)
    wanted = rng.integers(0, 2**63, 4, dtype=np.uint64)
    told = [
        sum((int(word) ^ int(other)).bit_count() for word, other in zip(row, wanted, strict=True))
        for row in held_signs.T
    ]
    assert distances(held_signs, wanted).tolist() == [one & 255 for one in told]


@pytest.fixture
def many(keep: Keep, hashed: Embedder) -> Rows:
    talks = [(meeting(f"m{n}", *long_texts(30)), [decided("word")]) for n in range(20)]
    with open_reader(keep(*talks), wait_s=5) as db:
        rows = read(db, hashed.revision, 256)
    rng = np.random.default_rng(5)  # real directions spread; the test's own model gives few
    vectors = rng.standard_normal((len(rows.document_nos), 256)).astype(np.float32)
    rows.coded.codes[:] = np.clip(vectors * 30, -127, 127).astype(np.int8)
    wide = rows.coded.codes.astype(np.float32)
    rows.coded.norms[:] = np.linalg.norm(wide, axis=1)
    rows.coded.signs[:] = questions_scan.signs(wide).T
    return rows


def test_signs_choose_what_an_exact_scan_finds(many: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    vector = np.random.default_rng(9).standard_normal(256).astype(np.float32)
    vector /= np.linalg.norm(vector)
    none = np.empty(0, dtype=np.intp)
    exact = nearness(many, vector, many.is_here, none, limit=10)
    monkeypatch.setattr(questions_scan, "EXACT_DOCUMENTS", 100)
    monkeypatch.setattr(questions_scan, "_CHOSEN", 400)
    chosen = nearness(many, vector, many.is_here, none, limit=10)
    assert set(chosen.places) == set(exact.places)
    assert np.allclose(chosen.spread, exact.spread)
    assert np.allclose(chosen.cosines, exact.cosines)
    assert chosen.background == pytest.approx(exact.background, abs=0.05)


def test_what_is_not_allowed_is_not_among_the_nearest(many: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions_scan, "EXACT_DOCUMENTS", 100)
    allowed = many.is_here.copy()
    allowed[::2] = False
    found = nearness(many, np.ones(256, dtype=np.float32) / 16, allowed, np.empty(0, dtype=np.intp), limit=50)
    assert allowed[found.places].all()
