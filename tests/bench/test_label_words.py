"""The fingerprint that keeps labels on the words that their readers marked."""

from __future__ import annotations

from label_words import fingerprint, stands

from ingest.records import Session, Utterance


def _session(*texts: str) -> Session:
    spoken = tuple(Utterance(index, text, "person", f"turn {index}") for index, text in enumerate(texts))
    return Session("agent_session", "s", spoken, len(spoken))


DECISIONS = [{"status": "accepted", "choice": [1, 0, 10], "rationale": [], "alternatives": [{"option": [0, 4, 9]}]}]


def test_labels_stand_while_their_words_are_read_alike() -> None:
    row = {"words": fingerprint(_session("not redis, please", "We keep it as is"), DECISIONS), "decisions": DECISIONS}
    assert stands(_session("not redis, please", "We keep it, said later"), row)


def test_labels_that_quote_other_words_are_noticed() -> None:
    row = {"words": fingerprint(_session("not redis, please", "We keep it as is"), DECISIONS), "decisions": DECISIONS}
    assert not stands(_session("(step) not redis, please", "We keep it as is"), row)
    assert not stands(_session("not redis, please"), row)


def test_labels_without_a_fingerprint_do_not_stand() -> None:
    assert not stands(_session("not redis, please", "We keep it as is"), {"decisions": DECISIONS})
