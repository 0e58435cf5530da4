"""The short phrase for what a choice is about, and objects that only point back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.propose_subject import points_back, subject


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
