"""Plain transcripts: which labels speak, how turns are joined, facts before the talk, and the count of lines."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers.plain_text import READER
from ingest.records import Rejected, Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "data" / "samples" / "plain_text"
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


def test_lines_without_a_speaker_go_on_with_the_turn() -> None:
    text = "Mara: we drop\nthem in staging.\n\nOnce.\nTomás: fine\nMara: good\nTomás: yes\n"
    assert said(text)[0] == ("Mara", "we drop\nthem in staging.\n\nOnce.")
    assert session(text).utterances[0].locator == "lines 1-4"


def test_keywords_urls_and_labels_seen_once_are_words_not_speakers() -> None:
    text = (
        "Mara: see\nhttps://example.org/a: b\nNote: not a person\nNote: nor here\nTODO: nothing\nTODO: more\n"
        "the plan: drop them\nTomás: fine\nQ: who?\nQ: why?\nMara: ok\nTomás: good\n"
    )
    assert {speaker for speaker, _ in said(text)} == {"Mara", "Tomás"}
    assert "the plan: drop them" in said(text)[0][1]


def test_a_label_over_60_characters_is_no_speaker() -> None:
    long = "M" * 61
    text = f"{long}: a\nMara: b\n{long}: c\nMara: d\nTomás: e\nTomás: f\n"
    assert {speaker for speaker, _ in said(text)} == {"Mara", "Tomás"}


def test_a_participant_who_speaks_once_is_a_speaker() -> None:
    text = "Participants: Mara Lindqvist, jo\n\nMara: a\nb\nMara: c\nd\njo: e\n"
    assert said(text)[-1] == ("jo", "e")


def test_where_every_line_is_a_turn_a_name_seen_once_speaks_too() -> None:
    assert said("Mara Lindqvist: let's go with DuckDB\nTomás Rey: agreed\n") == [
        ("Mara Lindqvist", "let's go with DuckDB"),
        ("Tomás Rey", "agreed"),
    ]


def test_initials_become_the_person_who_was_introduced_with_them() -> None:
    text = "Mara Lindqvist (ML): a\nJustin Florentine (Besu): b\nML: c\nJustin Florentine (Besu): d\n"
    speakers = [speaker for speaker, _ in said(text)]
    assert speakers == ["Mara Lindqvist", "Justin Florentine (Besu)", "Mara Lindqvist", "Justin Florentine (Besu)"]


@pytest.mark.parametrize(
    "opening",
    [
        "[00:01:02] Mara: hello",
        "00:01:02 Mara: hello",
        "Mara (00:01:02): hello",
        "Mara [1:02] hello",
        "Mara: 00:01:02\n\nhello",
        "Mara (01:02)\nhello",
    ],
)
def test_a_time_beside_the_name_is_the_start_of_the_turn(opening: str) -> None:
    text = f"{opening}\n{opening.replace('Mara', 'Tomás').replace('hello', 'hi')}\n" * 2
    first = session(text).utterances[0]
    assert (first.speaker, first.text, first.start_ms) == ("Mara", "hello", 62_000)


@pytest.mark.parametrize("label", ["**Mara:** hello", "**Mara**: hello", "Mara: hello", "Mara:\n\nhello"])
def test_bold_names_and_names_alone_open_turns(label: str) -> None:
    text = f"{label}\n\n{label.replace('Mara', 'Tomás')}\n\n" * 2
    assert said(text)[:2] == [("Mara", "hello"), ("Tomás", "hello")]


def test_facts_before_the_talk_are_title_date_and_kept_lines() -> None:
    text = "# Orders planning\nDate: March 3, 2026\nAttendees:\n- Mara\n- Tomás\nBring coffee.\n\nMara: a\nTomás: b\n"
    found = session(text)
    assert (found.title, found.started_at, found.time_basis) == (
        "Orders planning",
        datetime(2026, 3, 3, tzinfo=UTC),
        "source",
    )
    assert (found.kept, found.set_aside) == (7, (("preamble", 1),))


def test_front_matter_gives_facts_and_the_rest_of_it_is_set_aside() -> None:
    text = "---\ntitle: Signet\ndate: 2020-08-19\ntags:\n  - x\nspeakers:\n  - Mara\n---\nMara: a\nTomás: b\nTomás: c\n"
    found = session(text)
    assert (found.title, dict(found.set_aside)) == ("Signet", {"front matter": 4})


def test_headings_become_topics_and_markers_times() -> None:
    text = "Mara: a\n## Mart\n00:02:03\nTomás: b\nMara: c\nTomás: d\n"
    found = session(text)
    assert (found.utterances[1].topic, found.utterances[1].start_ms) == ("Mart", 123_000)
    assert found.set_aside == (("heading", 1), ("time marker", 1))
    assert found.notes == ("times approximate",)


def test_timed_lines_without_names_are_utterances_of_nobody() -> None:
    text = "00:00:00 Clean code is hard.\n\n00:00:07 But it pays.\n\n00:00:11 Why: because.\n\n00:00:18 Right.\n"
    assert said(text)[2] == (None, "Why: because.")
    assert session(text).notes == ("speakers unknown",)
    assert rank(text) == 40


def test_a_speaker_without_words_is_set_aside() -> None:
    assert session("Mara: a\nTomás:\nMara: b\nTomás: c\n").set_aside == (("no words", 1),)


def test_a_text_in_which_nobody_speaks_is_rejected_with_all_its_lines() -> None:
    (only,) = read("- agreed: one file\n- agreed: no server\n\nBye\n")
    assert isinstance(only, Rejected)
    assert (only.where, only.units) == ("lines 1-4", 3)


@pytest.mark.parametrize(
    "text",
    [
        "version: 2\nname: a\nversion: 3\nname: b\n",
        "Requires-Dist: a\nProvides-Extra: dev\nRequires-Dist: b\nProvides-Extra: docs\n",
        "def f(x):\n    Mara: int = 1\n    Tomás: int = 2\n    Mara: int\n    Tomás: int\n",
        "INFO: start\nERROR: stop\nINFO: start\nERROR: stop\n",
        "# Title\n\nSome words: and more.\n\nOther words.\n",
        '{"Mara": "x"}\n',
        "\x00Mara: a\nTomás: b\nMara: a\nTomás: b\n",
        "Added: one\nFixed: two\nAdded: three\nFixed: four\n",
    ],
)
def test_what_is_no_transcript_is_not_accepted(text: str) -> None:
    assert rank(text) == 0


def test_two_people_in_turns_are_accepted() -> None:
    assert rank("Mara: a\nTomás: b\nMara: c\nTomás: d\n") == 40
    assert rank("Mara Lindqvist: let's go with DuckDB\nTomás Rey: agreed\n") == 10


def test_the_sample_meeting_names_everybody_in_full() -> None:
    source = file_source(SAMPLES / "2026-03-05-definitions-follow-up.txt", Declared())
    (meeting,) = reader_for(source).read(source)
    assert isinstance(meeting, Session)
    assert {item.speaker for item in meeting.utterances} == {"Mara Lindqvist", "Priya Nair", "Aiko Tan", "Tomás Rey"}
    assert (meeting.title, meeting.set_aside) == ("Definitions follow-up", ())


_PIECES = st.sampled_from(
    "Mara: |Tomás Rey: |Mara (ML): |ML: |words|\n|\n\n|\r| |---\n|title: x\n|# h\n|Date: 0001-01-01T00:00:00+23:00\n|"
    "Participants: Mara, B\n|[00:01:02] |00:01:02\n|**A:** |A  0:03|Transcribed by https://otter.ai|\u2028|\x85|\x1c|"
    "e\u0301|::|12:30|Speakers:\n|- Mara\n".split("|")
)


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_every_line_is_kept_set_aside_or_rejected(text: str) -> None:
    source = stdin_source(text.encode() or b" ", Declared())
    try:
        items = list(READER.read(source))
    except SourceError:
        return
    assert accounted(items) == READER.count(source)
    assert all(item.text.strip() for one in items if isinstance(one, Session) for item in one.utterances)


@pytest.mark.parametrize(
    ("name", "first", "people"),
    [
        ("meeting-minutes/assumeutxo.md", "James O'Beirne", 4),
        ("meeting-minutes/ingala.md", "Stephan Livera", 2),
        ("meeting-minutes/signet-socratic.md", "Michael Folkson", 4),
    ],
)
def test_real_transcripts_add_up_and_name_their_people(name: str, first: str, people: int) -> None:
    if not (SHARED / name).is_file():
        pytest.skip(f"the sample collection with {name} is not beside this checkout")
    source = file_source(SHARED / name, Declared())
    items = list(READER.read(source))
    (meeting,) = items
    assert isinstance(meeting, Session)
    assert READER.accepts(source) >= 40
    assert accounted(items) == READER.count(source)
    speakers = [item.speaker for item in meeting.utterances]
    assert speakers[0] == first
    assert len(set(speakers)) == people


MINUTES = """# Weekly sync, minutes
Date: 2026-03-05
Attendees:
- Mara
- Tomás

## Decisions
- Use DuckDB for the mart because it is one file
- Retries: tbd
- None

## Notes
- **Agreed:** drop test orders in stg_orders.
  - in staging too
- due 2026-03-12: the page for store 12
"""


def test_minutes_without_speakers_are_a_record_in_nobodys_words() -> None:
    found = session(MINUTES)
    assert rank(MINUTES) == 30
    assert {item.role for item in found.utterances} == {"document"}
    assert (found.title, found.started_at) == ("Weekly sync, minutes", datetime(2026, 3, 5, tzinfo=UTC))
    assert (found.kept, found.set_aside, found.notes) == (11, (("heading", 2),), ("minutes, nobody's words",))
    assert found.utterances[3].text == "- **Agreed:** drop test orders in stg_orders.\n  - in staging too"
    assert (found.utterances[3].topic, found.utterances[3].locator) == ("Notes", "lines 13-14")


def test_items_that_say_decided_are_decisions_and_those_left_open_are_not() -> None:
    stated = [
        (item.subject, [(part.kind, part.spans[0].quote) for part in item.parts]) for item in session(MINUTES).stated
    ]
    assert stated == [
        ("Use DuckDB for the mart", [("choice", "Use DuckDB for the mart"), ("rationale", "it is one file")]),
        ("drop test orders in stg_orders", [("choice", "drop test orders in stg_orders.")]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# Changelog\n\n## 2026-03-05\n- one\n- two\n- three\n",
        "# Weekly sync\n\n- one\n- two\n- three\n",
        "---\ndate: 2026-03-05\n---\n# Post\n\nMuch prose.\nMore prose.\nAnd more.\n- one\n- two\n- three\n",
    ],
)
def test_bullets_that_are_no_minutes_of_a_dated_meeting_are_not_accepted(text: str) -> None:
    assert rank(text) == 0


def test_a_thousand_introduced_initials_are_read_in_linear_time() -> None:
    names = [f"{a}a {b}b {c}c ({a}{b}{c})" for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJ" for c in "ABCDEFGHIJ"]
    text = "".join(f"{name}: words\n" for name in names) * 20
    assert len(session(text).utterances) == 20_000


def test_real_minutes_of_bullets_add_up() -> None:
    path = SHARED / "meeting-minutes" / "maintainers.md"
    if not path.is_file():
        pytest.skip("the sample collection meeting-minutes is not beside this checkout")
    source = file_source(path, Declared())
    items = list(READER.read(source))
    assert READER.accepts(source) == 30
    assert accounted(items) == READER.count(source) == 46
    assert [item.title for item in items if isinstance(item, Session)] == ["Maintainers"]
