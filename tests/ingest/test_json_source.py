"""JSON from strangers: the shape of an opening, documents in one file, and values of any type."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceMalformed
from ingest.json_source import (
    BadItem,
    document,
    documents,
    label,
    millis,
    moment,
    name,
    number,
    seconds_ms,
    shape,
    summaries,
    text_of,
)
from ingest.json_values import Broken
from ingest.records import Source
from ingest.sources import Declared, stdin_source


def source(text: str) -> Source:
    return stdin_source(text.encode(), Declared())


def test_the_shape_names_paths_and_first_values() -> None:
    found = shape(source('{"a": [{"start": 1.5, "text": "x\\"y"}, {"start": 2}], "b": null, "c": {"d": true}}'))
    assert found["/a/*/start"] == "1.5"
    assert found["/a/*/text"] == '"x\\"y'
    assert (found["/a"], found["/b"], found["/c/d"]) == ("[", "null", "true")
    assert "/c/start" not in found


def test_a_value_cut_off_by_the_opening_still_has_its_path() -> None:
    assert shape(source('{"id": "1", "text": "' + "word " * 20_000))["/text"].startswith('"word')


def test_a_key_inside_a_text_is_no_path() -> None:
    assert shape(source('{"note": "{\\"segments\\": [1]}"}')).keys() == {"", "/note"}


@pytest.mark.parametrize("text", ["# heading\n{", "a: {}", "WEBVTT"])
def test_what_does_not_open_like_json_has_no_shape(text: str) -> None:
    assert shape(source(text)) == {}


@given(st.text(alphabet='{}[]",:\\ ab1\n', max_size=200))
def test_no_text_breaks_the_shape(text: str) -> None:
    shape(source("{" + text))


def test_json_lines_are_told_from_a_document_and_a_broken_line_costs_itself() -> None:
    found = documents(source('{"a": 1}\n\n{"a": \n{"a": 3}\n'), reader="x")
    assert [place for place, _ in found] == ["#0", "#1", "#2"]
    assert isinstance(found[1][1], Broken)
    assert documents(source('{\n"a": 1\n}'), reader="x") == [("", {"a": 1})]
    assert documents(source("[1, 2]"), reader="x") == [("/0", 1), ("/1", 2)]


def test_a_raw_line_separator_in_a_text_breaks_neither_a_line_nor_a_document() -> None:
    assert documents(source('{"a": "x\u2028y"}\n{"a": 2}'), reader="x")[0] == ("#0", {"a": "x\u2028y"})
    assert document(source('{"a": "x\u2028y"}'), reader="x") == {"a": "x\ny"}


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"a": ' + "9" * 5_000 + "}", "x", ","])
def test_no_json_is_an_error_that_names_the_reader(text: str) -> None:
    with pytest.raises(SourceMalformed, match="as some_reader"):
        document(source(text), reader="some_reader")
    with pytest.raises(SourceMalformed, match="as some_reader"):
        documents(source(text if text != "[" * 100_000 else "{"), reader="some_reader")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1.0),
        ("1.5", 1.5),
        (True, None),
        ("", None),
        (float("nan"), None),
        (10**400, None),
        ("1e5", None),
        ([], None),
    ],
)
def test_numbers_are_finite_and_of_a_size(value: object, expected: float | None) -> None:
    assert number(value) == expected


def test_places_in_a_recording_are_whole_milliseconds_or_a_bad_item() -> None:
    assert seconds_ms({"a": "1.2344"}, "a") == 1_234
    assert seconds_ms({"a": "01:02:03"}, "a") == 3_723_000
    assert seconds_ms({"a": -0.5}, "a") == 0
    assert (millis({}, "a"), millis({"a": None}, "a"), millis({"a": ""}, "a"), millis({"a": 7}, "a")) == (
        None,
        None,
        None,
        7,
    )
    for bad in ("soon", True, [], 10**13, float("inf")):
        with pytest.raises(BadItem, match="a is not a number of milliseconds"):
            millis({"a": bad}, "a")


def test_instants_come_as_text_seconds_or_milliseconds() -> None:
    at = datetime(2026, 3, 26, 8, tzinfo=UTC)
    for written in ("2026-03-26T08:00:00Z", at.timestamp(), at.timestamp() * 1000, str(int(at.timestamp() * 1000))):
        assert moment(written) == at
    for bad in (None, "soon", [], "9999-12-31T23:59:59-23:00", -5, 10**18):
        assert moment(bad) is None


def test_speakers_get_a_prefix_only_where_the_source_has_a_bare_number_or_letter() -> None:
    assert [
        label(value, "Speaker ") for value in (0, "1", "B", "Mara", "spk_0", "Unknown Speaker", " ", None, True)
    ] == [
        "Speaker 0",
        "Speaker 1",
        "Speaker B",
        "Mara",
        "spk_0",
        None,
        None,
        None,
        None,
    ]


def test_texts_are_one_normalised_line() -> None:
    assert name("a\n b\ud83d") == "a b\ufffd"
    assert text_of({"a": 5, "b": " x "}, "a", "b") == "x"
    with pytest.raises(BadItem, match="no text"):
        text_of({"a": 5}, "a", "b")


def test_only_filled_summaries_count() -> None:
    assert summaries({"a": "x", "b": [], "c": None, "d": {}, "e": ["y"]}, "abcde") == 2


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_is_read_back_and_has_a_shape(value: object) -> None:
    opened = source(json.dumps({"value": value}))
    shape(opened)
    assert isinstance(document(opened, reader="x"), dict)
