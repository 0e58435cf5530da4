"""Turns of text transcripts: who may speak, dates in words, and the count of lines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.records import Rejected, Session
from ingest.sources import Declared, stdin_source
from ingest.turns import Opening, day_and_time, gathered, is_name_like, may_speak, meeting, named


@pytest.mark.parametrize("label", ["Mara Lindqvist", "Akash | ECH", "MF", "kai", "Kai Chen's Presentation", "李明"])
def test_names_may_speak(label: str) -> None:
    assert may_speak(label)


@pytest.mark.parametrize("label", ["Note", "https", "Decided", "the plan is", "- Mara", "Why?", "M" * 61, "!!"])
def test_keywords_urls_sentences_and_bullets_may_not(label: str) -> None:
    assert not may_speak(label)


def test_a_name_has_capitals_and_up_to_five_words() -> None:
    assert is_name_like("José Hugo De la cruz")
    assert not is_name_like("Of All The People Who Came")
    assert not is_name_like("so we")


def test_an_unknown_speaker_is_nobody() -> None:
    assert (named("Unknown Speaker"), named(" Mara  Lindqvist "), named(None)) == (None, "Mara Lindqvist", None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("15 June 2026, 03:35am", datetime(2026, 6, 15, 3, 35, tzinfo=UTC)),
        ("Mon, Mar 9, 2026 12:02PM • 1:04", datetime(2026, 3, 9, 12, 2, tzinfo=UTC)),
        ("12 March 2026, 12:00 a.m.", datetime(2026, 3, 12, tzinfo=UTC)),
        ("12 March 2026 15:35", datetime(2026, 3, 12, 15, 35, tzinfo=UTC)),
        ("12 March 2026, 25:61", datetime(2026, 3, 12, tzinfo=UTC)),
        ("12 March 2026, 13:30pm", datetime(2026, 3, 12, tzinfo=UTC)),
        ("31 February 2026", None),
        ("03:35am", None),
    ],
)
def test_a_date_in_words_with_its_time_of_day(value: str, expected: datetime | None) -> None:
    assert day_and_time(value) == expected


def of(text: str) -> Session | Rejected:
    lines = text.split("\n")

    def opens(at: int) -> Opening | None:
        return Opening(lines[at][1:], 5) if lines[at].startswith("@") else None

    talk = gathered(lines, opens, lambda at: "rule" if lines[at].strip() == "--" else None)
    return meeting(stdin_source(text.encode(), Declared()), lines, talk)


def test_lines_go_on_with_the_turn_before_and_blank_runs_are_one() -> None:
    found = of("above\n@Mara\none\n\n\n \ntwo\n--\n@Tomás\n@Aiko\nthree")
    assert isinstance(found, Session)
    assert [(item.speaker, item.text, item.locator) for item in found.utterances] == [
        ("Mara", "one\n\ntwo", "lines 2-7"),
        ("Aiko", "three", "lines 10-11"),
    ]
    assert (found.kept, found.set_aside) == (5, (("no words", 1), ("preamble", 1), ("rule", 1)))


def test_where_nobody_says_a_word_all_lines_are_refused_together() -> None:
    assert of("above\n\n@Mara") == Rejected("nobody says a word", "lines 1-3", "above\n\n@Mara", 2)
