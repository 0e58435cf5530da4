"""What becomes of statements that the judges found, beside what cues announce."""

from __future__ import annotations

import pytest

from ingest.extract.cues import cues
from ingest.extract.propose import DELIVERED, propose
from ingest.records import Candidate, Draft, Session, Statement, Utterance
from ingest.text import span

PLAIN = "The limit lives in one constant of the retry module."
CUED = "Let's go with jittered backoff for the payment retries."
ASKED = "Shall the exporter write one file for each store?"


def kept(*found: tuple[str, float], kind: str = "agent_session") -> list[Candidate]:
    said = tuple(Utterance(i, text, "person", f"turn {i}", "Ada") for i, text in enumerate((PLAIN, CUED, ASKED)))
    session = Session(kind, "s", said, len(said))
    told = tuple(
        Statement(span(one, 0, len(one.text)), confidence)
        for text, confidence in found
        for one in said
        if one.text == text
    )
    return list(propose(cues(Draft(session, statements=told))).candidates)


def test_a_likely_statement_without_a_cue_is_kept_with_its_confidence() -> None:
    [plain] = [one for one in kept((PLAIN, 0.9)) if one.parts[0].spans[0].quote.startswith("The limit")]
    assert (plain.confidence, plain.is_doubtful, plain.extractor) == (0.9, False, "detector/1")


@pytest.mark.parametrize(("confidence", "is_doubtful"), [(DELIVERED, False), (DELIVERED - 0.01, True)])
def test_below_the_threshold_it_waits_for_review(confidence: float, is_doubtful: bool) -> None:
    [plain] = [one for one in kept((PLAIN, confidence)) if one.extractor == "detector/1"]
    assert plain.is_doubtful is is_doubtful


def test_a_question_waits_for_review_whatever_its_confidence() -> None:
    [asked] = [one for one in kept((ASKED, 0.95)) if one.extractor == "detector/1"]
    assert (asked.status, asked.is_doubtful) == ("proposed", True)


def test_in_mail_a_statement_waits_for_review() -> None:
    assert [one.is_doubtful for one in kept((PLAIN, 0.95), kind="mail")] == [True]


def test_what_a_cue_announces_is_not_said_twice() -> None:
    alone, judged = kept(), kept((CUED, 0.99))
    assert [one.parts[0] for one in judged] == [one.parts[0] for one in alone]
    assert [one.extractor for one in judged] == ["cues/1"]


def test_without_statements_nothing_is_added() -> None:
    assert [one.extractor for one in kept()] == ["cues/1"]


def test_a_doubtful_statement_never_leads_or_adds_to_one_that_is_delivered() -> None:
    again = "Jittered backoff for the payment retries, as said."
    said = tuple(Utterance(i, text, "person", f"turn {i}", "Ada") for i, text in enumerate((CUED, again)))
    told = Statement(span(said[1], 0, len(again)), 0.59)
    draft = propose(cues(Draft(Session("agent_session", "s", said, 2), statements=(told,))))
    for one in draft.candidates:
        if not one.is_doubtful:
            assert [there.utterance_index for there in one.parts[0].spans] == [0]


@pytest.mark.parametrize(("kind", "is_doubtful"), [("issue", True), ("agent_session", True), ("chat", False)])
def test_in_issue_threads_and_with_agents_a_cue_no_judge_hears_waits_for_review(kind: str, is_doubtful: bool) -> None:
    assert [one.is_doubtful for one in kept(kind=kind)] == [is_doubtful]


@pytest.mark.parametrize("kind", ["issue", "agent_session"])
def test_there_a_cue_that_a_judge_hears_too_is_delivered(kind: str) -> None:
    assert [one.is_doubtful for one in kept((CUED, 0.4), kind=kind)] == [False]
