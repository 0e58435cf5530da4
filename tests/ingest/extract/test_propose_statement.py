from __future__ import annotations

import pytest

from ingest.extract.propose_statement import statement_candidate
from ingest.records import Candidate, Role, Session, Span, Statement, Utterance


def candidate(text: str, *after: str, kind: str = "meeting", role: Role = "person") -> Candidate | None:
    said = [Utterance(0, text, role, "turn 0", "Ada")]
    said += [Utterance(i, one, "person", f"turn {i}", "Ben") for i, one in enumerate(after, 1)]
    session = Session(kind, "s", tuple(said), len(said))
    return statement_candidate(session, Statement(Span(0, 0, len(text), text), 0.7))


def choice(found: Candidate | None) -> str:
    assert found is not None
    [part] = [one for one in found.parts if one.kind == "choice"]
    [span] = part.spans
    return span.quote


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("- **Keep the OS heuristic.**", "Keep the OS heuristic."),
        ("1. Replace the line read with a one-byte read", "Replace the line read with a one-byte read"),
        ("**Fix the comment:** leave the code alone", "**Fix the comment:** leave the code alone"),
        ("So okay, the remote has no display.", "the remote has no display."),
        ("We store it in the index because the tree changes", "We store it in the index"),
        ("I'll keep that one generic, since both handlers call it", "I'll keep that one generic"),
    ],
)
def test_a_choice_is_the_sentence_without_marks_openings_and_reason(sentence: str, said: str) -> None:
    assert choice(candidate(sentence)) == said


@pytest.mark.parametrize("sentence", ["Yes, agreed, thanks.", "**", "Do it.", "- ok", "that one"])
def test_a_sentence_that_names_nothing_is_no_candidate(sentence: str) -> None:
    assert candidate(sentence) is None


def test_a_question_is_proposed_until_somebody_agrees() -> None:
    asked = "Shall we drop the nightly export for the warehouse?"
    alone, agreed = candidate(asked), candidate(asked, "Agreed, nobody reads it.")
    assert alone is not None
    assert alone.status == "proposed"
    assert agreed is not None
    assert agreed.status == "accepted"


def test_what_is_refused_is_declined() -> None:
    found = candidate("We won't support Python 3.9 in the new client.")
    assert found is not None
    assert found.status == "declined"


def test_the_speaker_decided_and_others_answered() -> None:
    found = candidate("The report goes out on Mondays only.", "Sounds good.", kind="chat")
    assert found is not None
    assert [(one.name, one.role) for one in found.people] == [("Ada", "decided"), ("Ben", "agreed")]


def test_its_confidence_is_that_of_the_statement() -> None:
    found = candidate("I'll keep the limit in one constant.", kind="agent_session", role="assistant")
    assert found is not None
    assert found.confidence == 0.7
    assert found.authority == "extracted"


@pytest.mark.parametrize(
    "sentence",
    [
        "Maybe we could move the cache to Redis some day.",
        "I would suggest moving the cache to Redis.",
        "If nobody objects we might use Redis for the cache.",
        "Let's postpone the Redis migration to the autumn.",
    ],
)
def test_what_wavers_depends_or_is_put_off_is_proposed(sentence: str) -> None:
    found = candidate(sentence)
    assert found is not None
    assert found.status == "proposed"
    assert [(one.name, one.role) for one in found.people] == [("Ada", "proposed")]


def test_what_somebody_opposes_is_proposed() -> None:
    found = candidate("The cache moves to Redis next week.", "No, I disagree, we have no one to run it.")
    assert found is not None
    assert found.status == "proposed"
    assert [part.kind for part in found.parts] == ["choice", "objection"]


@pytest.mark.parametrize(
    "sentence",
    ["I don't think we need the nightly lock on orders.", "I don’t think we should keep the nightly lock on orders."],
)
def test_what_one_does_not_think_is_needed_is_declined_and_named_without_the_negation(sentence: str) -> None:
    found = candidate(sentence)
    assert found is not None
    assert (found.status, found.subject) == ("declined", "nightly lock on orders")


def test_a_doubt_in_passing_declines_nothing() -> None:
    found = candidate("Keep the nightly export, I don't think it costs much.")
    assert found is not None
    assert found.status == "accepted"
