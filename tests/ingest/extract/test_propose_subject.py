"""The short phrase for what a choice is about, and objects that only point back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.propose_subject import headline, points_back, subject
from tests.growth import assert_linear_row


@pytest.mark.parametrize(
    ("text", "about"),
    [
        (" Pulsar either.", "Pulsar"),
        (" Parquet for the ledger instead of CSV", "Parquet for the ledger"),
        (" yes/no and not 1/0 for the dry-run flag", "yes/no for the dry-run flag"),
        (" Friday's rate and not wait", "Friday's rate"),
        (" the ledger export until Q3", "ledger export"),
        (" to keep Postgres for orders", "Postgres for orders"),
        (" start creating the invoice tickets", "invoice tickets"),
        (" that we won't use Mongo for carts", "Mongo for carts"),
        (" Pulsar then, and drop Rabbit", "Pulsar"),
        (" keep the rows and mark the shop as closed", "keep the rows and mark the shop as closed"),
        (" polars too then.", "polars"),
        (" the old endpoint for now", "old endpoint"),
        (" the cron job, as it is", "cron job"),
        (" leave out the trial accounts", "trial accounts"),
        (" put off the ledger migration", "ledger migration"),
    ],
)
def test_a_subject_is_the_object_without_what_surrounds_it(text: str, about: str) -> None:
    assert subject(text) == about


def test_a_lone_word_that_points_back_gives_way_to_the_sentence() -> None:
    assert subject(" this limit", whole="So, let's remove this limit.") == "let's remove this limit"


@pytest.mark.parametrize(
    "text", [" it now.", " not tune it now", " that until Q3", " leave this one on the side", " them"]
)
def test_an_object_that_only_points_is_told_apart(text: str) -> None:
    assert points_back(text)


@pytest.mark.parametrize("text", [" that filter", " this restriction", " the item cache", " those two shards"])
def test_a_pointer_with_its_noun_does_not_only_point(text: str) -> None:
    assert not points_back(text)


@given(st.text(max_size=200))
def test_a_subject_fits_one_line(text: str) -> None:
    about = subject(text, whole=text)
    assert len(about) <= 80 and "\n" not in about


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("I'll extract one helper for both checks.", "extract one helper for both checks"),
        ("You're right, we should keep real booleans.", "keep real booleans"),
        ("**Resume pinning:** the watcher now takes the day's folder, whatever its age.", "Resume pinning"),
        ("**The simpler approach:** keep one entry point for both modes.", "keep one entry point for both modes"),
        (
            "**Apply the fix.** Replace the line reader with a byte reader.",
            "Replace the line reader with a byte reader",
        ),
        ("Since nobody reads the export, we drop it from the nightly run.", "drop it from the nightly run"),
        ("| 1 | `is_ours` matches prefixes | **No change.** |", "`is_ours` matches prefixes | No change. |"),
        (
            "The ledger export goes through the queue — its rows are large and the service behind it is slow at night.",
            "ledger export goes through the queue",
        ),
        (
            "The new `ledger/export.py` module holds the one `export_rows` function that both of the services call.",
            "new `ledger/export.py` module holds the one `export_rows` function that both…",
        ),
    ],
)
def test_a_headline_says_what_a_sentence_settles(sentence: str, shown: str) -> None:
    assert headline(subject(sentence, whole=sentence), sentence) == shown


def test_a_headline_keeps_the_object_that_was_found() -> None:
    assert headline("BLS signatures", "we chose to go with BLS signatures.") == "BLS signatures"
    assert headline("of another text", "we chose to go with BLS signatures.") == "of another text"


def test_a_headline_says_not_where_the_status_does_not() -> None:
    quote = "don't need to keep the second table around"
    about = subject(quote, whole=quote)
    assert headline(about, quote) == quote
    assert headline(about, quote, is_declined=True) == "need to keep the second table around"
    assert headline("colours in the legend", "we want colours in the legend") == "colours in the legend"


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("We can't use Redis here because it is slow.", "can't use Redis here"),
        ("We will never store card numbers in logs.", "never store card numbers in logs"),
        ("We don't want to keep the old column.", "don't want to keep the old column"),
        ("We no longer use Redis for sessions.", "no longer use Redis for sessions"),
        ("We never met, so we use Redis for sessions.", "Redis for sessions"),
    ],
)
def test_a_headline_says_not_with_the_verb_that_the_subject_leaves_out(quote: str, shown: str) -> None:
    about = next(
        one for one in ("Redis here", "card numbers in logs", "old column", "Redis for sessions") if one in quote
    )
    assert headline(about, quote) == shown
    assert headline(about, quote, is_declined=True) == about


@given(st.text(max_size=300))
def test_a_headline_fits_one_line(text: str) -> None:
    shown = headline(subject(text, whole=text), text)
    assert len(shown) <= 80
    assert "\n" not in shown


@pytest.mark.parametrize("piece", ["you're right, ", "we just ", "so that, ", "`a` (", "**a b** : ", "| 1 "])
def test_time_of_a_headline_grows_with_length(piece: str) -> None:
    assert_linear_row(lambda text: headline(subject(text, whole=text), text), piece, 2_000)
