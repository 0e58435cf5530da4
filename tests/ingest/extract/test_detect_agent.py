from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.cues import cues
from ingest.extract.detect_exchange import exchange
from ingest.extract.detect_model import AgentHead, arrays, bundled, from_arrays, judge_agent
from ingest.extract.detect_ngrams import grams
from ingest.extract.detect_units import units
from ingest.extract.detect_views import VIEW_BITS, VIEWS, framed, scored
from ingest.records import Draft, Role, Session, Utterance
from tests.growth import assert_linear

TALK: tuple[tuple[Role, str], ...] = (
    ("person", "The retries hammer the payment API when it is down."),
    ("assistant", "Two ways:\n- retry forever\n- back off after five minutes\nI'd pick the second. It is kinder."),
    ("person", "Let's go with the second because the provider bans clients that hammer it."),
    ("tool_call", "Edit retry.py"),
    ("assistant", "I'll keep the limit in one constant rather than in the config, since nobody should tune it."),
    ("assistant", "Now let me run the tests."),
    ("tool_call", "Bash pytest"),
    ("assistant", "All 14 tests pass."),
)


def session(talk: tuple[tuple[Role, str], ...] = TALK) -> Session:
    spoken = tuple(Utterance(i, text, role, f"turn {i}", None) for i, (role, text) in enumerate(talk))
    return Session("agent_session", "s", spoken, len(spoken))


def _odds(talk: Session, head: AgentHead) -> dict[str, float]:
    found = units(talk)
    told = judge_agent(talk, found, cues(Draft(talk)).cues, head)
    return {one.text: float(value) for one, value in zip(found, told, strict=True)}


def _in_view(name: str, of: str) -> list[str]:
    """The sentences that a view shows of the sentence `of`."""
    talk = session()
    found = units(talk)
    number = [one.name for one in VIEWS].index(name)
    at = [one.text for one in found].index(of)
    first, last = framed(talk, found).runs[number, at]
    return [one.text for one in found[first:last]]


def test_a_view_shows_the_sentences_it_is_named_for() -> None:
    picked = "I'd pick the second."
    assert _in_view("own", picked) == [picked]
    assert _in_view("heading", picked) == ["Two ways:"]
    assert _in_view("before", picked) == ["- retry forever", "- back off after five minutes"]
    assert _in_view("after", picked) == ["It is kinder.", TALK[2][1]]
    assert _in_view("next turn", picked) == [TALK[2][1]]


def test_where_nothing_stands_nothing_is_in_view() -> None:
    assert _in_view("before", TALK[0][1]) == []
    assert _in_view("next turn", TALK[7][1]) == []
    assert _in_view("after", TALK[7][1]) == []
    assert _in_view("heading", TALK[4][1]) == []


def test_the_same_words_of_a_person_and_of_an_agent_count_apart() -> None:
    talk = session((("person", "Use the cache."), ("assistant", "Use the cache.")))
    found = framed(talk, units(talk))
    by_role = next(number for number, view in enumerate(VIEWS) if view.name == "own" and view.is_by_role)
    (said, _, _), (answered, _, _) = found.seen(by_role)
    assert not set(said.ids.tolist()) & set(answered.ids.tolist())
    assert [len(chosen) for _, chosen, _ in found.seen(by_role)] == [1, 1]


def test_no_two_views_number_a_word_alike() -> None:
    talk = session((("person", "cache"),))
    found = framed(talk, units(talk))
    numbers = [words.ids[0] for number, view in enumerate(VIEWS) if view.longest for words, _, _ in found.seen(number)]
    assert len(numbers) == len(set(numbers)) == len(VIEWS) - 1


def test_what_views_say_is_the_mean_weight_of_their_words_by_length() -> None:
    talk = session()
    found = framed(talk, units(talk))
    table = np.zeros((1 << VIEW_BITS, 2), dtype=np.float32)
    own = next(words for words, _, _ in found.seen(0))
    table[own.ids[own.starts[0] : own.starts[1]]] = (0.5, 1.0)
    count = int(own.starts[1] - own.starts[0])
    assert scored(found, table)[0] == pytest.approx(0.5 * count / np.sqrt(count), rel=1e-3)


def test_a_choice_with_its_reason_is_likelier_than_a_step_of_work() -> None:
    told = _odds(session(), bundled().agent)
    steps = [told["Now let me run the tests."], told["All 14 tests pass."]]
    assert told[TALK[2][1]] > max(steps)
    assert told[TALK[4][1]] > max(steps)


def test_a_judge_of_agent_sessions_is_what_it_was_stored_as() -> None:
    again = from_arrays(arrays(bundled()))
    assert _odds(session(), again.agent) == pytest.approx(_odds(session(), bundled().agent))


def test_what_was_done_between_two_messages_is_counted() -> None:
    talk = session((*TALK, ("person", "Good.")))
    found = units(talk)
    rows = exchange(talk, found, grams([one.text for one in found])[0], ())
    at = [one.text for one in found].index(TALK[4][1])
    changed_before, changed_after, called_before, called_after = np.expm1(rows[at, [6, 7, 9, 10]])
    assert (changed_before, changed_after) == pytest.approx((1, 0))
    assert (called_before, called_after) == pytest.approx((1, 1))


def test_words_said_before_are_not_new() -> None:
    talk = session((("person", "Drop redis."), ("assistant", "Redis goes."), ("person", "Postgres stays.")))
    found = units(talk)
    rows = exchange(talk, found, grams([one.text for one in found])[0], ())
    new = rows[:, 21]
    assert new[0] == pytest.approx(1, abs=1e-3)
    assert 0 < new[1] < 1
    assert new[2] == pytest.approx(1, abs=1e-3)


@given(st.lists(st.tuples(st.sampled_from(("person", "assistant", "tool_call")), st.text(max_size=40)), max_size=8))
def test_any_session_has_a_finite_judgement_for_each_sentence(talk: list[tuple[Role, str]]) -> None:
    found = session(tuple(talk))
    told = judge_agent(found, units(found), (), bundled().agent)
    assert told.shape == (len(units(found)),)
    assert np.isfinite(told).all()


def test_a_long_session_takes_time_by_its_length() -> None:
    head = bundled().agent

    def work(size: int) -> None:
        talk = session(TALK * size)
        judge_agent(talk, units(talk), (), head)

    assert_linear(work, 50)
