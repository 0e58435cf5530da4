"""What a decision says of words that were hard to hear."""

from datetime import UTC, datetime

from intent_server.answers import Claim, Decision, Place, Quote
from intent_server.unclear import unclear

WHY = "low log-probability -1.31"


def claim(*doubts: str | None, reasons: tuple[Claim, ...] = ()) -> Claim:
    quotes = [
        Quote(
            evidence_id=str(at),
            recorded_text="words",
            start_char=0,
            end_char=5,
            place=Place(
                session_id="s", session="s", utterance_index=at, source="a.wav", locator="00:00:01.000", doubt=doubt
            ),
        )
        for at, doubt in enumerate(doubts)
    ]
    return Claim(quotes=quotes, reasons=list(reasons))


def decision(choice: Claim, **parts: list[Claim]) -> Decision:
    return Decision(
        decision_id="d",
        subject="the mart",
        status="accepted",
        authority="extracted",
        confidence=0.7,
        date_basis="given",
        recorded_from=datetime(2026, 3, 3, tzinfo=UTC),
        session_id="s",
        session="s",
        choice=choice,
        **parts,
    )


def test_a_decision_whose_words_were_clear_says_nothing() -> None:
    assert unclear(decision(claim(None), rationale=[claim(None)])) is None


def test_the_parts_that_were_hard_to_hear_are_named_and_counted() -> None:
    doubted = decision(
        claim(WHY), rationale=[claim(WHY), claim(WHY)], alternatives=[claim(None, reasons=(claim(WHY),))]
    )
    assert unclear(doubted) == (
        f"Hard to hear: its choice and 3 reasons ({WHY}). Listen to the recording before relying on it."
    )


def test_a_part_that_was_said_again_clearly_is_clear() -> None:
    assert unclear(decision(claim(WHY, None))) is None


def test_a_part_beside_the_choice_is_enough() -> None:
    assert unclear(decision(claim(None), constraints=[claim(WHY)])) == (
        f"Hard to hear: 1 constraint ({WHY}). Listen to the recording before relying on it."
    )
