"""The other names of things: what a text tells of them, and what a question then asks for."""

import pytest

from intent_server.search_names import OtherNames, name_terms, other_names
from intent_server.search_terms import asked_words, terms
from tests.growth import assert_linear_row


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("We count monthly active users (MAU) once.", ("MAU", "monthly active users")),
        ("MAU (monthly active users; not sessions) is the number.", ("MAU", "monthly active users")),
        ("We report monthly active users, or MAU, to the board.", ("MAU", "monthly active users")),
        ("MRR, which stands for monthly recurring revenue", ("MRR", "monthly recurring revenue")),
        ("MRR = monthly recurring revenue, net of tax", ("MRR", "monthly recurring revenue")),
        ("Some **pull requests** (PRs) wait.", ("PR", "pull requests")),
        ("the write-ahead log (WAL)", ("WAL", "write ahead log")),
        ("a software bill of materials (SBOM)", ("SBOM", "software bill of materials")),
        ("by OpenID Connect (OIDC)", ("OIDC", "OpenID Connect")),
        ("rename `customers_raw` to `stg_customers`", ("customers_raw", "stg_customers")),
        ("cust_id was renamed to customer_id in May", ("cust_id", "customer_id")),
        ("`stg_customers` (formerly `customers_v1`)", ("customers_v1", "stg_customers")),
        ("dim_customer, also known as dwh.customer", ("dwh.customer", "dim_customer")),
    ],
)
def test_a_text_tells_two_names_of_one_thing(text: str, pair: tuple[str, str]) -> None:
    assert list(other_names(text)) == [pair]


@pytest.mark.parametrize(
    "text",
    [
        "Use Kafka or NATS.",
        "See the docs (API).",
        "It broke twice (US only).",
        "We want to do something (TODO) there.",
        "the accounts of active users (see MAU)",
        "renamed the table to something better",
        "rename users to people",
        "We were previously in Berlin.",
        "either of them or A or AB",
        "()",
        "(MAU)",
        "ends in (MAU",
    ],
)
def test_what_tells_no_other_name_gives_none(text: str) -> None:
    assert list(other_names(text)) == []


def test_a_pair_is_one_term_whichever_way_it_is_told() -> None:
    both = "Monthly active users (MAU). MAU (monthly active users)."
    assert name_terms(both) == ["=mau=monthly active users"]
    assert not [term for term in terms(both) if term.startswith("=")]


def test_a_question_asks_for_either_name_and_says_nothing_of_others() -> None:
    names = OtherNames.told(name_terms("Monthly active users (MAU), monthly recurring revenue (MRR)."))
    (sense,) = names.senses(list(asked_words("Why is MAU counted daily?")))
    assert (sense.text, sense.gives) == ("monthly active users", {"mau"})
    assert sense.needs == terms("monthly active users").keys()
    (back,) = names.senses(list(asked_words("What is a monthly active user?")))
    assert (back.text, back.needs, back.gives) == ("mau", {"mau"}, sense.needs)
    assert names.senses(list(asked_words("Why are users active?"))) == ()
    assert OtherNames().senses(list(asked_words("Why is MAU counted daily?"))) == ()


@pytest.mark.parametrize("told", ["the United States (US)", "information technology (IT)", "Who Is Online (WHO)"])
def test_a_name_that_reads_as_a_word_of_every_sentence_stands_for_nothing(told: str) -> None:
    assert OtherNames.told(name_terms(f"We count monthly active users (MAU) in {told}.")).of_name.keys() == {
        ("mau",),
        ("month", "activ", "user"),
    }


@pytest.mark.parametrize(
    "piece", ["(AB) ", "ab cd (AB) ", "or AB ", "AB = a b ", "renamed a_b to c_d ", "a.k.a ", "((", "A"]
)
def test_time_grows_with_length(piece: str) -> None:
    assert_linear_row(lambda text: list(other_names(text)), piece)
