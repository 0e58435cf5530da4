"""Options under letters and numbers, and the answers that pick among them."""

from __future__ import annotations

import pytest

from ingest.extract.cues import cues
from ingest.extract.propose import propose
from ingest.extract.propose_options import named, offers, questions
from ingest.extract.reasons import reasons
from ingest.records import Candidate, Draft, Role, Session, Utterance
from tests.growth import assert_linear

_LIST = "Two ways to keep runs\n\n1. **One table per day** - cheap to drop\n2. **One partitioned table** - fast to read"
_ASK = "\n\nWhich do you prefer?"


def _found(*turns: tuple[str, str]) -> tuple[Candidate, ...]:
    roles: dict[str, Role] = {"agent": "assistant", "tool": "tool_result"}
    said = tuple(
        Utterance(index, text, roles.get(speaker, "person"), f"line {index}", speaker)
        for index, (speaker, text) in enumerate(turns)
    )
    draft = Draft(Session("agent_session", "s", said, len(said)))
    return reasons(propose(cues(draft))).candidates


def _choices(*turns: tuple[str, str]) -> list[list[str]]:
    return [[span.quote for span in one.parts[0].spans] for one in _found(*turns)]


@pytest.mark.parametrize("answer", ["2", "2.", "let's try 2", "ok, do #2 please", "I think 2 is the right approach."])
def test_a_bare_pick_takes_the_words_of_the_option_and_the_answer_as_second_evidence(answer: str) -> None:
    assert _choices(("agent", _LIST + _ASK), ("me", answer)) == [["One partitioned table", answer]]


def test_tool_calls_between_the_list_and_the_answer_do_not_part_them() -> None:
    assert _choices(("agent", _LIST + _ASK), ("tool", "ok"), ("me", "1")) == [["One table per day", "1"]]


def test_each_option_of_an_answer_that_names_several_is_a_choice() -> None:
    asked = "Left to do:\n1. Check the range of dates\n2. Rename the counters\n3. Explain the limit\n\nWhich ones?"
    found = _choices(("agent", asked), ("me", "yes, apply #1 and #3"))
    assert [one[0] for one in found] == ["Check the range of dates", "Explain the limit"]


def test_a_number_answers_nothing_where_the_agent_asked_nothing() -> None:
    assert _choices(("agent", _LIST), ("me", "2")) == []


def test_a_number_that_the_list_does_not_have_picks_nothing() -> None:
    assert _choices(("agent", _LIST + _ASK), ("me", "3")) == []


def test_a_pick_reaches_over_no_other_answer_of_the_person() -> None:
    assert _choices(("agent", _LIST + _ASK), ("me", "Tell me more."), ("agent", "Sure."), ("me", "2")) == []


@pytest.mark.parametrize(
    "answer", ["3 more to go, fix them too", "a table would be nice", "let's start with #89 there"]
)
def test_a_number_or_an_article_in_passing_is_no_pick(answer: str) -> None:
    assert _choices(("agent", _LIST + _ASK), ("me", answer)) == []


@pytest.mark.parametrize(
    ("answer", "names"),
    [("B", ("b",)), ("yes... apply #1 and #3", ("1", "3")), ("I like B)", ("b",)), ("1,2 and 3", ())],
)  # fmt: skip
def test_an_answer_names_letters_and_numbers_in_their_order(answer: str, names: tuple[str, ...]) -> None:
    assert named(answer) == names


def test_options_in_a_table_and_under_headings_are_offered_too() -> None:
    table = "Options:\n\n| Way | Cost |\n|---|---|\n| **A) Whole file** | high |\n| **B) Key lines** | low |\n\nWhich?"
    headings = "## Option 1: Read the file\n\nSlow.\n\n## Option 2: Watch the folder\n\nFast.\n\nWhich one?"
    names = [[text[one.start_char : one.end_char] for one in offers(text)[0]] for text in (table, headings)]
    assert names == [["Whole file", "Key lines"], ["Read the file", "Watch the folder"]]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_question_right_below_two_options_is_no_part_of_the_last_one(between: str) -> None:
    text = f"Two ways:\n\n1. One table per day{between}2. One partitioned table\nWhich do you prefer?"
    assert len(offers(text)) == 1
    assert _choices(("agent", text), ("me", "2")) == [["One partitioned table", "2"]]


def test_an_address_with_a_query_is_an_option_and_no_question() -> None:
    text = "Two ways:\n\n1. Read https://api.example.com/items?page=2\n2. Read /export\n\nWhich do you prefer?"
    assert len(offers(text)) == 1
    assert _choices(("agent", text), ("me", "2")) == [["Read /export", "2"]]


@pytest.mark.parametrize(("address", "asks"), [("https://example.com/?q=1", False), ("https://example.com/q?", True)])
def test_only_a_question_mark_behind_an_address_asks(address: str, asks: bool) -> None:
    assert bool(offers(f"Two ways:\n1. Read the file\n2. Watch it\n\nSeen {address}")) is asks


def test_a_question_with_an_address_goes_on_to_its_own_mark() -> None:
    text = "1. Should we keep /items?page=2 as it is?\n2. Should we log?"
    assert [text[start:end] for start, end in questions(text).values()] == [
        "Should we keep /items?page=2 as it is?",
        "Should we log?",
    ]


def test_steps_that_nobody_is_asked_about_are_no_offer() -> None:
    assert offers("I did this:\n1. Read the file\n2. Wrote the test") == []


def test_the_option_not_picked_under_a_heading_is_an_alternative_with_what_is_held_against_it() -> None:
    text = "## Option 1: Read the file again\n\nIt is too slow for big ones.\n\n## Option 2: Watch it\n\nWhich one?"
    (found,) = _found(("agent", text), ("me", "Option 2"))
    place = next(at for at, part in enumerate(found.parts) if part.kind == "alternative")
    assert found.parts[place].spans[0].quote == "Read the file again"
    assert [part.spans[0].quote for part in found.parts if part.about == place] == ["It is too slow for big ones."]


def test_looking_for_options_takes_time_in_step_with_the_text() -> None:
    assert_linear(lambda size: offers("1. **a\n(b) - option c | d\n" * size), 200)
    assert_linear(lambda size: offers("/a?b/http://a?" * size), 2_000)
