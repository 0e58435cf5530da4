"""What stands around a sentence of plain talk: the scores near it, those of its turn and of others, and the answers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.detect_plain_context import table
from ingest.extract.detect_units import units
from ingest.records import Session, Utterance

OWN, HIGHER, TO_HIGHEST, OTHER, BEFORE, AFTER, FIRST_ASSENTS, FIRST_DISSENTS = 0, 1, 2, 11, 12, 13, 20, 21


def talk(*turns: tuple[str, str]) -> Session:
    spoken = tuple(Utterance(at, words, "person", f"line {at}", name) for at, (name, words) in enumerate(turns))
    return Session("meeting", "s", spoken, len(spoken))


def rows(session: Session, scores: list[float]) -> npt.NDArray[np.float32]:
    return table(session, units(session), np.array(scores, dtype=np.float32))


def test_a_sentence_is_ranked_among_those_near_it_and_in_its_turn() -> None:
    session = talk(("Ana", "One thing here. Another thing here."), ("Ben", "The third thing."), ("Ana", "The fourth."))
    found = rows(session, [1.0, 3.0, 2.0, -1.0])
    assert found[:, OWN].tolist() == [1.0, 3.0, 2.0, -1.0]
    assert found[:, HIGHER].tolist() == [2, 0, 1, 3]
    assert found[:, TO_HIGHEST].tolist() == [2.0, 0.0, 1.0, 4.0]
    assert found[:2, OTHER].tolist() == [3.0, 1.0]
    assert found[2, [BEFORE, AFTER]].tolist() == [3.0, -1.0]
    assert found[0, BEFORE] == found[3, AFTER] < -5


def test_the_answers_are_those_of_others() -> None:
    agreed = talk(("Ana", "The fee stays."), ("Ana", "Yes it does."), ("Ben", "Fine by me."))
    opposed = talk(("Ana", "The fee stays."), ("Ana", "Yes it does."), ("Ben", "Hold on, why?"))
    assert rows(agreed, [0.0] * 3)[0, [FIRST_ASSENTS, FIRST_DISSENTS]].tolist() == [1, 0]
    assert rows(opposed, [0.0] * 3)[0, [FIRST_ASSENTS, FIRST_DISSENTS]].tolist() == [0, 1]


@given(st.lists(st.floats(-5, 5, width=16), min_size=40, max_size=60), st.floats(-5, 5, width=16))
def test_what_is_far_away_changes_nothing(scores: list[float], other: float) -> None:
    session = talk(*(("Ana" if at % 2 else "Ben", f"The thing number {at}.") for at in range(len(scores))))
    changed = [*scores[:-1], other]
    far = len(scores) - 1 - 16
    np.testing.assert_allclose(rows(session, scores)[:far], rows(session, changed)[:far], atol=1e-5)
