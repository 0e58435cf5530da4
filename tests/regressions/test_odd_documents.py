"""Documents of no format, or of one message, that readers tripped over; found by fuzzing."""

from __future__ import annotations

import json

import pytest

from ingest.errors import NoReader
from ingest.markdown import plain
from ingest.pipeline import read
from ingest.readers import decision_record, github_webhook, granola, mattermost, slack
from ingest.records import Reader
from ingest.registry import reader_for
from ingest.sources import Declared, stdin_source


def test_json_with_a_number_of_thousands_of_digits_has_no_reader() -> None:
    with pytest.raises(NoReader, match="JSON"):
        reader_for(stdin_source(b'{"n": ' + b"1" * 5_001 + b"}", Declared()))


@pytest.mark.parametrize(
    ("reader", "document"),
    [
        (slack.READER, {"user": "U1", "text": "hello", "ts": "1773133284.402119"}),
        (slack.READER, {"user": "U1", "text": "hello"}),
        (mattermost.READER, {"id": "p", "message": "hello", "create_at": 1774512000000}),
        (mattermost.READER, 7),
    ],
)
def test_a_dump_that_is_one_message_has_a_place(reader: Reader, document: object) -> None:
    reading = read(stdin_source(json.dumps(document).encode(), Declared()), reader)
    places = [one.locator for session in reading.sessions for one in session.utterances]
    assert [*places, *(item.where for item in reading.rejected)] == ["#0"]


def test_a_y_statement_whose_choice_says_nothing_states_no_decision() -> None:
    text = b"We decided for { neglected Kafka.\nWe decided for DuckDB and against Postgres."
    (session,) = read(stdin_source(text, Declared()), decision_record.READER).sessions
    choices = [[part.kind for part in candidate.parts].count("choice") for candidate in session.stated]
    assert choices == [1] * len(choices)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Use stg_orders_v2 in `fct_store_days`", "Use stg_orders_v2 in fct_store_days"),
        ("__bold__, _slanted_, **_both_**", "bold, slanted, both"),
        ("a__b_c", "a__b_c"),
    ],
)
def test_an_underscore_inside_a_word_is_no_emphasis(written: str, read_as: str) -> None:
    assert plain(written) == read_as


def test_notes_whose_type_is_no_text_are_read() -> None:
    notes = {"type": {}, "content": [{"type": ["paragraph"], "content": [{"type": "text", "text": "Ship it."}]}]}
    cache = {"state": {"documents": {"a": {"title": "A", "notes": notes}}, "transcripts": {}}}
    source = stdin_source(json.dumps({"cache": json.dumps(cache)}).encode(), Declared())
    (session,) = read(source, granola.READER).sessions
    assert [one.text for one in session.utterances] == ["Ship it."]


def test_a_sender_whose_name_is_blank_is_nobody() -> None:
    delivery = {"action": "opened", "sender": {"login": "\n"}, "issue": {"number": 1, "title": "Z", "body": "Why?"}}
    reading = read(stdin_source(json.dumps(delivery).encode(), Declared()), github_webhook.READER)
    spoken = [one.speaker for session in reading.sessions for one in session.utterances]
    assert spoken and not any(name is not None and not name.strip() for name in spoken)
