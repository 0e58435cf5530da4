"""Otter text exports: headers, the footer that is nobody's words, facts above the talk, and the count of lines."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers.otter import READER
from ingest.records import Rejected, Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "data" / "samples" / "otter" / "2026-03-09-store-12-call.txt"
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


def test_a_header_is_a_name_two_spaces_and_a_time() -> None:
    text = "Mara Lindqvist  0:03  \nHello.\nSecond line: of hers.\n\nTomás Rey  1:02:03\nHi at 10:30.\n"
    found = session(text)
    assert said(text) == [("Mara Lindqvist", "Hello.\nSecond line: of hers."), ("Tomás Rey", "Hi at 10:30.")]
    assert [(item.start_ms, item.locator) for item in found.utterances] == [
        (3_000, "lines 1-3"),
        (3_723_000, "lines 5-6"),
    ]


def test_the_footer_is_nobodys_words_wherever_it_stands() -> None:
    text = (
        "Mara  0:03\nHello.\nTranscribed by https://otter.ai\n\nTomás  0:09\nHi.\n\nTranscribed by https://otter.ai\n"
    )
    assert said(text) == [("Mara", "Hello."), ("Tomás", "Hi.")]
    assert session(text).set_aside == (("export note", 2),)


def test_without_telling_speakers_apart_the_header_is_a_time() -> None:
    text = "0:03\nHello.\n\n0:09\nHi.\n\nTranscribed by https://otter.ai\n"
    assert said(text) == [(None, "Hello."), (None, "Hi.")]
    assert session(text).notes == ("speakers unknown",)
    assert rank(text) == 75


def test_an_unknown_speaker_is_nobody_and_a_numbered_one_stays() -> None:
    text = "Unknown Speaker  0:03\nHello.\n\nSpeaker 1  0:09\nHi.\n"
    assert said(text) == [(None, "Hello."), ("Speaker 1", "Hi.")]


def test_the_keywords_are_a_machines_and_title_and_date_are_facts() -> None:
    found = session(SAMPLE.read_text(encoding="utf-8"))
    assert (found.title, found.started_at, found.time_basis) == (
        "Store 12 call",
        datetime(2026, 3, 9, 10, 2, tzinfo=UTC),
        "source",
    )
    assert found.set_aside == (("export note", 1), ("machine_summary", 2))
    assert "renovation, zero rows" not in " ".join(item.text for item in found.utterances)


def test_headers_on_most_paragraphs_or_the_footer_are_what_is_recognised() -> None:
    assert rank("Mara  0:03\nHello.\n\nTomás  0:09\nHi.\n") == 51
    assert rank("Mara  0:03\nHello.\n\nTranscribed by https://otter.ai") == 75
    assert rank("Start  9:00\n\nprose\n\nEnd  10:00\n\nprose\n\nprose\n") == 0
    assert rank("Transcribed by https://otter.ai\n") == 0
    assert rank("a\x00Mara  0:03\nHello.\n\nTranscribed by https://otter.ai") == 0


def test_a_text_without_headers_is_rejected_whole() -> None:
    (only,) = read("a\n\nb\n")
    assert isinstance(only, Rejected)
    assert (only.where, only.units) == ("lines 1-3", 2)


def test_the_sample_and_the_real_excerpt_go_to_this_reader() -> None:
    assert reader_for(file_source(SAMPLE, Declared())) is READER
    real = SHARED / "meeting-otter" / "ladybug-tail.txt"
    if not real.is_file():
        pytest.skip("the sample collection meeting-otter is not beside this checkout")
    source = file_source(real, Declared())
    (found,) = READER.read(source)
    assert isinstance(found, Session)
    assert reader_for(source) is READER
    assert [(item.speaker, item.start_ms) for item in found.utterances] == [("Sidney", 3_321_000)]
    assert found.set_aside == (("export note", 1),)


@given(
    st.lists(
        st.sampled_from(
            [
                "Mara  0:03\n",
                "0:09\n",
                "words\n",
                "\n",
                " ",
                "\u00a0\n",
                "Transcribed by https://otter.ai\n",
                "\x85",
                "SUMMARY KEYWORDS\n",
                "SPEAKERS\n",
                "Mon, Mar 9, 2026 10:02AM\n",
                "Title\n",
                "Unknown Speaker  99:99:99\n",
                "December 31, 9999 11:59PM\n",
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
