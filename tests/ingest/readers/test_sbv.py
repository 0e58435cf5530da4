"""SBV captions: timing lines, blocks without one, and the count of blocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers.sbv import READER
from ingest.records import Rejected, Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "data" / "samples" / "sbv" / "2026-03-18-data-room-trailer.sbv"
SHARED = ROOT.parent / "shared" / "samples"


def read(text: str) -> list[Session | Rejected]:
    return list(READER.read(stdin_source(text.encode(), Declared())))


def session(text: str) -> Session:
    (only,) = (item for item in read(text) if isinstance(item, Session))
    return only


def said(text: str) -> list[tuple[str | None, str]]:
    return [(item.speaker, item.text) for item in session(text).utterances]


def rank(text: str) -> int:
    return READER.accepts(stdin_source(text.encode(), Declared()))


def accounted(items: list[Session | Rejected]) -> int:
    sessions = [item for item in items if isinstance(item, Session)]
    aside = sum(units for item in sessions for _, units in item.set_aside)
    return sum(item.kept for item in sessions) + aside + sum(i.units for i in items if isinstance(i, Rejected))


def test_lines_of_a_caption_are_one_utterance_with_its_times() -> None:
    text = "0:00:00.378,0:00:11.378\nOne\ntwo[br]three\n\n123:00:01.500,123:00:01.000\nFour\n"
    assert [(item.text, item.start_ms, item.end_ms, item.locator) for item in session(text).utterances] == [
        ("One two three", 378, 11_378, "cue 1"),
        ("Four", 442_801_500, None, "cue 2"),
    ]
    assert session(text).notes == ("speakers unknown",)


def test_a_block_without_times_is_rejected_and_the_rest_is_read() -> None:
    rejected, kept = read("0:00:00.378,0:00:11.378\nOne\n\nlost words\n\n0:00:12.000,0:00:13.000\nTwo\n")
    assert rejected == Rejected("no timing line above it", "line 4", "lost words")
    assert isinstance(kept, Session)
    assert [item.locator for item in kept.utterances] == ["cue 1", "cue 2"]


def test_captions_without_words_and_the_footer_that_recognition_hears_are_set_aside() -> None:
    text = "0:00:00.378,0:00:11.378\n0:00:12.000,0:00:13.000\nTranscribed by https://otter.ai\n\n0:00:14.000,0:00:15.000\nx"
    assert session(text).set_aside == (("export note", 1), ("no words", 1))


def test_a_timing_line_on_top_is_what_is_recognised() -> None:
    assert rank("\n0:00:00.378,0:00:11.378\nOne\n") == 97
    assert rank("title\n\n0:00:00.378,0:00:11.378\nOne\n\n0:00:12.000,0:00:13.000\nTwo\n") == 43
    assert rank("1:02,1:05\nOne\n") == 0
    assert rank("00:00:00,378 --> 00:00:11,378\nOne\n") == 0


@pytest.mark.parametrize(("name", "captions"), [("sample.sbv", 5), ("two_captions.sbv", 2)])
def test_real_captions_add_up(name: str, captions: int) -> None:
    path = SHARED / "meeting-subtitles" / name
    if not path.is_file():
        pytest.skip("the sample collection meeting-subtitles is not beside this checkout")
    source = file_source(path, Declared())
    (found,) = READER.read(source)
    assert isinstance(found, Session)
    assert reader_for(source) is READER
    assert len(found.utterances) == READER.count(source) == captions


def test_the_sample_goes_to_this_reader() -> None:
    assert reader_for(file_source(SAMPLE, Declared())) is READER


@given(
    st.lists(
        st.sampled_from(
            [
                "0:00:00.378,0:00:11.378\n",
                "0:00:00.378,0:00:11.378",
                " ",
                "words\n",
                "\n",
                "\n\n",
                "[br]\n",
                "\x85",
                "\u2028",
                "Transcribed by https://otter.ai\n",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_every_block_is_kept_set_aside_or_rejected(text: str) -> None:
    source = stdin_source(text.encode() or b" ", Declared())
    READER.accepts(source)
    try:
        items = list(READER.read(source))
    except SourceError:
        return
    assert accounted(items) == READER.count(source)
    sessions = [item for item in items if isinstance(item, Session)]
    assert all(item.kept >= 0 for item in sessions)
    assert all(item.text.strip() for one in sessions for item in one.utterances)
