from __future__ import annotations

from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.detect import APART, QUEUED, detect, over_stretch, peaks
from ingest.extract.detect_features import features, mean_around, sum_between
from ingest.extract.detect_model import Detector, Head, Trees, arrays, bundled, from_arrays, judge
from ingest.extract.detect_ngrams import SEQUENCE_BITS, WORD_BITS, bags
from ingest.extract.detect_units import units
from ingest.records import Draft, Role, Session, Utterance
from tests.growth import assert_linear

TALK: tuple[tuple[Role, str], ...] = (
    ("person", "The retries hammer the payment API when it is down."),
    (
        "assistant",
        "**Option A** — retry forever.\n**Option B** — back off and give up after five minutes.\n\nI'd pick B.",
    ),
    ("person", "Let's go with option B because the provider bans clients that hammer it."),
    ("tool_call", "Edit retry.py"),
    ("assistant", "I'll keep the limit in one constant rather than in the config, since nobody should tune it."),
)


def _heads(detector: Detector) -> tuple[Head, Head]:
    return detector.statement, detector.stretch


def session(talk: tuple[tuple[Role, str], ...] = TALK, kind: str = "agent_session") -> Session:
    spoken = tuple(Utterance(i, text, role, f"turn {i}", role) for i, (role, text) in enumerate(talk))
    return Session(kind, "s", spoken, len(spoken))


def test_a_unit_is_a_stretch_of_its_utterance() -> None:
    talk = session()
    found = units(talk)
    assert [one.text for one in found if one.utterance_index == 1] == [
        "**Option A** — retry forever.",
        "**Option B** — back off and give up after five minutes.",
        "I'd pick B.",
    ]
    assert all(talk.utterances[one.utterance_index].text[one.start_char : one.end_char] == one.text for one in found)
    assert [one.position for one in found if one.utterance_index == 1] == [0, 1, 2]


def test_an_agent_is_listened_to_in_its_own_sessions_alone() -> None:
    assert {one.utterance_index for one in units(session())} == {0, 1, 2, 4}
    assert {one.utterance_index for one in units(session(kind="pull_request"))} == {0, 2}


def test_records_that_state_their_decisions_have_no_units() -> None:
    assert units(session(kind="decision_record")) == ()


def test_code_and_quoted_lines_are_no_units() -> None:
    said = "We drop the cache.\n```\nlet's use redis for this\n```\n> let's keep the cache\nThe tests stay."
    assert [one.text for one in units(session((("person", said),)))] == ["We drop the cache.", "The tests stay."]


@given(st.lists(st.floats(-100, 100, width=32), max_size=40), st.integers(0, 5))
def test_a_mean_around_is_the_mean_of_the_rows_in_reach(values: list[float], radius: int) -> None:
    rows = np.array(values, dtype=np.float32)
    wanted = [np.mean(values[max(0, i - radius) : i + radius + 1]) for i in range(len(values))]
    assert mean_around(rows, radius) == pytest.approx(np.array(wanted), abs=1e-3)


@given(st.lists(st.floats(-100, 100, width=32), max_size=40), st.integers(-5, 5), st.integers(0, 5))
def test_a_sum_between_is_the_sum_of_the_rows_in_reach(values: list[float], before: int, length: int) -> None:
    rows = np.array(values, dtype=np.float32)
    wanted = [
        sum(values[j] for j in range(i + before, i + before + length + 1) if 0 <= j < len(values))
        for i in range(len(values))
    ]
    assert sum_between(rows, before, before + length) == pytest.approx(np.array(wanted), abs=1e-2)


def test_sums_of_a_bag_are_those_of_its_rows() -> None:
    words, _ = bags(["keep the cache", "", "the the"])
    table = np.random.default_rng(1).random((1 << 15, 3)).astype(np.float32)
    sums = words.sums(table)
    assert sums[1] == pytest.approx(np.zeros(3))
    assert sums[2] == pytest.approx(2 * words.sums(table)[2] / 2)
    ids = words.ids[words.starts[0] : words.starts[1]]
    assert sums[0] == pytest.approx(table[ids].sum(axis=0), rel=1e-5)


def test_words_and_sequences_are_numbered_by_the_crc_of_what_they_say() -> None:
    words, sequences = bags(["Keep the", ""])
    said = [b"keep", b"the", b"^ keep", b"keep the", b"the $", b"^ keep the", b"keep the $"]
    assert words.ids.tolist() == [crc32(one) % (1 << WORD_BITS) for one in said[:2]]
    assert sequences.ids[:7].tolist() == [crc32(one) % (1 << SEQUENCE_BITS) for one in said]
    assert sequences.ids[7:].tolist() == [crc32(b"^ $") % (1 << SEQUENCE_BITS)]


def test_one_sure_sentence_makes_a_likelier_stretch_than_seven_doubtful_ones() -> None:
    sure, doubtful = np.full(7, -6, dtype=np.float32), np.full(7, -3, dtype=np.float32)
    sure[3] = 2
    assert over_stretch(sure)[3] > over_stretch(doubtful)[3]
    assert over_stretch(doubtful) == pytest.approx(doubtful, abs=1e-4)


def test_a_tree_sends_each_row_to_its_leaf() -> None:
    tree = Trees(  # column 1 above 0.5? no: -1.0; yes: column 0 above 2? no: 0.25; yes: 4.0
        feature=np.array([[1, 0]], np.int32),
        threshold=np.array([[0.5, 2.0]], np.float32),
        mask=np.array([[0xFFFF & ~0b001, 0xFFFF & ~0b010]], np.uint16),
        value=np.array([[-1.0, 0.25, 4.0]], np.float32),
    )
    rows = np.array([[9, 0.5], [2, 0.6], [2.1, 0.6]], dtype=np.float32)
    assert tree.predict(rows) == pytest.approx([-1.0, 0.25, 4.0])
    assert tree.predict(np.tile(rows, (1_000, 1)))[-1] == pytest.approx(4.0)


def test_a_detector_is_what_it_was_stored_as() -> None:
    detector, talk = bundled(), session()
    again = from_arrays(arrays(detector))
    found = units(talk)
    for one, other in zip(judge(talk, found, *_heads(again)), judge(talk, found, *_heads(detector)), strict=True):
        assert one == pytest.approx(other)
    assert again.calibrations == detector.calibrations


def test_every_statement_is_a_sentence_word_for_word_with_its_confidence() -> None:
    draft = detect(Draft(session()))
    assert draft.statements
    for one in draft.statements:
        text = draft.session.utterances[one.span.utterance_index].text
        assert text[one.span.start_char : one.span.end_char] == one.span.quote
        assert QUEUED <= one.confidence <= 1
    places = [(one.span.utterance_index, one.span.start_char) for one in draft.statements]
    assert places == sorted(places)


def test_a_choice_with_its_reason_is_likelier_than_a_step_of_work() -> None:
    talk = session((*TALK, ("assistant", "Now let me run the tests."), ("assistant", "All 14 tests pass.")))
    found = units(talk)
    (odds,) = judge(talk, found, bundled().statement)
    told = {one.text: float(value) for one, value in zip(found, odds, strict=True)}
    steps = [told["Now let me run the tests."], told["All 14 tests pass."]]
    assert told[TALK[2][1]] > max(steps)
    assert told[TALK[4][1]] > max(steps)


def test_the_same_session_is_judged_the_same_twice() -> None:
    assert detect(Draft(session())).statements == detect(Draft(session())).statements


def test_a_session_in_another_language_has_no_statements() -> None:
    from dataclasses import replace  # noqa: PLC0415

    talk = replace(session(), language="de")
    assert detect(Draft(talk)).statements == ()


def test_a_session_in_which_nobody_speaks_has_no_statements() -> None:
    assert detect(Draft(session((("tool_result", "let's use redis"),)))).statements == ()
    assert detect(Draft(Session("meeting", "empty", (), 0))).statements == ()


def test_stretches_stand_apart() -> None:
    talk = session(tuple(("person", f"We said thing number {i}.") for i in range(60)), kind="meeting")
    found = units(talk)
    odds = np.random.default_rng(3).random(len(found)).astype(np.float32)
    at = [found[i].utterance_index for i in peaks(found, odds, 10)]
    assert at
    assert all(abs(one - other) > APART for i, one in enumerate(at) for other in at[:i])
    assert odds[at[0]] == odds.max()


def test_features_have_a_row_for_each_sentence_and_no_gaps() -> None:
    talk = session()
    found = units(talk)
    rows = features(talk, found)
    assert rows.shape[0] == len(found)
    assert np.isfinite(rows).all()


def test_a_long_session_takes_time_by_its_length() -> None:
    def work(size: int) -> None:
        detect(Draft(session(TALK * size, kind="meeting")))

    assert_linear(work, 100)


def test_talk_without_full_stops_is_cut_between_words() -> None:
    said = " ".join(f"word{i}" for i in range(400))
    cuts = [one.text for one in units(session((("person", said),)))]
    assert " ".join(cuts) == said
    assert len(cuts) > 1


def test_a_nested_list_is_no_code() -> None:
    said = "Plan:\n    - We keep the schema as it is.\n    x = keep(schema)"
    assert [one.text for one in units(session((("person", said),)))] == ["Plan:", "- We keep the schema as it is."]


def test_quoted_lines_take_time_by_their_number() -> None:
    assert_linear(lambda size: units(session((("person", "> we keep it\nWe drop it.\n" * size),))), 500)
