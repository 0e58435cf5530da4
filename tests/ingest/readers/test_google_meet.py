"""Google Meet exports: labels, lost line ends, times spread over blocks, Gemini's notes, and the count of lines."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.pipeline import extract
from ingest.readers.google_meet import READER
from ingest.records import Rejected, Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "data" / "samples" / "google_meet" / "2026-03-10-returns-dashboard.txt"
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


TOP = "Mar 10, 2026\nWeekly  - Transcript\n"
END = "Transcription ended after 00:02:00\n"
MARKDOWN = """📝 Notes

Mar 10, 2026

## Weekly

Invited [Mara Lindqvist](mailto:mara@lumengoods.example) [kai](mailto:kai@lumengoods.example)

Attachments [Weekly](https://calendar.example/1)

### Summary

We decided to use DuckDB.

### Details

* **Mart:** It was agreed.

*You should review Gemini's notes to make sure they're accurate.*

# 📖 Transcript

Mar 10, 2026

## Weekly - Transcript

### 00:00:00

**Mara Lindqvist:** Hello: all.

**kai:** Hi.

### Transcription ended after 00:02:00

*This editable transcript was computer generated and might contain errors.*
"""


def test_blank_lines_of_no_break_spaces_part_nothing() -> None:
    text = TOP + "00:00:00\n\u00a0\nMara Lindqvist: One.\n\u00a0 \nTomás Rey: Two.\n" + END
    assert said(text) == [("Mara Lindqvist", "One."), ("Tomás Rey", "Two.")]
    assert (session(text).kept, session(text).set_aside) == (4, (("export note", 1), ("time marker", 1)))


def test_a_line_is_cut_where_its_end_was_lost_before_a_known_name() -> None:
    text = TOP + "00:00:00\nMara Lindqvist: what you wanted to sayKai Chen: Uh yeah.\nKai Chen: And so.\n" + END
    assert said(text)[:2] == [("Mara Lindqvist", "what you wanted to say"), ("Kai Chen", "Uh yeah.")]
    assert [item.locator for item in session(text).utterances] == ["line 4", "line 4", "line 5"]
    assert session(text).kept == 4


def test_a_single_name_cuts_a_line_only_where_it_is_glued_to_a_word() -> None:
    text = TOP + "00:00:00\nMara: I asked Kai: twice.\nKai: no.Mara: fine\n" + END
    assert said(text) == [("Mara", "I asked Kai: twice."), ("Kai", "no."), ("Mara", "fine")]


def test_words_before_a_colon_speak_only_where_they_are_a_name() -> None:
    text = TOP + "00:00:00\nMara Lindqvist: One.\nso the rule is: two\nNote: three\n" + END
    assert said(text) == [("Mara Lindqvist", "One.\nso the rule is: two\nNote: three")]


def test_what_a_shared_screen_plays_has_a_label_of_its_own() -> None:
    assert ("Priya Nair's Presentation", "Welcome to the tour of the returns dashboard.") in said(
        SAMPLE.read_text(encoding="utf-8")
    )


def test_the_time_of_a_block_is_spread_over_its_turns_by_length() -> None:
    text = TOP + "00:00:00\nMara: aaaa\nKai: aaaaaaaa\n\n00:01:00\nMara: b\nKai: b\n" + END
    assert [item.start_ms for item in session(text).utterances] == [0, 20_000, 60_000, 90_000]
    assert session(text).notes == ("times approximate",)


def test_a_block_that_goes_back_in_time_keeps_its_marker() -> None:
    text = TOP + "00:01:00\nMara: aaaa\nKai: aaaa\n00:00:30\nMara: b\n" + END
    assert [item.start_ms for item in session(text).utterances] == [60_000, 60_000, 30_000]


def test_a_transcript_without_its_end_is_incomplete() -> None:
    text = TOP + "00:00:00\nMara: aaaa\nKai: aaaa\n"
    assert session(text).notes == ("times approximate", "transcript incomplete")
    assert [item.start_ms for item in session(text).utterances] == [0, 0]


def test_gemini_notes_are_a_summary_and_the_transcript_is_what_people_said() -> None:
    found = session(MARKDOWN)
    assert [(item.role, item.speaker, item.text, item.topic) for item in found.utterances] == [
        ("summary", None, "We decided to use DuckDB.", "Summary"),
        ("summary", None, "* **Mart:** It was agreed.", "Details"),
        ("person", "Mara Lindqvist", "Hello: all.", None),
        ("person", "kai", "Hi.", None),
    ]
    assert (found.title, found.started_at) == ("Weekly", datetime(2026, 3, 10, tzinfo=UTC))
    assert rank(MARKDOWN) == 85


def test_notes_alone_are_read_as_a_summary_with_the_time_of_their_title() -> None:
    text = (
        "Weekly - 2026/03/10 14:00 UTC - Notes by Gemini\n\nSummary\nWe talked.\n\nSuggested next steps\n- Mara: ask\n"
    )
    found = session(text)
    assert rank(text) == 85
    assert [item.role for item in found.utterances] == ["summary", "summary"]
    assert (found.title, found.started_at) == ("Weekly", datetime(2026, 3, 10, 14, tzinfo=UTC))
    other_zone = session(text.replace("UTC", "CEST"))
    assert other_zone.started_at == datetime(2026, 3, 10, tzinfo=UTC)


def test_no_decision_is_drawn_from_gemini_notes() -> None:
    assert extract(session(MARKDOWN)).candidates == ()


def test_title_over_a_marker_or_the_end_line_is_what_is_recognised() -> None:
    assert rank("x\nWeekly - Transcript\n00:00:00\nMara: a\n") == 85
    assert rank("Mara: a\nTranscription ended after 00:58:09\n") == 85
    assert rank("Weekly - Transcript\nMara: a\n") == 0
    assert rank("Summary\nDetails\n00:00:00\n") == 0


def test_a_document_without_words_is_rejected_whole() -> None:
    (only,) = read(TOP + "00:00:00\n" + END)
    assert isinstance(only, Rejected)
    assert only.units == 4


def test_a_line_of_a_megabyte_full_of_colons_is_read_in_linear_time() -> None:
    text = TOP + "00:00:00\nMara Lindqvist: one\nKai Chen: " + "ab: " * 250_000 + "\n" + END
    assert len(session(text).utterances) == 2


@pytest.mark.parametrize(
    ("name", "turns", "people"),
    [("September-12", 125, 8), ("September-26", 121, 10), ("October-10", 142, 8), ("October-24", 150, 10)],
)
def test_real_exports_add_up_and_name_their_people(name: str, turns: int, people: int) -> None:
    path = SHARED / "meeting-google-meet" / f"{name}.md"
    if not path.is_file():
        pytest.skip("the sample collection meeting-google-meet is not beside this checkout")
    source = file_source(path, Declared())
    (found,) = READER.read(source)
    assert isinstance(found, Session)
    assert reader_for(source) is READER
    assert (len(found.utterances), len({item.speaker for item in found.utterances})) == (turns, people)
    assert accounted([found]) == READER.count(source)


def test_the_sample_goes_to_this_reader() -> None:
    assert reader_for(file_source(SAMPLE, Declared())) is READER


@given(
    st.lists(
        st.sampled_from(
            [
                "Mara Lindqvist: ",
                "**kai:** ",
                "Kai Chen: ",
                "words\n",
                "to say",
                "\n",
                " ",
                "\xa0\n",
                "00:01:02\n",
                "### 00:00:00\n",
                "Weekly - Transcript\n",
                "Summary\n",
                "### Details\n",
                "# x\n",
                "Invited [a](mailto:b), c\n",
                "Transcription ended after 00:02:00\n",
                "This editable transcript was computer generated\n",
                "Mar 10, 2026\n",
                "W - 2026/99/99 14:00 UTC - Notes by Gemini\n",
                "**",
                "\x85",
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
