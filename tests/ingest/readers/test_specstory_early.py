"""SpecStory's dialect of early 2025: detection, turns and steps, thoughts, open fences, and the title's local time."""

from __future__ import annotations

import contextlib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers.specstory import READER
from ingest.readers.specstory_early import started
from ingest.records import Rejected, Session, Source
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source
from ingest.text import normalise
from tests.growth import assert_linear_row

SAMPLES = Path(__file__).parents[3] / "data" / "samples"
SAMPLE = SAMPLES / "specstory" / "2025-03-06_09-14-slow-opening-hours-page.md"
HEAD = "## SpecStory\n\n## Opening hours (3/6/2025, 9:14:27 AM)\n\n"
USER, AGENT, STEP = "_**User**_\n\n", "_**Assistant**_\n\n", "_****_\n\n"
RULE = "\n\n---\n\n"


def source(text: str, name: str = "h.md") -> Source:
    return stdin_source(text.encode(), Declared(stdin_name=name))


def ingest(given: Source) -> tuple[Session, list[Rejected]]:
    """Reads a source and holds it to the laws of readers."""
    items = list(READER.read(given))
    refused = [item for item in items if isinstance(item, Rejected)]
    [session] = [item for item in items if isinstance(item, Session)]
    assert session.kept + sum(count for _, count in session.set_aside) + len(refused) == READER.count(given)
    for index, utterance in enumerate(session.utterances):
        assert utterance.index == index
        assert utterance.text.strip()
        assert utterance.text == normalise(utterance.text)
    return session, refused


def told(*turns: str) -> list[tuple[str, str]]:
    """Role and text of each utterance of a history in which nothing is refused."""
    session, refused = ingest(source(HEAD + RULE.join(turns) + "\n\n"))
    assert not refused
    return [(item.role, item.text) for item in session.utterances]


def test_the_early_sample_gives_every_turn_to_its_speaker() -> None:
    session, refused = ingest(file_source(SAMPLE, Declared()))
    assert not refused
    assert (session.title, session.identity) == ("Slow opening hours page", "content")
    assert (session.started_at, session.time_basis) == (datetime(2025, 3, 6, 9, 14, 27, tzinfo=UTC), "source")
    assert session.notes == ("recorded by SpecStory", "local time without a zone")
    assert Counter(item.role for item in session.utterances) == {
        "person": 3,
        "assistant": 4,
        "reasoning": 1,
        "tool_call": 5,
    }
    assert [item.text[-8:] for item in session.utterances if item.role == "person"] == [
        "time go?",
        "nothing)",
        "seen it.",
    ]
    topics = [item.topic for item in session.utterances if item.role == "tool_call"]
    assert topics == ["Read file", "Grep search", "bash", "diff", "tool"]


@pytest.mark.parametrize(
    "text",
    [
        "# SpecStory\n\n## Hours (3/6/2025, 9:14:27 AM)\n\n_**User**_\n\nhi\n",
        "## SpecStory\n\nIt saves every chat.\n\n## Hours (3/6/2025, 9:14:27 AM)\n\n_**User**_\n\nhi\n",
        "## SpecStory\n\n## How we use it\n\n_**User**_\n\nhi\n",
        "## SpecStory\n\n## How we use it (since 2025)\n\n_**User**_\n\nhi\n",
        "## SpecStory\n\n## Hours (3/6/2025, 9:14:27 AM)\n\nA turn looks like _**User**_.\n",
        "Our notes\n\n" + HEAD + USER + "hi\n",
        "## SpecStory\n",
    ],
)
def test_a_page_that_mentions_specstory_is_not_a_history(text: str) -> None:
    assert READER.accepts(source(text)) == 0


def test_the_early_heading_with_title_time_and_role_line_is_a_history() -> None:
    for text in (HEAD + USER + "hi\n", "\ufeff" + HEAD.replace("\n", "\r\n") + USER, "\n" + HEAD + AGENT + "hi\n"):
        assert READER.accepts(source(text)) == 99
        assert reader_for(source(text)) is READER


@pytest.mark.parametrize("folder", ["decision_record", "plain_text", "aider", "cursor"])
def test_files_of_other_readers_stay_with_them(folder: str) -> None:
    for path in (SAMPLES / folder).iterdir():
        if path.is_file():
            assert READER.accepts(file_source(path, Declared())) == 0, path.name


def test_a_decision_record_with_a_section_on_specstory_is_one() -> None:
    text = (
        "# Keep chats\n\n## Status\n\nAccepted\n\n## Context\n\nChats get lost.\n\n## Decision\n\nWe use SpecStory.\n\n"
    )
    assert reader_for(source(text + HEAD + USER)).name == "decision_record"


def test_steps_without_a_name_are_the_agents() -> None:
    assert told(USER + "why?", AGENT + "I look.", STEP + "\n\nIt is the cache.") == [
        ("person", "why?"),
        ("assistant", "I look."),
        ("assistant", "It is the cache."),
    ]


def test_a_turn_without_a_name_right_below_the_users_is_refused() -> None:
    session, refused = ingest(source(HEAD + RULE.join((USER + "why?", STEP + "Because.", AGENT + "Well."))))
    assert [(item.reason, item.text) for item in refused] == [
        ("a turn without a name right below the user's", "Because.")
    ]
    assert [item.text for item in session.utterances] == ["why?", "Well."]


@pytest.mark.parametrize(
    ("step", "topic"),
    [
        ("Read file: a.sql", "Read file"),
        ("Cancelled", "tool"),
        ("Tool call timed out after 5000ms", "tool"),
        ("Could not find file hours.py in the workspace.", "tool"),
        ("```diff\n- a\n+ b\n  ```\n```", "diff"),
        ("```bash\nls\n```", "bash"),
        ("```bash\ncat a.md\n```\n\n```\n```sql\nselect 1\n```\ndone\n```", "bash"),
        ("```\nlet a = 1\n```", "code"),
        (
            "<details>\n            <summary>Listed directory src • **1** results</summary>\n\n| a |\n\n</details>",
            "Listed directory",
        ),
    ],
)
def test_what_a_tool_shows_is_no_prose(step: str, topic: str) -> None:
    session, _ = ingest(source(HEAD + RULE.join((USER + "go", AGENT + "I go.", STEP + step))))
    shown = session.utterances[-1]
    assert (shown.role, shown.topic) == ("tool_call", topic)
    assert "Listed" in shown.text or shown.text == step


@pytest.mark.parametrize(
    "step",
    [
        "Read file: a.sql\n\nIt is empty.",
        "Cancelled orders are kept.",
        "```bash\nls\n```\n\nThen run this:\n\n```bash\npwd\n```",
        "```bash\nls\n```\n\n```\na b\n```\n\nTwo files.",
        "```diff:hours.py\n- a\n+ b\n```",
        "<details>\n<summary>More</summary>\nx\n</details>\n\nThat is all.",
    ],
)
def test_prose_with_a_fence_or_a_tools_words_is_the_assistants(step: str) -> None:
    assert told(USER + "go", AGENT + "I go.", STEP + step)[-1] == ("assistant", step)


def test_a_first_answer_that_is_code_alone_is_the_assistants_and_the_users_fence_the_persons() -> None:
    assert told(USER + "```bash\nls\n```", AGENT + "```\nselect 1\n```") == [
        ("person", "```bash\nls\n```"),
        ("assistant", "```\nselect 1\n```"),
    ]


def test_words_right_behind_a_thought_are_said() -> None:
    told_turns = told(USER + "why?", AGENT + "<think>One.\n\nAnd `</summary>` two.</think>It is.\n\nTruly.")
    assert told_turns[1:] == [("reasoning", "One.\n\nAnd `</summary>` two."), ("assistant", "It is.\n\nTruly.")]
    assert told(USER + "why?", AGENT + "<think>\nHm.\n</think>\n\nSo.")[1:] == [
        ("reasoning", "Hm."),
        ("assistant", "So."),
    ]


def test_a_thought_that_is_never_closed_is_refused_up_to_the_next_turn() -> None:
    turns = (USER + "why?", AGENT + "<think>Let me", USER + "go on", AGENT + "<think>ok</think>Done.")
    session, refused = ingest(source(HEAD + RULE.join(turns)))
    assert [(item.reason, item.where) for item in refused] == [("a thought block that is never closed", "line 13")]
    assert [item.text for item in session.utterances] == ["why?", "go on", "ok", "Done."]


def test_an_open_fence_hides_no_turn() -> None:
    turns = (USER + "error:\n\n```\nno such table", AGENT + "I see:\n\n```sql\nselect 1\n```", USER + "thanks")
    assert [role for role, _ in told(*turns)] == ["person", "assistant", "person"]


def test_turns_in_a_commands_output_are_not_said() -> None:
    shown = RULE.join((HEAD + USER + "Use Postgres.", AGENT + "We go with it.", USER + "Drop DuckDB."))
    step = f"```bash\ncat old.md\n```\n\n```\n{shown}\n```"
    assert told(USER + "show it", AGENT + "Here:", STEP + step, USER + "no") == [
        ("person", "show it"),
        ("assistant", "Here:"),
        ("tool_call", step),
        ("person", "no"),
    ]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (USER + "```bash\nmake\n```\nWhy does it fail?", "person"),
        (USER + "```bash\nmake", "person"),
        (AGENT + "```bash\nmake\n```\nThen restart it.", "assistant"),
    ],
)
def test_a_command_that_somebody_wrote_hides_no_turn(first: str, expected: str) -> None:
    turns = told(first, USER + "No, use DuckDB.", AGENT + "Done:\n\n```sql\nSELECT 1\n```", USER + "Thanks.")
    assert [role for role, _ in turns] == [expected, "person", "assistant", "person"]
    assert turns[1] == ("person", "No, use DuckDB.")


@pytest.mark.parametrize("lead", ["", " ", "\n" * 20, "\ufeff", "\r\n\t\n"])
def test_blank_space_above_the_heading_changes_nothing(lead: str) -> None:
    given = source(lead + HEAD + USER + "Use DuckDB." + RULE + AGENT + "Done." + RULE + STEP + "Read file: a.py\n")
    assert reader_for(given) is READER
    session, refused = ingest(given)
    assert not refused
    assert [item.role for item in session.utterances] == ["person", "assistant", "tool_call"]
    assert session.title == "Opening hours"


def test_a_commands_output_that_is_cut_short_ends_with_its_turn() -> None:
    turns = (USER + "run", AGENT + "I run.", STEP + "```bash\nls\n```\n\n```\na b", USER + "and?", AGENT + "Two.")
    assert [role for role, _ in told(*turns)] == ["person", "assistant", "tool_call", "person", "assistant"]


def test_a_role_line_without_a_rule_above_is_text() -> None:
    said = "a turn begins so:\n\n_**Assistant**_\n\nright?"
    assert told(USER + said, AGENT + "Right.") == [("person", said), ("assistant", "Right.")]


def test_rules_and_role_lines_that_a_formatter_rewrote_still_part_turns() -> None:
    text = HEAD + USER + "why?\n\n- ***\n\n" + AGENT + "I look.\n\n***\n\n" + "_\\*\\*\\*\\*_\n\n" + "Found.\n"
    session, _ = ingest(source(text))
    assert [(item.role, item.text) for item in session.utterances] == [
        ("person", "why?"),
        ("assistant", "I look."),
        ("assistant", "Found."),
    ]


@pytest.mark.parametrize(
    ("stamp", "name", "day"),
    [
        ("3/6/2025, 9:14:27 AM", "h.md", "2025-03-06 09:14:27"),
        ("3/6/2025, 12:00:01 AM", "h.md", "2025-03-06 00:00:01"),
        ("3/6/2025, 12:00:01 PM", "h.md", "2025-03-06 12:00:01"),
        ("06/03/2025, 09:14:27", "2025-03-06_09-14-hours.md", "2025-03-06 09:14:27"),
        ("06/03/2025, 09:14:27", "2025-06-03_09-14-hours.md", "2025-06-03 09:14:27"),
        ("3/6/2025, 9:14:27 PM", "2025-06-03_21-14-hours.md", "2025-06-03 21:14:27"),
        ("25/02/2025, 06:12:53", "h.md", "2025-02-25 06:12:53"),
        ("5.5.2025, 06:12", "h.md", "2025-05-05 06:12:00"),
        ("2025-03-06, 09:14:27", "h.md", "2025-03-06 09:14:27"),
    ],
)
def test_the_titles_time_is_read_with_day_and_month_told_apart(stamp: str, name: str, day: str) -> None:
    assert started(stamp, name) == datetime.fromisoformat(day).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "stamp",
    [
        "06/03/2025, 09:14:27",
        "3/6/2025, 25:14:27",
        "31/31/2025, 9:14:27 AM",
        "5.5.25, 06:12",
        "3/6/2025, 13:14 PM",
        "March 6",
    ],
)
def test_a_time_that_cannot_be_told_is_not_made_up(stamp: str) -> None:
    assert started(stamp, "h.md") is None


PIECES = st.sampled_from(
    [
        USER, AGENT, STEP, RULE, "---\n", "\n", "```\n", "```bash\n", "```diff\n", "<think>", "</think>", "<think>\n",
        "<details>\n<summary>Listed a</summary>\n", "</details>\n", "Read file: a\n", "Cancelled\n", "say so\n",
        "***\n", "<command-name>/x</command-name>\n",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=10), max_size=16))
def test_any_arrangement_of_early_markup_is_accounted_for(pieces: list[str]) -> None:
    with contextlib.suppress(SourceError):
        ingest(source(HEAD + USER + "".join(pieces)))


@pytest.mark.parametrize(
    "piece",
    [
        RULE + STEP + "```bash\nx\n", RULE + STEP + "<think>x\n", RULE + USER + "\n" * 9, "```\n", "\n", "<details>\n",
        RULE + STEP + "<details>\n<summary>a\n", "<details>\n<summary>", RULE, "</think>",
    ],
)  # fmt: skip
def test_early_markup_is_read_in_linear_time(piece: str) -> None:
    def read(body: str) -> None:
        given = source(HEAD + USER + "hi" + RULE + AGENT + "hm" + RULE + STEP + body)
        READER.accepts(given)
        with contextlib.suppress(SourceError):
            ingest(given)

    assert_linear_row(read, piece, 40_000)
