"""Answers given by number to questions asked by number."""

from __future__ import annotations

import pytest

from ingest.extract.cues import cues
from ingest.extract.propose import propose
from ingest.records import Candidate, Draft, Session, Utterance
from tests.growth import assert_linear

_ASKED = """Before I go on:

1. **Tables**: there is one a day now. Should I keep one table a day, or use a single partitioned one?
2. Do you want me to keep the old loader as a fallback?
3. Who reads the nightly report?

Let me know."""


def _found(*turns: str) -> tuple[Candidate, ...]:
    """What is found where the agent speaks first and the person next, in turns."""
    said = tuple(
        Utterance(
            index, text, "person" if index % 2 else "assistant", f"line {index}", "mara" if index % 2 else "agent"
        )
        for index, text in enumerate(turns)
    )
    return propose(cues(Draft(Session("agent_session", "s", said, len(said))))).candidates


def _choices(*turns: str) -> list[tuple[str, list[str]]]:
    return [(one.status, [span.quote for span in one.parts[0].spans]) for one in _found(*turns)]


@pytest.mark.parametrize(
    "answer",
    [
        "1. a single partitioned one\n2. no",
        "1) a single partitioned one\n2) no",
        "1 - a single partitioned one, 2 - no",
    ],
)
def test_each_numbered_answer_settles_its_question(answer: str) -> None:
    assert _choices(_ASKED, answer) == [
        ("declined", ["Do you want me to keep the old loader as a fallback?", "no"]),
        ("accepted", ["a single partitioned one"]),
    ]


def test_a_choice_is_about_its_question() -> None:
    first = next(one for one in _found(_ASKED, "1. keep one a day, it is cheap to drop\n2. yes") if "cheap" in str(one))
    assert first.subject.startswith("Should I keep one table a day, or use a single partitioned")


def test_who_asked_proposed_what_a_bare_yes_takes() -> None:
    taken = next(
        one for one in _found(_ASKED, "1. one a day\n2. yes") if one.parts[0].spans[0].quote.startswith("Do you")
    )
    assert {(one.name, one.role) for one in taken.people} == {("agent", "proposed"), ("mara", "decided")}


@pytest.mark.parametrize(
    "answer",
    [
        "1. not sure, you decide\n2. what would that cost?",  # handed back, asked back
        "1. yes\n3. the finance team",  # which of the two is not said; a fact
        "1. a single one",  # one number alone is no list of answers
        "4. a single one\n5. no",  # nobody asked these
    ],
)
def test_what_settles_no_question_is_no_choice(answer: str) -> None:
    assert _choices(_ASKED, answer) == []


def test_numbers_answer_nothing_where_no_questions_were_asked() -> None:
    assert _choices("Done:\n1. the loader\n2. the tests", "1. a single partitioned one\n2. no") == []


def test_questions_are_no_options_to_pick_from() -> None:
    assert _choices(_ASKED + "\n\nWhich do you prefer?", "2") == []


def test_the_words_of_an_answer_are_announced_once() -> None:
    found = _choices(_ASKED, "1. Let's go with a single partitioned one.\n2. no")
    assert [quotes for status, quotes in found if status == "accepted"] == [["Let's go with a single partitioned one."]]


def test_many_answers_take_time_in_proportion() -> None:
    assert_linear(lambda count: _found(*[_ASKED, "1. a single one\n2. no"] * count), 200)


def test_answers_to_many_questions_after_long_messages_take_time_in_proportion() -> None:
    found = "\n".join(f"{number}. I looked at file {number} and it is as it was" for number in range(1, 40))

    def read(count: int) -> None:
        asked = "\n".join(f"{number}. Should I keep table {number} or drop it?" for number in range(1, count + 1))
        answer = "\n".join(f"{number}. drop it" for number in range(1, count + 1))
        told = [Utterance(at, text, "assistant", f"line {at}") for at, text in enumerate([asked, *[found] * count])]
        said = (*told, Utterance(len(told), answer, "person", "last line"))
        propose(cues(Draft(Session("agent_session", "s", said, len(said)))))

    assert_linear(read, 9)
