"""Utterances held against a question: word by word, with what is around them, and how the best places are told."""

from collections.abc import Callable, Sequence
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intent_server import search_words_near
from intent_server.embed import bundled
from intent_server.search import with_near_words
from intent_server.search_relevance import asked, weighed
from intent_server.search_turns import EVIDENCE, FEATURES, TOPIC, Turns, answers, seen, standardised
from intent_server.search_words_near import Lexicon, met


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(lambda words: bundled().embed(words))


def turns(*said: tuple[str, str], breaks: Sequence[int] = (0,)) -> Turns:
    follows = np.array([at not in breaks for at in range(len(said))])
    return Turns([text for _, text in said], [speaker for speaker, _ in said], follows)


def evidence(lexicon: Lexicon, question: str, among: Turns) -> list[int]:
    values = seen(lexicon, weighed(asked(question), {}, 100), among).values
    return [int(at) for at in np.argsort(-(EVIDENCE @ values), kind="stable")]


def test_a_word_that_stands_there_is_met_wholly_and_one_of_like_meaning_partly(lexicon: Lexicon) -> None:
    found = met(lexicon, [("databas", "database")], ["Our databases are slow", "Postgres and SQL", "Lunch at noon", ""])
    same, like, other, nothing = found.nearest[0]
    assert same == 1.0
    assert same > like > other >= 0
    assert nothing == 0
    assert found.counts[0].tolist() == [1, 0, 0, 0]


def test_a_part_of_an_identifier_is_met_in_the_whole(lexicon: Lexicon) -> None:
    asked_for = [("retri", "retry"), ("customer_id", "customer_id")]
    found = met(lexicon, asked_for, ["See retryPolicy.py", "orders.customer_id"])
    assert found.nearest[0, 0] == found.nearest[1, 1] == 1.0
    assert found.nearest[1, 0] < 1.0


def test_a_word_with_another_language_s_ending_is_met_for_less(lexicon: Lexicon) -> None:
    found = met(lexicon, [("rapport", "rapport")], ["Das Rapport", "De rapporten", "The rapporteurs of it", "A rap"])
    whole, longer, too_long, shorter = found.counts[0].tolist()
    assert whole == 1.0
    assert 0 < longer < 1
    assert too_long == shorter == 0


def test_what_a_lexicon_met_before_changes_nothing(lexicon: Lexicon) -> None:
    grown, asked_for = Lexicon(lexicon.embed), [("databas", "database"), ("retri", "retry")]
    texts = ["Our databases are slow", "We retry payments", "Lunch"]
    first = met(grown, asked_for, texts)
    for number in range(200):
        met(grown, asked_for, [f"word{number} other{number} third{number}"])
    again, fresh = met(grown, asked_for, texts), met(Lexicon(lexicon.embed), asked_for, texts)
    for found in (again, fresh):
        np.testing.assert_array_equal(found.nearest, first.nearest)
        np.testing.assert_array_equal(found.counts, first.counts)
        np.testing.assert_allclose(found.vectors, first.vectors, atol=1e-5)


@pytest.mark.parametrize("texts", [[], [""], ["to be or not", "that is it"]])
def test_texts_without_a_telling_word_meet_nothing(lexicon: Lexicon, texts: list[str]) -> None:
    found = met(Lexicon(lexicon.embed), [("be", "be")], texts)
    assert not found.nearest.any()
    assert found.lengths.tolist() == [0] * len(texts)


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_texts_are_met_between_not_at_all_and_wholly(lexicon: Lexicon, texts: list[str]) -> None:
    found = met(lexicon, [("retri", "retry")], texts)
    assert found.nearest.shape == found.counts.shape == (1, len(texts))
    assert ((found.nearest >= 0) & (found.nearest <= 1)).all()


def test_a_lexicon_that_is_full_begins_anew_and_answers_the_same(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intent_server.search_words_near._MAX_WORDS", 8)
    small = Lexicon(lexicon.embed)
    texts = ["alpha beta gamma delta", "retry epsilon zeta eta", "retries theta iota kappa"]
    for text in texts:
        whole = met(lexicon, [("retri", "retry")], [text])
        assert np.allclose(met(small, [("retri", "retry")], [text]).nearest, whole.nearest)
    assert len(small.rows) <= 8


def test_words_said_by_the_one_before_count_for_less(lexicon: Lexicon) -> None:
    said = (("Mara", "What about Kafka then?"), ("Jonas", "Too many machines for us."), ("Aiko", "Lunch at noon?"))
    values = seen(lexicon, weighed(asked("Kafka"), {}, 100), turns(*said)).values
    around = values[FEATURES.index("nearest_around")]
    assert around[0] > around[1] > around[2]


def test_nothing_is_taken_over_from_another_conversation(lexicon: Lexicon) -> None:
    said = (("Mara", "What about Kafka then?"), ("Jonas", "Too many machines."), ("Aiko", "Sounds quite far."))
    values = seen(lexicon, weighed(asked("Kafka"), {}, 100), turns(*said, breaks=(0, 1))).values
    around = values[FEATURES.index("nearest_around")]
    assert around[1] == pytest.approx(around[2], abs=0.2)
    for width in (40, 120, 400):
        assert values[FEATURES.index(f"words_{width}")][1] == values[FEATURES.index(f"words_{width}")][2]


def test_the_utterance_of_a_person_who_is_asked_for_comes_first(lexicon: Lexicon) -> None:
    said = (("Mara", "The export runs at night."), ("Jonas", "The export runs at night."), ("Aiko", "Noon is lunch."))
    assert evidence(lexicon, "What did Jonas say about the export?", turns(*said))[0] == 1


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which automobile did she buy?", "I got myself a new car last week, a red one."),
        ("Where is the physician's office?", "The doctor sees people on the second floor."),
        ("How are failed jobs repeated?", "A broken task is tried again after a minute."),
    ],
)
def test_an_answer_in_other_words_comes_first(lexicon: Lexicon, question: str, answer: str) -> None:
    others = [
        "We meet on Friday to look at the budget.",
        "The weather was lovely by the sea.",
        "Nobody liked the soup.",
    ]
    among = turns(*(("Mara", text) for text in (*others, answer)), breaks=range(4))
    assert evidence(lexicon, question, among)[0] == 3


def test_what_somebody_says_to_a_question_answers_it_in_any_words(lexicon: Lexicon) -> None:
    asks = ("Ana", "So how long do we keep the raw events?")
    among = turns(asks, ("Ana", "I forgot."), asks, ("Raj", "Ninety days."), ("Raj", "Fine."), asks, breaks=(0, 5))
    found = answers(seen(lexicon, weighed(asked("how long are raw events kept"), {}, 100), among).covered, among)
    assert np.flatnonzero(found).tolist() == [3], "by somebody else, just after, in the same stretch"
    assert 0 < found[3] <= 1


def test_what_follows_a_statement_or_another_question_answers_nothing(lexicon: Lexicon) -> None:
    among = turns(("Ana", "We keep raw events."), ("Raj", "Yes."), ("Ana", "Lunch?"), ("Raj", "Yes."))
    covered = seen(lexicon, weighed(asked("how long are raw events kept"), {}, 100), among).covered
    assert covered[0] > 0
    assert not answers(covered, among).any()


def test_each_weight_is_of_a_feature() -> None:
    assert EVIDENCE.shape == TOPIC.shape == (len(FEATURES),)


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=20))
def test_standardised_values_have_no_mean_and_at_most_one_deviation(values: list[int]) -> None:
    even = standardised(np.array(values, dtype=np.float32))
    assert abs(float(even.mean())) < 1e-2
    assert float(even.std()) < 1.01


@given(
    texts=st.lists(st.sampled_from(["", "the", "Postgres", "a queue of jobs", "queue queue retry"]), max_size=6),
    cells=st.integers(1, 20),
)
def test_the_vectors_of_a_texts_telling_words_are_summed(texts: list[str], cells: int) -> None:
    lexicon = Lexicon(bundled().embed)
    with patch.object(search_words_near, "_COUNTED", cells):
        found = met(lexicon, [("queue", "queue")], texts)
    telling = {text: [word for word in text.split() if word not in ("the", "a", "of")] for text in texts}
    one_by_one = [bundled().embed(telling[text]).sum(axis=0) if telling[text] else np.zeros(256) for text in texts]
    assert found.lengths.tolist() == [len(telling[text]) for text in texts]
    assert np.allclose(found.vectors, np.array(one_by_one).reshape(-1, 256), atol=1e-5)


def test_a_window_gains_from_those_beside_it_in_the_same_conversation_only() -> None:
    follows = np.array([False, True, True, False, True])
    scores = np.array([4.0, 0.0, 0.0, 0.0, 2.0])
    found = with_near_words(scores, np.arange(5), follows, np.zeros(5, dtype=np.float32))
    assert found.tolist() == [4.0, 2.0, 1.0, 1.0, 2.0]


def test_a_window_with_company_that_says_nothing_comes_after_one_that_stands_alone() -> None:
    follows, company = np.array([False, True, False]), np.array([0.5, 0.5, 0.0], dtype=np.float32)
    found = with_near_words(np.array([3.0, 0.0, 3.0]), np.arange(3), follows, company)
    assert found.tolist() == [2.0, 1.0, 3.0]


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.data())
def test_scores_spread_as_they_would_by_hand(follows: list[bool], data: st.DataObject) -> None:
    rows = len(follows)
    places = sorted(data.draw(st.sets(st.integers(0, rows - 1), min_size=1)))
    scores = [float(place + 1) for place in places]
    joins: Callable[[int, int], bool] = lambda low, high: all(follows[low + 1 : high + 1])  # noqa: E731
    expected = [
        sum(
            share * score
            for place, score in zip(places, scores, strict=True)
            for distance, share in ((0, 1.0), (1, 0.5), (2, 0.25))
            if abs(place - at) == distance and joins(min(place, at), max(place, at))
        )
        for at in places
    ]
    found = with_near_words(np.array(scores), np.array(places), np.array(follows), np.zeros(len(scores), np.float32))
    assert found.tolist() == pytest.approx(expected)
