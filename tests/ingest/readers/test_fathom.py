"""Fathom copies: headers, lines that its model writes, a date without a year, and the count of lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers.fathom import READER
from ingest.records import Rejected, Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "data" / "samples" / "fathom" / "2026-03-11-payments-provider-check-in.txt"
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


TOP = "Weekly - January 29\nVIEW RECORDING - 31 mins (No highlights): https://fathom.video/calls/1\n\n---\n\n"


def test_turns_are_read_and_double_spaces_between_sentences_folded() -> None:
    text = TOP + "0:00 - Ana Ruiz (Acme)\n  One.  Two.\n\n1:02:03 - Mara\n  0:05 - no header, it is indented.\n"
    assert said(text) == [("Ana Ruiz (Acme)", "One. Two."), ("Mara", "0:05 - no header, it is indented.")]
    assert [item.start_ms for item in session(text).utterances] == [0, 3_723_000]
    assert (session(text).title, session(text).kept) == ("Weekly", 5)


def test_lines_between_turns_are_nobodys_words_and_noted_as_unconfirmed() -> None:
    text = TOP + "0:00 - Ana\n  One.\nACTION ITEM: Do it - WATCH: https://x\nSCREEN SHARING: Ana started\n  Two.\n"
    found = session(text)
    assert found.utterances[0].text == "One.\nTwo."
    assert found.set_aside == (("export note", 2), ("machine_summary", 1), ("screen sharing", 1))
    assert found.notes == ("unconfirmed format: Fathom's lines between turns",)


def dated(name: str, modified_at: datetime) -> tuple[datetime | None, str]:
    text = TOP + "0:00 - Ana\n  One.\n"
    source = replace(stdin_source(text.encode(), Declared(stdin_name=name)), modified_at=modified_at)
    (found,) = READER.read(source)
    assert isinstance(found, Session)
    return found.started_at, found.time_basis


def test_the_year_is_that_of_the_name_else_the_last_before_the_files_time() -> None:
    written = datetime(2026, 1, 5, tzinfo=UTC)
    assert dated("2025-01-29-weekly.txt", written) == (datetime(2025, 1, 29, tzinfo=UTC), "name")
    assert dated("weekly.txt", written) == (datetime(2025, 1, 29, tzinfo=UTC), "assumed")
    assert dated("weekly.txt", datetime(2026, 1, 29, 18, tzinfo=UTC)) == (datetime(2026, 1, 29, tzinfo=UTC), "assumed")


def test_a_year_in_the_title_is_the_sources_own() -> None:
    text = TOP.replace("January 29", "January 29, 2024") + "0:00 - Ana\n  One.\n"
    assert (session(text).started_at, session(text).time_basis) == (datetime(2024, 1, 29, tzinfo=UTC), "source")


def test_the_link_to_the_recording_is_what_is_recognised() -> None:
    assert rank(TOP) == 89
    assert rank("a\nb\nc\nd\ne\nVIEW RECORDING - 3 mins\n0:00 - Ana\n") == 0
    assert rank("0:00 - Ana\n  One.\n") == 0


def test_a_copy_without_headers_is_rejected_whole() -> None:
    (only,) = read(TOP)
    assert isinstance(only, Rejected)
    assert only.units == 3


def test_the_sample_goes_to_this_reader() -> None:
    source = file_source(SAMPLE, Declared())
    assert reader_for(source) is READER
    assert accounted(list(READER.read(source))) == READER.count(source)


@given(
    st.lists(
        st.sampled_from(
            [
                "0:00 - Ana\n",
                "  words\n",
                "\n",
                " ",
                "VIEW RECORDING - 3 mins\n",
                "---\n",
                "ACTION ITEM: x\n",
                "\x85",
                "SCREEN SHARING: y\n",
                "Weekly - February 29\n",
                "Weekly - Foo 99\n",
                "99:99:99 - B\n",
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
