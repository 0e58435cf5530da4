import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.records import Candidate, Part, Role, Session, Span, Utterance
from intent_server import search
from intent_server.search_fit import RELEVANT, Fit, decision_relevance
from intent_server.search_relevance import asked, weighed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("orders.customer_id", {"orders.customer_id", "order", "customer_id", "custom", "id"}),
        ("retry_policy.py", {"retry_policy.py", "retry_policy", "retri", "polici", "py"}),
        ("stgOrders", {"stgorder", "stg", "order"}),
        (
            "models/stg_orders.sql",
            {"models/stg_orders.sql", "model", "stg_orders.sql", "stg_orders", "sql", "stg", "order"},
        ),
        ("Decisions, decided; deciding!", {"decis", "decid"}),
        ("Tomás", {"toma"}),
        ("数据库", {"数据库", "数据", "据库"}),
        ("l'équipe", {"l'equipe", "equip"}),
        ("Mara's", {"mara"}),
    ],
)
def test_words_and_identifiers_become_terms(text: str, expected: set[str]) -> None:
    assert expected <= set(search.terms(text))


def test_a_whole_word_is_counted_as_often_as_it_stands_there() -> None:
    assert search.terms("retry, retries and Retry")["retri"] == 3


def test_stop_words_are_dropped_from_questions_only() -> None:
    assert set(search.query_terms("why do we use the outbox")) == {"use", "outbox"}
    assert "the" in search.terms("the outbox")
    assert set(search.query_terms("to be or not to be")) == {"to", "be", "or", "not"}


@pytest.mark.parametrize(
    "text",
    [
        "retry, retries and `orders.customer_id` in src/retry_policy.py",
        "Wir behalten die Datenbank für alle Aufträge und nehmen dafür keinen zweiten Server in Betrieb.",
        "",
    ],
)
def test_uncounted_terms_are_those_that_are_counted(text: str) -> None:
    assert search.term_set(text) == search.terms(text).keys()


@given(st.text(max_size=200))
def test_a_question_finds_the_text_it_was_taken_from(text: str) -> None:
    assert set(search.query_terms(text)) <= set(search.terms(text))


@given(st.text(alphabet="abcDEF_./'’-é數 ", max_size=60))
def test_every_term_is_lower_case_and_not_blank(text: str) -> None:
    for term in search.terms(text):
        assert term.strip()
        assert term == term.lower()


def utterances(*given: tuple[str, Role, str | None]) -> Session:
    made = tuple(
        Utterance(i, text, role, f"line {i}", speaker="Mara", topic=topic)
        for i, (text, role, topic) in enumerate(given)
    )
    return Session("meeting", "x", made, len(made))


def test_windows_cover_every_spoken_utterance_once_and_in_order() -> None:
    talk = utterances(*((f"word{n} " * (n % 40 + 1), "person", None) for n in range(60)))
    found = search.windows(talk)
    covered = [index for one in found for index in range(one.first_utterance, one.last_utterance + 1)]
    assert covered == list(range(60))
    assert all(len(one.text.split()) < 2 * search.WINDOW_WORDS for one in found)


def test_windows_leave_out_what_tools_return_and_keep_dialogs() -> None:
    found = search.windows(
        utterances(
            ("Which database?", "tool_call", "AskUserQuestion"),
            ("ls -la", "tool_call", "Bash"),
            ("total 12", "tool_result", "Bash"),
            ("thinking", "reasoning", None),
            ("injected", "harness", None),
        )
    )
    assert [(one.first_utterance, one.last_utterance) for one in found] == [(0, 0)]


def test_reactions_and_quoted_beginnings_of_a_chat_are_not_indexed() -> None:
    talk = utterances(
        ("The Kurtosis config is merged.", "person", None),
        ('Reacted to "The Kurtosis config..." with 🔥', "person", None),
        ('Replying to "The Kurtosis config..."\n\nWhich branch?', "person", None),
    )
    [window] = search.windows(talk)
    assert window.text == "Mara: The Kurtosis config is merged.\nMara: Which branch?"


def test_windows_do_not_run_across_review_threads() -> None:
    found = search.windows(
        utterances(("Use jitter.", "person", "a.py:3"), ("Done.", "person", "a.py:3"), ("Typo.", "person", "b.py:9"))
    )
    assert [(one.first_utterance, one.last_utterance) for one in found] == [(0, 1), (2, 2)]
    assert found[0].text.startswith("a.py:3\n")


def test_a_long_utterance_is_indexed_in_pieces() -> None:
    text = " ".join(f"Sentence number {n} says something of its own." for n in range(100))
    found = search.windows(utterances((text, "document", "Context")))
    assert len(found) > 5
    assert {(one.first_utterance, one.last_utterance) for one in found} == {(0, 0)}
    assert "Sentence number 99" in found[-1].text


def test_the_text_of_a_decision_holds_its_subject_and_every_part() -> None:
    parts = (Part("choice", (Span(0, 0, 3, "the outbox"),)), Part("alternative", (Span(0, 5, 9, "Kafka"),)))
    made = Candidate("Order events", "accepted", "extracted", 0.7, parts, "x/1")
    assert search.decision_text(made) == "Order events\nthe outbox\nKafka"


def test_fusing_puts_first_what_both_rankings_like() -> None:
    scores = search.fuse({1: 4.0, 2: 5.0}, {1: 0.6, 2: 0.1, 3: 0.5}, background=0.0)
    assert sorted(scores, key=lambda number: -scores[number]) == [1, 2, 3]
    assert all(0 <= score <= 1 for score in scores.values())


def test_a_question_s_share_counts_rare_words_most() -> None:
    question = weighed(asked("Why Kafka for events?"), {"kafka": 1, "event": 50}, 100)
    assert question.share({"kafka"}) > 0.6 > question.share({"event"}) > 0
    assert question.share({"kafka", "event"}) == pytest.approx(1.0)


def test_words_of_asking_say_little() -> None:
    question = weighed(asked("Why did we choose DuckDB?"), {"choos": 20, "duckdb": 20}, 100)
    assert question.share({"choos"}) == pytest.approx(0.2)


def test_common_words_alone_do_not_make_a_decision_relevant() -> None:
    common = Fit(0.2, 0.4, 0.0, 0.3, 0.2, quote_share=0.2, passage_share=0.3, session_share=0.4, lost_words=1.0)
    assert decision_relevance(common) < RELEVANT
    whole = Fit(1.0, 1.0, 0.0, 0.5, 0.5, quote_share=1.0, passage_share=1.0, session_share=1.0, telling_words=3)
    assert decision_relevance(whole) > 0.9


@given(st.text(alphabet="abcDEF_./'’-é數 Iı", max_size=80), st.text(alphabet="abcDEF_./é數 ", min_size=1, max_size=20))
def test_terms_looked_for_are_those_that_all_terms_hold(text: str, asked_for: str) -> None:
    wanted = set(search.terms(asked_for))
    held = {term: count for term, count in search.terms(text).items() if term in wanted}
    assert dict(search.terms_among(text, wanted)) == held
