"""A word within a long run of marks: the language of a session is told in linear time."""

from __future__ import annotations

from ingest.language import _EDGES
from tests.growth import assert_linear


def test_marks_within_a_word_take_linear_time_and_those_around_it_go() -> None:
    assert _EDGES.sub("", "«¿Qué?»") == "Qué"
    assert _EDGES.sub("", "it's_") == "it's"
    assert _EDGES.sub("", "---") == ""
    assert_linear(lambda marks: _EDGES.sub("", "e" + "\u0301" * marks + "e"))
