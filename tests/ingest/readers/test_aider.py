"""Aider's chat history: whose line is whose, runs as sessions, and nothing lost on the way."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import Reading
from ingest.pipeline import read as reading_of
from ingest.readers.aider import READER
from ingest.records import Session
from ingest.sources import Declared, file_source, stdin_source
from tests.growth import assert_linear_row

HEADER = "# aider chat started at 2026-03-11 16:42:07"
REAL = Path(__file__).parents[4] / "shared" / "samples" / "agent-aider"


def reading(text: str) -> Reading:
    return reading_of(stdin_source(text.encode(), Declared(stdin_name="history")), READER)


def only(*lines: str) -> Session:
    [session] = reading("\n".join((HEADER, "", *lines))).sessions
    return session


def told(session: Session) -> list[tuple[str, str]]:
    return [(said.role, said.text) for said in session.utterances]


def test_prompt_reply_and_notice_are_told_apart() -> None:
    session = only("#### add a test  ", "", "Here it is.", "", "> Applied edit to tests/test_a.py  ")
    assert told(session) == [
        ("person", "add a test"),
        ("assistant", "Here it is."),
        ("tool_result", "Applied edit to tests/test_a.py"),
    ]
    assert [said.locator for said in session.utterances] == ["line 3", "line 5", "line 7"]


def test_a_run_starts_when_its_header_says_and_is_known_by_that() -> None:
    session = only("> Aider v0.86.1  ", "> Main model: claude-x with diff edit format  ", "#### hi  ", "Hello.")
    assert session.started_at == datetime(2026, 3, 11, 16, 42, 7, tzinfo=UTC)
    assert session.native_id.startswith("aider:2026-03-11T16:42:07:")
    assert session.identity == "native"
    assert session.notes == ("Aider v0.86.1", "local time without a zone")
    assert session.utterances[1].speaker == "claude-x"
    assert session.set_aside == (("run_header", 1), ("start_up", 2))


def test_a_run_that_has_grown_is_the_same_session() -> None:
    short, long = only("#### hi  ", "Hello."), only("#### hi  ", "Hello.", "", "#### go on  ", "Yes.")
    assert short.native_id == long.native_id


def test_two_runs_of_one_second_and_one_prompt_stay_two() -> None:
    sessions = reading(f"{HEADER}\n#### hi  \n{HEADER}\n#### hi  \n").sessions
    assert len({session.native_id for session in sessions}) == 2


def test_several_prompt_lines_are_one_prompt_and_a_blank_line_parts_two() -> None:
    assert told(only("#### one  ", "#### two  ", "", "#### three  ")) == [("person", "one\ntwo"), ("person", "three")]


def test_marks_inside_a_fence_are_the_models_text() -> None:
    session = only("#### show it  ", "```", "#### no prompt  ", "> no notice  ", "```", "> Tokens: 1k sent  ")
    assert [role for role, _ in told(session)] == ["person", "assistant", "tool_result"]


def test_a_fence_that_never_closes_ends_with_the_reply() -> None:
    session = only("#### show it  ", "```", "x = 1", "", "> Tokens: 1k sent  ", "", "#### thanks  ")
    assert told(session)[-1] == ("person", "thanks")


def test_the_models_own_headings_and_quotations_are_no_prompts_and_notices() -> None:
    session = only("#### plan it  ", "Steps:", "", "#### Step 1", "> quoted", "Do it.")
    assert told(session) == [("person", "plan it"), ("assistant", "Steps:\n\n#### Step 1\n> quoted\nDo it.")]


def test_a_file_without_trailing_spaces_is_read_by_what_stands_around() -> None:
    session = only("#### plan it", "Steps:", "", "#### Step 1", "> quoted", "", "> Applied edit to a.py", "#### next")
    assert [role for role, _ in told(session)] == ["person", "assistant", "tool_result", "person"]


def test_output_marked_on_its_first_line_only_is_all_the_tools() -> None:
    session = only("#### /test pytest  ", "> == test session ==", "collected 2 items", "2 failed  ", "", "#### why?  ")
    assert told(session) == [("tool_result", "== test session ==\ncollected 2 items\n2 failed"), ("person", "why?")]


@pytest.mark.parametrize("order", ["/add a.py", "/undo", "/commit we use DuckDB", "!git status", "/ask"])
def test_an_order_to_the_program_is_nobodys_words(order: str) -> None:
    assert dict(only(f"#### {order}  ", "", "#### hi  ").set_aside)["slash_command"] == 1


def test_the_arguments_of_a_talking_command_are_the_persons() -> None:
    session = only("#### /ask why is it slow?  ")
    assert told(session) == [("person", "why is it slow?")]
    assert session.utterances[0].topic == "/ask"


def test_a_path_is_no_order() -> None:
    assert told(only("#### /usr/local is full  ")) == [("person", "/usr/local is full")]


def test_silent_runs_give_no_sessions_but_are_counted() -> None:
    found = reading(f"{HEADER}\n\n> Aider v0.86.1  \n\n{HEADER}\n#### hi  \n{HEADER}\n")
    assert len(found.sessions) == 1
    assert dict(found.set_aside) == {"run_header": 1, "run_without_words": 3}


def test_lines_before_the_first_header_are_refused() -> None:
    [rejected] = reading(f"left over\n\nwords\n{HEADER}\n#### hi  \n").rejected
    assert (rejected.units, rejected.text) == (2, "left over\n\nwords")


def test_only_its_header_is_accepted() -> None:
    def rank(text: str) -> int:
        return READER.accepts(stdin_source(text.encode(), Declared()))

    assert rank(f"\ufeff\n{HEADER}\n") == 95
    assert rank("# aider chat started at some time\n") == rank(f"text\n{HEADER}\n") == 0


@given(st.lists(st.sampled_from([HEADER, "#### hi  ", "#### hi", "> note  ", "> note", "text", "", "```", "~~~", " "])))
def test_every_line_is_accounted_for(lines: list[str]) -> None:
    reading("\n".join((HEADER, *lines)))  # raises when read is not kept + set aside + rejected


@pytest.mark.parametrize("line", ["```\n", "#### a  \n\n", "> a\n", f"{HEADER}\n", "> " * 50 + "\n"])
def test_a_long_file_takes_time_in_proportion(line: str) -> None:
    assert_linear_row(lambda body: reading(HEADER + "\n" + body), line)


def test_real_histories_have_their_prompts() -> None:
    if not REAL.is_dir():
        pytest.skip("real samples are not beside the repository")
    found = reading_of(file_source(REAL / "runs-012-016.chat.history.md", Declared()), READER)
    asked = [said.text for said in found.sessions[0].utterances if said.role == "person"]
    assert asked[1] == "don't use --no-git in those tests"
    assert len(asked) == 7
