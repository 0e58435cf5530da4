"""What holds is kept, what does not is refused with its reason."""

from __future__ import annotations

import pytest

from ingest.extract.ground import ground
from ingest.records import Candidate, Draft, Part, Session, Span, Utterance

TEXT = "Use DuckDB, not Postgres, because it is one file."
SESSION = Session("meeting", "s", (Utterance(0, TEXT, "person", "cue 1"),), 1)


def _span(quote: str) -> Span:
    return Span(0, TEXT.index(quote), TEXT.index(quote) + len(quote), quote)


CHOICE = Part("choice", (_span("Use DuckDB"),))
OTHER = Part("alternative", (_span("Postgres"),))
WHY = Part("rationale", (_span("because it is one file"),))


def _candidate(*parts: Part, confidence: float = 0.7, subject: str = "DuckDB") -> Candidate:
    return Candidate(subject, "accepted", "extracted", confidence, parts, "cues/1")


def _grounded(*candidates: Candidate) -> Draft:
    return ground(Draft(SESSION, candidates=candidates))


def test_exact_quotes_pass_unchanged() -> None:
    good = _candidate(CHOICE, OTHER, WHY)
    found = _grounded(good)
    assert found.candidates == (good,) and found.rejected == ()


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        (Span(0, 0, 10, "Use Duckdb"), "not what the utterance says"),
        (Span(0, 0, 900, TEXT), "outside a text of 49"),
        (Span(0, -3, 4, "Use "), "outside a text of 49"),
        (Span(0, 4, 4, ""), "outside a text of 49"),
        (Span(0, 3, 4, " "), "blank"),
        (Span(7, 0, 3, "Use"), "no utterance 7"),
        (Span(-1, 0, 3, "Use"), "no utterance -1"),
    ],
)
def test_a_span_that_does_not_hold_refuses_its_part(span: Span, reason: str) -> None:
    found = _grounded(_candidate(CHOICE, Part("rationale", (span,))))
    assert found.candidates == (_candidate(CHOICE),)
    (refused,) = found.rejected
    assert reason in refused.reason and refused.units == 0


def test_a_choice_that_does_not_hold_refuses_the_candidate() -> None:
    found = _grounded(_candidate(Part("choice", (Span(0, 0, 3, "use"),)), WHY))
    assert found.candidates == ()
    assert [one.reason for one in found.rejected] == [
        "choice: the quote is not what the utterance says there (cues/1)",
        "0 choices hold, one is needed (cues/1)",
    ]


def test_two_choices_or_no_subject_refuse_the_candidate() -> None:
    assert _grounded(_candidate(CHOICE, Part("choice", (_span("Postgres"),)))).candidates == ()
    assert _grounded(_candidate(CHOICE, subject=" ")).candidates == ()


def test_a_part_about_a_refused_part_goes_with_it_and_places_are_renumbered() -> None:
    bad = Part("alternative", (Span(0, 0, 3, "xyz"),))
    about_bad = Part("rationale", WHY.spans, about=1)
    about_good = Part("rationale", (_span("one file"),), about=2)
    (found,) = _grounded(_candidate(CHOICE, bad, OTHER, about_bad, about_good)).candidates
    assert found.parts == (CHOICE, OTHER, Part("rationale", (_span("one file"),), about=1))


def test_a_part_said_twice_is_kept_once_and_a_candidate_too() -> None:
    found = _grounded(_candidate(CHOICE, WHY, WHY), _candidate(CHOICE, WHY))
    assert found.candidates == (_candidate(CHOICE, WHY),)


@pytest.mark.parametrize(("given", "kept"), [(1.7, 1.0), (-0.2, 0.0), (float("nan"), 0.0), (0.4, 0.4)])
def test_confidence_is_brought_into_range(given: float, kept: float) -> None:
    assert _grounded(_candidate(CHOICE, confidence=given)).candidates[0].confidence == kept
