"""Question dialogs: which options an answer picks, and when typed words settle a question."""

import pytest

from ingest.dialogs import Option, decided, is_settled, picked
from ingest.records import Utterance
from ingest.text import span

OPTIONS = tuple(Option(label, (0, 0), None) for label in ("DuckDB", "DuckDB, in memory", "Postgres", "Skip"))


@pytest.mark.parametrize(
    ("answer", "labels"),
    [
        ("DuckDB", ["DuckDB"]),
        ("DuckDB, in memory", ["DuckDB, in memory"]),
        ("DuckDB, Postgres", ["DuckDB", "Postgres"]),
        ("DuckDB, please", []),
        ("Skip", ["Skip"]),
        ("", []),
    ],
)
def test_an_answer_picks_options_only_when_it_consists_of_their_labels(answer: str, labels: list[str]) -> None:
    assert [option.label for option in picked(answer, OPTIONS)] == labels


@pytest.mark.parametrize(
    "words",
    [
        "",
        " … ",
        "I don't know yet, let me ask Bob",
        "I don’t know",
        "hm, not sure",
        "Skip",
        "skip this question",
        "What is Rabbit?",
        "what is Rabbit",
        "DuckDB, or is that too new?",
        "Chat about this",
        "let's discuss this first",
        "None of these",
        "none",
        "whatever you think",
        "up to you",
        "Ask Jonas",
        "Postgres maybe, but let me check with Aiko",
        "later",
        "wait",
        "explain the second one",
        "Given what table... I don't see anything.",
        "what table? there is none above",
        "I can't see the preview.",
        "Sorry, I don’t see any of those",
        "So we can't write from two machines at all, no?",
    ],
)
def test_words_that_put_a_question_off_settle_nothing(words: str) -> None:
    assert not is_settled(words)


@pytest.mark.parametrize(
    "words",
    [
        "3",
        "SQLite for now",
        "wait 2 s between attempts",
        "skip rows without a store",
        "ask the customer before charging again",
        "postpone the migration to May",
        "no, keep the loop",
        "explain plan only",
        "later versions only",
        "what Aiko proposed",
        "I don't see a problem, DuckDB",
        "I don't see that working; keep Postgres",
        "I don't see it as a risk",
    ],
)
def test_words_that_say_what_to_do_settle_a_question(words: str) -> None:
    assert is_settled(words)


@pytest.mark.parametrize(
    ("label", "decides"),
    [
        ("You decide", False),
        ("Claude decides", False),
        ("Up to you", False),
        ("Let the agent choose", False),
        ("You decide per table", False),
        ("You decide (recommended)", False),
        ("Your choice.", False),
        ("You pick the best one", False),
        ("No preference - whatever is simplest", False),
        ("Let Claude decide for me, please", False),
        ("You decide which is best", False),
        ("You decide—I trust you", False),
        ("Up to you completely", False),
        ("Your call on this", False),
        ("No preference at all", False),
        ("Let Claude decide the details", False),
        ("You pick whichever", False),
        ("Your choice of colours per user", True),
        ("You choose the colours of each chart", True),
        ("Users decide", True),
        ("Keep both", True),
    ],
)
def test_an_option_that_leaves_the_choice_to_the_agent_decides_nothing(label: str, decides: bool) -> None:
    asked = Utterance(0, f"Which store?\n- DuckDB\n- {label}", "tool_call", "line 1")
    said = Utterance(1, label, "person", "line 2")
    start = asked.text.index(label)
    options = (Option("DuckDB", (15, 21), None), Option(label, (start, start + len(label)), None))
    parts = decided(span(said, 0, len(label)), asked, options, options[1:])
    assert bool(parts) is decides
