from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.records import Candidate, Part, Session, Span, Utterance
from intent_server.embed import Embedder
from intent_server.errors import AmbiguousId, NotFound
from intent_server.search_relevance import asked, weighed
from intent_server.store import load, load_index, load_sessions
from intent_server.store.connect import Db, open_reader

Keep = Callable[..., Path]
SAID = datetime(2026, 2, 3, 9, 30, tzinfo=UTC)


def meeting(name: str, *texts: str, title: str | None = None) -> Session:
    said = tuple(Utterance(i, text, "person", f"cue {i}", speaker="Mara", said_at=SAID) for i, text in enumerate(texts))
    return Session("meeting", name, said, len(said), title=title, started_at=SAID)


def hits(db: Db, question: str, **more: str) -> list[load_index.KeywordHit]:
    words = asked(question)
    lengths = load_index.stored(db, "b2:hashed", 256).term_counts
    known = load_index.statistics(load_index.terms_held(db, words.terms), lengths)
    weights = weighed(words, known.document_counts, known.documents).term_weights()
    return load_index.keyword_hits(db, known, weights, limit=10, **more)


def test_moments_come_back_as_utc(keep: Keep) -> None:
    with open_reader(keep((meeting("one", "Hello there."), [])), wait_s=5) as db:
        assert [head.spoken_until for head in load_sessions.heads(db).values()] == [SAID]
        [[line]] = load_sessions.lines(db, [load_sessions.Stretch(load_sessions.session_id(db, "one"), 0, 0)])
        assert line.said_at == SAID


def test_an_empty_store_has_heard_nothing(keep: Keep) -> None:
    with open_reader(keep(), wait_s=5) as db:
        assert load_sessions.heads(db) == {}
        assert load_sessions.sessions(db, limit=5) == []
        assert hits(db, "anything at all") == []
        assert len(load_index.stored(db, "b2:hashed", 256).document_nos) == 0


def test_the_reason_of_an_alternative_stands_with_it_and_nowhere_else(keep: Keep) -> None:
    talk = meeting("one", "We take Postgres. Not Kafka, too heavy.")
    parts = (
        Part("choice", (Span(0, 8, 16, "Postgres"),)),
        Part("alternative", (Span(0, 22, 27, "Kafka"),)),
        Part("rationale", (Span(0, 29, 38, "too heavy"),), about=1),
    )
    made = Candidate("Queue", "accepted", "structured", 1.0, parts, "x/1")
    with open_reader(keep((talk, [made])), wait_s=5) as db:
        [session] = load_sessions.sessions(db, limit=5)
        [decision] = load.decisions(db, session.decisions)
    assert decision.rationale == []
    assert [reason.text for reason in decision.alternatives[0].reasons] == ["too heavy"]
    assert decision.alternatives[0].reasons[0].quotes[0].place.locator == "cue 0"


def test_rare_words_rank_above_common_ones(keep: Keep) -> None:
    talks = [(meeting(f"m{n}", f"The outbox again, part {n}."), []) for n in range(8)]
    rare = meeting("rare", "The jitter of the retries.")
    with open_reader(keep(*talks, (rare, [])), wait_s=5) as db:
        found = hits(db, "outbox jitter")
        rows = load_index.stored(db, "b2:hashed", 256)
        best = rows.session_ids[list(rows.document_nos).index(found[0].document_no)]
        source = load_sessions.heads(db)[best].source
        only = hits(db, "outbox jitter", session_id=load_sessions.session_id(db, "m3"))
    assert source == "/talks/rare.vtt"
    assert found[0].matched == {"jitter"}
    assert len(found) == 9
    assert len(only) == 1


@pytest.mark.parametrize("wanted", ["Weekly sync", "weekly SYNC", "one.vtt", "one", "sync"])
def test_a_session_is_found_by_title_name_or_part_of_it(keep: Keep, wanted: str) -> None:
    kept = keep((meeting("one", "Hello.", title="Weekly sync"), []), (meeting("two", "Hello.", title="Retro"), []))
    with open_reader(kept, wait_s=5) as db:
        assert load_sessions.session(db, load_sessions.session_id(db, wanted)).title == "Weekly sync"


def test_a_title_of_two_sessions_is_ambiguous_and_one_of_none_is_not_found(keep: Keep) -> None:
    kept = keep((meeting("one", "Hello.", title="Sync"), []), (meeting("two", "Bye.", title="Sync"), []))
    with open_reader(kept, wait_s=5) as db:
        with pytest.raises(AmbiguousId) as caught:
            load_sessions.session_id(db, "Sync")
        assert len(caught.value.choices) == 2
        with pytest.raises(NotFound):
            load_sessions.session_id(db, "Planning")


def test_vectors_come_with_their_documents_session_by_session(keep: Keep, hashed: Embedder) -> None:
    kept = keep((meeting("one", *(f"{'word ' * 110}{n}" for n in range(3))), []), (meeting("two", "Other words."), []))
    with open_reader(kept, wait_s=5) as db:
        rows = load_index.stored(db, hashed.revision, 256)
        assert not load_index.stored(db, "b2:another", 256).codes.any()
        newer = load_index.stored(db, hashed.revision, 256, after=1)
    assert rows.codes.shape == (4, 256)
    placed = list(zip(rows.session_ids, rows.firsts, strict=True))
    assert placed == sorted(placed)
    first_of = {session_id: at for at, session_id in reversed(list(enumerate(rows.session_ids)))}
    assert [at for at, follows in enumerate(rows.follows) if not follows] == sorted(first_of.values())
    assert set(newer.document_nos) == {number for number in rows.document_nos if number > 1}


def test_the_seal_changes_when_a_vector_does(keep: Keep, hashed: Embedder) -> None:
    kept = keep((meeting("one", "Hello there."), []))
    with open_reader(kept, wait_s=5) as db:
        last = int(load_index.stored(db, hashed.revision, 256).document_nos[-1])
        before = load_index.vectors_seal(db, hashed.revision, up_to=last)
    keep((meeting("two", "Something else."), []))
    with open_reader(kept, wait_s=5) as db:
        assert load_index.vectors_seal(db, hashed.revision, up_to=last) == before
        assert load_index.vectors_seal(db, hashed.revision, up_to=last + 1) != before
