"""Blank texts: what stands in a record and says nothing yet, told apart from short decisions that do say something."""

from __future__ import annotations

import string

import pytest

from ingest.blanks import is_prompt, is_undecided, says_nothing
from tests.growth import assert_linear_row

UNDECIDED = [
    "TBD",
    "**TBD**",
    "t.b.d.",
    "tbd?",
    "TBD: after the spike",
    "To be decided",
    "To be decided by the team",
    "No decision yet; we are still discussing",
    "No decision was made.",
    "Undecided",
    "We have not decided yet.",
    "We haven’t decided.",
    "We're still discussing",
    "Pending review",
    "decision pending",
    "Still open",
    "Under discussion",
    "WIP",
    "TODO",
]
PROMPTS = [
    "<!-- which options were there? -->",
    "_Describe alternatives_",
    "*What did you consider?*",
    "_Optional_",
    "_..._",
    "[describe it]",
    "{title}",
    "<alternatives>",
    "Describe the alternatives you considered",
    "A clear and concise description of any alternative that you thought of.",
]
NONE = [
    "None",
    "None this week.",
    "none.",
    "None that I know of",
    "N/A",
    "n/a - first version",
    "NA",
    "Not applicable",
    "Nothing",
    "- ",
    "…",
    "???",
    "No alternatives were considered.",
    "There were no alternatives",
    "We did not consider other options.",
]
TELLING = [
    "We use DuckDB",
    "*Postgres*",
    "_We use DuckDB_",
    "**Use Kafka**",
    "[Kafka](https://kafka.example)",
    "<https://kafka.example/a>",
    "None of the libraries handle retries",
    "Nothing is deleted before 90 days",
    "No retries",
    "No decision is made by the client; the server decides",
    "Open the file read-only",
    "open-source Kafka",
    "Pending orders are dropped",
    "Draft orders count",
    "Later runs overwrite earlier ones",
    "Unknown stores are dropped",
    "Explain plans are stored",
    "Do nothing",
    "Null is false",
]


@pytest.mark.parametrize("text", [*UNDECIDED, *PROMPTS, *NONE])
def test_blank_texts_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", UNDECIDED)
def test_what_is_not_settled_is_undecided_and_no_prompt(text: str) -> None:
    assert is_undecided(text)
    assert not is_prompt(text)


@pytest.mark.parametrize("text", PROMPTS)
def test_what_a_template_asks_is_a_prompt_and_not_undecided(text: str) -> None:
    assert is_prompt(text)
    assert not is_undecided(text)


@pytest.mark.parametrize("text", TELLING)
def test_short_statements_with_such_words_say_something(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize(
    "piece", [*string.punctuation, *" 0a", "none ", "_a", "<!--", "{a", "<a", "no other ", "still "]
)
def test_long_texts_are_judged_in_linear_time(piece: str) -> None:
    assert_linear_row(says_nothing, piece)
    assert_linear_row(lambda text: says_nothing(text + "x"), piece)
