"""Teams transcripts as text: headers, who started transcription, title and date, and the count of lines."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers.teams_text import READER
from ingest.records import Rejected, Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "data" / "samples" / "teams_text" / "2026-03-12-mart-build-check.txt"
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


def test_title_date_and_turns_of_a_converted_document() -> None:
    found = session(SAMPLE.read_text(encoding="utf-8"))
    assert (found.title, found.started_at, found.time_basis) == (
        "Mart build check",
        datetime(2026, 3, 12, 8, 30, tzinfo=UTC),
        "source",
    )
    assert found.set_aside == (("recorder", 3),)
    assert found.notes == ("the date's time zone is unknown, read as UTC",)
    assert [item.speaker for item in found.utterances] == ["Tomás Rey", "Aiko Tan", "Tomás Rey", "Mara Lindqvist"]


@pytest.mark.parametrize(
    "header",
    ["Mara   1:02:03\nHello.", "**Mara**   1:02:03\\\nHello.", "Mara   1:02:03   Hello.", "**Mara  1:02:03**\nHello."],
)
def test_a_header_may_be_bold_broken_or_hold_the_words(header: str) -> None:
    (only,) = session(f"Mara started transcription\n\n{header}\n").utterances
    assert (only.speaker, only.text, only.start_ms) == ("Mara", "Hello.", 3_723_000)


def test_an_evening_hour_is_read_as_one() -> None:
    text = "Weekly\n15 June 2026, 03:35pm\n27m 42s\nMara started transcription\nMara   0:03\nHi.\n"
    assert session(text).started_at == datetime(2026, 6, 15, 15, 35, tzinfo=UTC)


def test_who_started_transcription_over_a_header_is_what_is_recognised() -> None:
    assert rank("Weekly\nMara started transcription\nMara   0:03\nHi.\n") == 86
    assert rank("Weekly-20260312_083000-Meeting Transcript\nMara   0:03\nHi.\n") == 86
    assert rank("Mara started transcription of her notes today\nMara   0:03\nHi.\n") == 0
    assert rank("Mara started transcription\nHi.\n") == 0


def test_a_text_without_headers_is_rejected_whole() -> None:
    (only,) = read("Mara started transcription\n\nb\n")
    assert isinstance(only, Rejected)
    assert (only.where, only.units) == ("lines 1-3", 2)


def test_the_sample_goes_to_this_reader() -> None:
    assert reader_for(file_source(SAMPLE, Declared())) is READER


@given(
    st.lists(
        st.sampled_from(
            [
                "Mara   0:03\n",
                "**Mara**   0:03   hi\n",
                "words\n",
                "\n",
                " ",
                "\u00a0\n",
                "Mara started transcription\n",
                "\x85",
                "Mara stopped transcription\n",
                "27m 42s\n",
                "15 June 2026, 03:35am\n",
                "T-20260312_083000-Meeting Transcript\n",
                "31 December 9999, 11:59pm\n",
                "**\n",
                "Unknown   9:99\n",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_every_line_is_kept_set_aside_or_rejected(text: str) -> None:
    source = stdin_source(text.encode() or b" ", Declared())
    READER.accepts(source)
    try:
        items = list(READER.read(source))
    except SourceError:
        return
    assert accounted(items) == READER.count(source)
    sessions = [item for item in items if isinstance(item, Session)]
    assert all(item.kept >= 0 and item.utterances for item in sessions)
    assert all(item.text.strip() for one in sessions for item in one.utterances)
