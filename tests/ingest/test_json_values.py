"""JSON as it comes: documents one after another, JSON Lines, and what a broken stretch costs."""

from __future__ import annotations

import json

import pytest

from ingest.json_values import Broken, levels, lined
from tests.growth import assert_linear_row


def test_a_broken_line_costs_only_itself() -> None:
    found = list(lined('{"a": 1}\n{"a": 2\n\n{"a": 3}\n'))
    assert [place for place, _ in found] == ["#0", "#1", "#2"]
    assert [value if isinstance(value, dict) else type(value) for _, value in found] == [{"a": 1}, Broken, {"a": 3}]


def test_a_broken_first_line_costs_only_itself() -> None:
    assert [isinstance(value, Broken) for _, value in lined('{"a": "cut\n{"a": 2}\n{"a": 3}')] == [True, False, False]


def test_a_raw_line_separator_in_a_string_breaks_no_line() -> None:
    found = [value for _, value in lined('{"a": 1}\n{"a": "one\ntwo"}\n{"a": 3}')]
    assert found == [{"a": 1}, {"a": "one\ntwo"}, {"a": 3}]


def test_two_values_in_one_line_are_refused_together() -> None:
    found = [value for _, value in lined('{"a": 1}\n{"a": 2} {"a": 3}')]
    assert isinstance(found[1], Broken)
    assert "more than one" in found[1].problem


@pytest.mark.parametrize("indent", [None, 1])
def test_whole_documents_are_read_as_documents(indent: int | None) -> None:
    value = [{"a": [{"b": 1}]}, {"a": {}}]
    assert [found for _, found in lined(json.dumps(value, indent=indent))] == [value]


def test_an_array_with_one_object_a_line_is_one_document() -> None:
    assert [value for _, value in lined('[\n{"a": 1}\n]')] == [[{"a": 1}]]


def test_field_names_are_seen_by_depth_where_the_text_is_cut_off() -> None:
    assert levels('[{"a": {"b": [{"c": "x') == [{"a"}, {"b"}, {"c"}, set()]


@pytest.mark.parametrize("worst", ['{"a', "[1,\n", '{"a": "\n', "{}\n", '{"a":[\n'])
def test_reading_lines_takes_linear_time(worst: str) -> None:
    assert_linear_row(lambda rows: list(lined('{"a": 1}\n' + rows)), worst)
