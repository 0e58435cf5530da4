"""A word within a long run of marks: the language of a session is told in linear time."""

from __future__ import annotations

import time

from ingest.language import _EDGES


def test_marks_within_a_word_take_linear_time_and_those_around_it_go() -> None:
    assert _EDGES.sub("", "«¿Qué?»") == "Qué"
    assert _EDGES.sub("", "it's_") == "it's"
    assert _EDGES.sub("", "---") == ""
    began = time.process_time()
    _EDGES.sub("", "e" + "\u0301" * 50_000 + "e")
    assert time.process_time() - began < 1.0  # 40 s once
