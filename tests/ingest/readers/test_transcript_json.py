"""Our transcript JSON: every documented key, every refusal with its pointer, and the count of utterances."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceEmpty, SourceError, SourceMalformed
from ingest.readers import transcript_json
from ingest.readers.transcript_json import READER
from ingest.records import Rejected, Session, Source
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "data" / "samples" / "transcript_json" / "payments-review.json"


def source(document: object) -> Source:
    text = document if isinstance(document, str) else json.dumps(document)
    return stdin_source(text.encode(), Declared())


def read(document: object) -> list[Session | Rejected]:
    return list(READER.read(source(document)))


def session(document: object) -> Session:
    (only,) = (item for item in read(document) if isinstance(item, Session))
    return only


def accounted(items: list[Session | Rejected]) -> int:
    sessions = [item for item in items if isinstance(item, Session)]
    aside = sum(units for item in sessions for _, units in item.set_aside)
    return sum(item.kept for item in sessions) + aside + sum(i.units for i in items if isinstance(i, Rejected))


def test_the_example_in_the_documentation_is_read() -> None:
    block = (transcript_json.__doc__ or "").split("\n\n")[1]
    found = session(json.loads(block))
    assert (found.title, found.started_at) == ("Orders planning", datetime(2026, 3, 3, 9, tzinfo=UTC))
    (only,) = found.utterances
    assert (only.native_id, only.speaker, only.start_ms, only.end_ms) == ("u1", "Mara Lindqvist", 0, 2400)


def test_every_optional_key_is_taken() -> None:
    item = {
        "id": 7,
        "speaker": " Mara  L ",
        "text": " hi ",
        "said_at": "2026-03-03T10:00:00+01:00",
        "role": "assistant",
    }
    found = session({"id": "m-1", "ended_at": "2026-03-03T10:30:00Z", "utterances": [item]})
    (only,) = found.utterances
    assert (only.native_id, only.speaker, only.text, only.role) == ("7", "Mara L", "hi", "assistant")
    assert only.said_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert (found.native_id, found.identity) == ("m-1", "native")
    assert found.ended_at == datetime(2026, 3, 3, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (None, "not an object"),
        ({"speaker": "a"}, "no text"),
        ({"text": 5}, "no text"),
        ({"text": "a", "speaker": 1}, "speaker is not text"),
        ({"text": "a", "start_ms": 1.5}, "start_ms is not"),
        ({"text": "a", "start_ms": True}, "start_ms is not"),
        ({"text": "a", "end_ms": -1}, "end_ms is not"),
        ({"text": "a", "end_ms": 10**13}, "end_ms is not"),
        ({"text": "a", "start_ms": 5, "end_ms": 4}, "end_ms 4 is before start_ms 5"),
        ({"text": "a", "said_at": "yesterday"}, "said_at is not"),
        ({"text": "a", "said_at": "0001-01-01T00:00:00+23:00"}, "said_at is not"),
        ({"text": "a", "role": "king"}, "role is none of"),
        ({"text": "a", "id": []}, "id is neither"),
    ],
)
def test_a_bad_item_is_rejected_with_its_pointer_and_the_others_are_read(item: object, reason: str) -> None:
    rejected, kept = read({"utterances": [{"text": "before"}, item, {"text": "after"}]})
    assert isinstance(rejected, Rejected)
    assert rejected.where == "/utterances/1"
    assert rejected.reason.startswith(reason)
    assert isinstance(kept, Session)
    assert [(one.index, one.locator) for one in kept.utterances] == [(0, "/utterances/0"), (1, "/utterances/2")]


def test_blank_words_are_set_aside() -> None:
    assert session({"utterances": [{"text": " \n"}, {"text": "a"}]}).set_aside == (("no words", 1),)


def test_unknown_keys_and_facts_of_another_type_are_noted() -> None:
    found = session({"title": 4, "started_at": "noon", "room": 1, "utterances": [{"text": "a", "mood": 1}]})
    assert found.notes == (
        "ignored keys: mood, room",
        "started_at ignored: not an ISO 8601 time",
        "title ignored: not text",
    )


def test_lone_surrogates_become_replacement_characters() -> None:
    assert session('{"utterances": [{"text": "a\\ud83d"}]}').utterances[0].text == "a\ufffd"


@pytest.mark.parametrize(
    "text", ["[]", '{"utterances": {}}', '{"utterances": [', '{"a": 1}', '{"utterances": [1e', "5"]
)
def test_a_document_of_another_shape_is_an_error_with_its_place(text: str) -> None:
    with pytest.raises(SourceMalformed, match="transcript_json"):
        read(text)


def test_depth_and_digits_beyond_reason_are_errors_not_crashes() -> None:
    with pytest.raises(SourceMalformed, match="too deep"):
        read('{"utterances": ' + "[" * 200_000)
    with pytest.raises(SourceMalformed, match="too long"):
        read('{"utterances": [{"text": "a", "start_ms": ' + "9" * 5_000 + "}]}")


def test_no_utterances_are_nothing_to_read() -> None:
    with pytest.raises(SourceEmpty):
        read({"utterances": []})


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"utterances": [{"text": "a", "start_ms": 1}]}, 60),
        ({"utterances": [{"speaker": "a", "text": "b"}]}, 47),
        ({"utterances": [{"speaker": "A", "text": "b", "start": 1, "end": 2, "words": []}]}, 0),
        ({"results": {"utterances": [{"transcript": "a"}]}}, 0),
        ({"text": '{"utterances": [{"text": "a", "start_ms": 1}]}'}, 0),
        ([{"text": "a"}], 0),
    ],
)
def test_other_engines_json_is_left_to_its_own_reader(document: object, expected: int) -> None:
    assert READER.accepts(source(document)) == expected


def test_the_sample_review_is_read_by_this_reader() -> None:
    opened = file_source(SAMPLE, Declared())
    assert reader_for(opened).name == "transcript_json"
    (review,) = READER.read(opened)
    assert isinstance(review, Session)
    assert (review.time_basis, review.kept) == ("source", 10)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("2026-01-01"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
_ITEM = st.dictionaries(st.sampled_from(["id", "speaker", "text", "start_ms", "end_ms", "said_at", "role", "x"]), _JSON)


@given(st.lists(_ITEM | _JSON, max_size=8), st.dictionaries(st.sampled_from(["title", "started_at", "id"]), _JSON))
def test_every_utterance_is_kept_set_aside_or_rejected(items: list[object], facts: dict[str, object]) -> None:
    opened = source({**facts, "utterances": items})
    try:
        found = list(READER.read(opened))
    except SourceError:
        return
    assert accounted(found) == READER.count(opened) == len(items)
