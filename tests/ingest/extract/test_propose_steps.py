"""Steps of work and nods: what sounds settled and says no choice."""

from __future__ import annotations

import pytest

from ingest.extract.cues import cues
from ingest.extract.propose import propose
from ingest.extract.propose_steps import is_nod, is_step
from ingest.records import Candidate, Draft, Role, Session, Statement, Utterance
from ingest.text import span
from tests.growth import assert_linear

_OPTIONS = "Two ways:\n\n### Option A: Keep the proxy\nSlow.\n\n### Option B: Call the store directly\nSimple."
_OTHERS = "Two ways:\n\n### Option A: Pin the client\nSafe.\n\n### Option B: Drop the env file\nBold."


def _found(*turns: tuple[str, str], heard: float = 0.9) -> list[Candidate]:
    """What is kept where a judge takes each sentence of the person's for a decision."""
    roles: dict[str, Role] = {"agent": "assistant", "me": "person"}
    said = tuple(
        Utterance(index, text, roles[speaker], f"line {index}", speaker) for index, (speaker, text) in enumerate(turns)
    )
    told = tuple(Statement(span(one, 0, len(one.text)), heard) for one in said if one.role == "person")
    return list(propose(cues(Draft(Session("agent_session", "s", said, len(said)), statements=told))).candidates)


@pytest.mark.parametrize(
    "said",
    [
        "let's move on to 3.2",
        "Yep, let's continue in whatever order you recommend.",
        "ok, proceed with the next phase",
        "let's keep working through the next steps.",
        "Let's walk through option 1 now",
        "go ahead and run the tests",
        "let's get started.",
        "go ahead and run the tests as a next step",
    ],
)
def test_going_on_with_the_work_is_a_step(said: str) -> None:
    assert is_step(said)


@pytest.mark.parametrize(
    "said",
    [
        "let's move the parser to its own module",
        "Let's move forward with the factory approach",
        "continue using SQLite for the cache",
        "let's start using pnpm",
        "let's run as an unprivileged user",
        "let's keep the old exporter",
        "Let's run it as a cron job",
        "go ahead and implement these as a Rust macro",
        "let's run the tests on every push",
        "let's run it nightly",
    ],
)
def test_a_way_of_doing_it_is_no_step(said: str) -> None:
    assert not is_step(said)


@pytest.mark.parametrize(
    "said",
    [
        "Yep go ahead",
        "yep let's do it",
        "Let's go with option B please",
        "I agree with your suggestions.",
        "#2",
        "thank you, I'm going with #2",
    ],
)
def test_words_that_only_agree_are_a_nod(said: str) -> None:
    assert is_nod(said)


@pytest.mark.parametrize("said", ["yes, but keep the proxy", "go with SQLite", "option B without the cache"])
def test_a_word_of_its_own_makes_it_more_than_a_nod(said: str) -> None:
    assert not is_nod(said)


def test_a_step_waits_for_review_however_sure_a_judge_is() -> None:
    assert [one.is_doubtful for one in _found(("me", "let's move on to the second milestone of the plan"))] == [True]


@pytest.mark.parametrize("nod", ["Let's go with option B please", "Let's proceed with option B"])
def test_a_nod_takes_up_the_option_that_it_names(nod: str) -> None:
    [one] = _found(("agent", _OPTIONS), ("me", nod))
    assert [span.quote for span in one.parts[0].spans] == ["Call the store directly", nod]
    assert not one.is_doubtful


def test_a_nod_takes_up_the_advice_before_it() -> None:
    advice = "I'd recommend keeping the retry budget in the client."
    [one] = _found(("agent", advice), ("me", "yep, let's go with your suggestion please"))
    assert one.parts[0].spans[0].quote == advice


def test_a_nod_to_nothing_that_is_found_waits_for_review() -> None:
    assert [one.is_doubtful for one in _found(("agent", "Done."), ("me", "yep let's do it please"))] == [True]


def test_picks_of_the_same_letter_from_other_lists_are_other_decisions() -> None:
    pick = "Let's go with option B"
    found = _found(("agent", _OPTIONS), ("me", pick), ("agent", _OTHERS), ("me", f"{pick}."))
    assert [one.parts[0].spans[0].quote for one in found] == ["Call the store directly", "Drop the env file"]


def test_looking_for_nods_and_steps_takes_time_in_line_with_the_words() -> None:
    for twice in ("go ahead with option a ", "#1 ", "thank you ", "we'll ", "I'm "):
        assert_linear(lambda count, twice=twice: is_nod(twice * count + "today"), 4_000)
    assert_linear(lambda count: is_step("let's proceed with the next " * count + "!"), 4_000)
