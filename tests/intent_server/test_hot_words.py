"""Which of a store's names a model of speech is told."""

from hypothesis import example, given
from hypothesis import strategies as st

from intent_server.hot_words import TOKENS, Name, hot_words, token_estimate

NAMES = st.lists(
    st.builds(
        Name,
        kind=st.sampled_from(["node", "person", "column", "symbol", "subject", "commit"]),
        text=st.text(max_size=60),
        uses=st.integers(0, 1000),
    ),
    max_size=200,
)


def test_names_that_no_dictionary_has_come_before_plain_words() -> None:
    names = [Name("node", "orders", 3), Name("node", "stg_orders", 0), Name("symbol", "retryPolicy", 0)]
    assert hot_words(names) == ("stg_orders", "retryPolicy", "orders")


def test_what_more_decisions_know_comes_first() -> None:
    assert hot_words([Name("node", "dim_a", 1), Name("node", "dim_b", 9)]) == ("dim_b", "dim_a")


def test_a_path_and_an_id_are_spoken_by_their_last_part() -> None:
    names = [Name("node", "model.shop.stg_orders", 1), Name("symbol", "src/pay.py::retry_call", 1)]
    assert hot_words(names) == ("stg_orders", "retry_call")


def test_of_a_subject_only_identifiers_are_told() -> None:
    assert hot_words([Name("subject", "test orders in stg_orders, as in PR 12", 2)]) == ("stg_orders",)


def test_people_are_told_once_by_their_whole_name() -> None:
    names = [Name("person", "Mara Lindqvist", 4), Name("person", "MARA", 9), Name("person", "mara", 1)]
    assert hot_words(names) == ("Mara Lindqvist",)


def test_labels_of_speakers_and_agents_are_nobody() -> None:
    labels = ("Speaker 1", "SPEAKER_00", "channel 2", "Unknown", "assistant")
    assert hot_words([Name("person", label, 5) for label in labels]) == ()


def test_what_is_not_spoken_by_name_is_left_out() -> None:
    assert hot_words([Name("commit", "b9c317153d9d5c61", 5), Name("lines", "models/stg_orders.sql", 5)]) == ()


@given(NAMES, st.integers(0, TOKENS))
def test_the_hints_never_take_more_than_they_may(names: list[Name], tokens: int) -> None:
    told = hot_words(names, tokens)
    assert sum(map(token_estimate, told)) <= tokens
    assert len({one.casefold() for one in told}) == len(told)


@example([Name("node", "\rA00", 0), Name("person", "\rA00", 0)])
@given(NAMES)
def test_the_order_of_the_names_does_not_matter(names: list[Name]) -> None:
    assert hot_words(names) == hot_words(names[::-1])
