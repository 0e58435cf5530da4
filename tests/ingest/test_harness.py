"""Wrappers about a person's words, and ids that are no ids."""

import pytest

from ingest.fingerprint import fingerprint
from ingest.harness import native_id, spoken
from tests.growth import assert_linear_row


def test_words_between_wrappers_are_kept_and_a_tag_spoken_of_is_no_wrapper() -> None:
    text = "<ide_selection>x</ide_selection>keep <b>three</b>\n<system-reminder>y</system-reminder> attempts"
    assert spoken(text).words == "keep <b>three</b>\n attempts"
    assert spoken("why does <system-reminder> show up").words == "why does <system-reminder> show up"


def test_a_wrapper_cut_short_at_the_start_is_the_harnesss_and_later_on_the_persons_mention() -> None:
    assert spoken("<system-reminder>never closed").is_harness
    assert not spoken("I saw <system-reminder> in the log").is_harness


@pytest.mark.parametrize(
    "value", ["5b0c9a3e-7d41-4a52-9f0e-2c6d1e8b7a90", "agent-a0ad4f44468bdf20d", "s1", "wf/7.2", "task-17"]
)
def test_an_id_stays_as_it_is(value: str) -> None:
    assert native_id(value) == value


@pytest.mark.parametrize("value", ["a b", "x" * 101, "sk-proj-8Zq1", "AKIAIOSFODNN7EXAMPLE", "aB3" * 12, "\u202eid"])
def test_what_is_no_id_or_looks_like_a_credential_stands_as_its_fingerprint(value: str) -> None:
    assert native_id(value) == fingerprint(value)


@pytest.mark.parametrize(
    "piece",
    ["<system-reminder>", "</system-reminder>", "<bash-stdout></bash-stderr>", "<bash-stdout></bash-stdout>x", "<"],
)
def test_any_run_of_tags_is_walked_in_linear_time(piece: str) -> None:
    assert_linear_row(spoken, piece)
    assert_linear_row(lambda text: spoken("a" + text), piece)
