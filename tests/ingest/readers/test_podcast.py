"""Podcast blocks: times from the markers, nobody named, and the count of lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers.podcast import READER
from ingest.records import Rejected, Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "data" / "samples" / "podcast" / "2026-03-20-data-room-episode-4.txt"
REAL = ROOT.parent / "shared" / "samples" / "meeting-podcast" / "fafo-aronchick.txt"


def read(text: str) -> list[Session | Rejected]:
    return list(READER.read(stdin_source(text.encode(), Declared())))


def session(text: str) -> Session:
    (only,) = (item for item in read(text) if isinstance(item, Session))
    return only


def rank(text: str) -> int:
    return READER.accepts(stdin_source(text.encode(), Declared()))


def accounted(items: list[Session | Rejected]) -> int:
    sessions = [item for item in items if isinstance(item, Session)]
    aside = sum(units for item in sessions for _, units in item.set_aside)
    return sum(item.kept for item in sessions) + aside + sum(i.units for i in items if isinstance(i, Rejected))


def test_lines_carry_their_blocks_times_and_no_speaker() -> None:
    found = session("Hello.\n(00:19):\nMara: one\ntwo\n\n(01:00:02):\nthree\n")
    assert [(item.speaker, item.text, item.start_ms, item.end_ms) for item in found.utterances] == [
        (None, "Mara: one", 19_000, 3_602_000),
        (None, "two", 19_000, 3_602_000),
        (None, "three", 3_602_000, None),
    ]
    assert found.set_aside == (("introduction", 1), ("time marker", 2))
    assert found.notes == ("speakers unknown", "times approximate")


def test_a_marker_that_goes_back_ends_no_block() -> None:
    assert session("(00:19):\na\n(00:05):\nb\n").utterances[0].end_ms is None


def test_a_heading_on_top_is_the_title_and_kept() -> None:
    found = session("# Episode 4\n(00:00):\na\n(00:05):\nb\n")
    assert (found.title, found.kept, found.set_aside) == ("Episode 4", 3, (("time marker", 2),))


def test_a_time_inside_a_line_is_no_marker() -> None:
    assert session("(00:00):\nat (00:05): he said\n").utterances[0].text == "at (00:05): he said"


def test_a_text_without_markers_is_rejected_whole() -> None:
    (only,) = read("a\n\nb\n")
    assert isinstance(only, Rejected)
    assert (only.where, only.units) == ("lines 1-3", 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("(00:00):\na\n(00:05):\nb\n", 82), ("(00:00):\na\n", 29), ("(00:00):\n", 0), ("a (00:00): b\n", 0)],
)
def test_markers_on_lines_of_their_own_are_what_is_recognised(text: str, expected: int) -> None:
    assert rank(text) == expected


def test_the_sample_episode_is_read_by_this_reader() -> None:
    source = file_source(SAMPLE, Declared())
    assert reader_for(source).name == "podcast"
    (episode,) = READER.read(source)
    assert isinstance(episode, Session)
    assert episode.title == "The Data Room, episode 4: one file instead of a server"


def test_a_real_episode_adds_up() -> None:
    if not REAL.is_file():
        pytest.skip("the sample collection meeting-podcast is not beside this checkout")
    source = file_source(REAL, Declared())
    items = list(READER.read(source))
    assert READER.accepts(source) == 82
    assert accounted(items) == READER.count(source)


@given(st.lists(st.sampled_from(["(00:19):", "(99:99:99):", "# t", "w", "\n", " ", "\x85", "\u2028"])).map("".join))
def test_every_line_of_an_episode_is_kept_set_aside_or_rejected(text: str) -> None:
    source = stdin_source(text.encode() or b" ", Declared())
    try:
        items = list(READER.read(source))
    except SourceError:
        return
    assert accounted(items) == READER.count(source)
