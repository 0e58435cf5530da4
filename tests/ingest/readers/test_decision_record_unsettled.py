"""Decision records: a status that does not hold, words of a template, and sections that say nothing yet."""

from __future__ import annotations

import pytest

from ingest.readers.decision_record import accepts, count, read
from ingest.records import Session
from ingest.sources import Declared, stdin_source

TEMPLATE = """# Title

## Status

What is the status, such as proposed, accepted, rejected, deprecated, superseded, etc.?

## Context

What is the issue that we're seeing that is motivating this decision or change?

## Decision

What is the change that we're proposing and/or doing?

## Consequences

What becomes easier or more difficult to do because of this change?
"""


def session(text: str) -> Session:
    source = stdin_source(text.encode(), Declared(stdin_name="0008-till-rolls.md"))
    (found,) = read(source)
    assert isinstance(found, Session)
    assert found.kept + sum(units for _, units in found.set_aside) == count(source)
    return found


def record(decided: str = "We will print receipts twice.", status: str = "Accepted") -> str:
    return (
        f"# 8. Till rolls\n\n## Status\n\n{status}\n\n## Context\n\nRolls run out.\n\n## Decision\n\n{decided}\n\n"
        "## Consequences\n\nMore paper.\n"
    )


def quotes(told: Session, kind: str) -> list[str]:
    (found,) = told.stated
    return [part.spans[0].quote for part in found.parts if part.kind == kind]


@pytest.mark.parametrize(
    "words",
    [
        "Not accepted",
        "not yet accepted",
        "Hasn't been approved",
        "Neither accepted nor rejected",
        "To be decided",
        "To be approved by the tills team",
        "pending",
        "under discussion",
        "TBD",
        "Decision pending",
        "Accepted?",
        "Final draft",
        "Proposed, to be superseded by nothing we know",
    ],
)
def test_a_status_that_does_not_hold_yet_is_proposed(words: str) -> None:
    assert session(record(status=words)).stated[0].status == "proposed"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Accepted, not yet implemented", "accepted"),
        ("Accepted, pending the paper contract", "accepted"),
        ("No longer in force", "superseded"),
        ("Proposed\n\nAccepted", "accepted"),
        ("Rejected\n\nAccepted", "accepted"),
        ("Accepted 2026-02-01\n\nProposed 2026-01-01", "accepted"),
        ("- 2026-01-05: proposed\n- 2026-02-01: accepted\n- 2026-03-01: deprecated", "superseded"),
        ("| Day | Status |\n|---|---|\n| 2026-03-01 | Rejected |\n| 2026-02-01 | Proposed |", "declined"),
        ("~~Proposed~~ Accepted", "accepted"),
        ("- [ ] Proposed\n- [x] Accepted\n- [ ] Deprecated", "accepted"),
        ("Accepted\n\nProposed by Mara", "accepted"),
        ("Rejected\n\nThe tills team would have liked it, and by the end of the year the work was done.", "declined"),
    ],
)  # fmt: skip
def test_of_several_statuses_the_one_reached_last_counts(words: str, status: str) -> None:
    assert session(record(status=words)).stated[0].status == status


@pytest.mark.parametrize(
    "words",
    [
        "Proposed | Accepted | Rejected | Superseded by ADR-0009",
        "proposed / accepted",
        "Proposed, Accepted, Rejected or Deprecated",
        "What is the status, such as proposed, accepted, rejected, deprecated, superseded, etc.?",
    ],
)
def test_a_choice_of_statuses_that_a_template_offers_is_no_status(words: str) -> None:
    told = session(record(status=words))
    assert told.notes == ("status not stated, taken as accepted",)
    assert told.stated[0].references == ()


def test_a_template_that_asks_in_sentences_is_set_aside_whole() -> None:
    told = session(TEMPLATE)
    assert (told.kept, told.stated, told.set_aside) == (0, (), (("template", 5),))


def test_a_template_with_a_title_alone_is_kept_and_states_nothing() -> None:
    told = session(TEMPLATE.replace("# Title", "# 8. Till rolls"))
    assert (told.kept, told.stated, told.notes) == (5, (), ("no choice stated",))


def test_what_a_template_asks_below_a_filled_decision_is_no_part_of_it() -> None:
    told = session(TEMPLATE.replace("What is the change that we're proposing and/or doing?", "We will print twice."))
    assert quotes(told, "choice") == ["We will print twice."]
    assert quotes(told, "consequence") == []


def test_a_decision_below_the_question_that_a_template_left_is_read() -> None:
    told = session(record("What is the change that we're proposing and/or doing?\n\nReceipts stay on paper."))
    assert quotes(told, "choice") == ["Receipts stay on paper."]


@pytest.mark.parametrize(
    "words",
    [
        "No decision has been made yet.",
        "No decision has been made yet. We will decide in May.",
        "To be decided.",
        "We have not decided yet. Receipts stay.",
        "TBD",
        "- TBD",
        "N/A",
        "None",
    ],
)
def test_a_decision_section_that_says_nothing_yet_states_nothing(words: str) -> None:
    told = session(record(words))
    assert (told.stated, told.notes) == ((), ("no choice stated",))


def test_what_was_decided_after_all_is_read_below_an_open_remark() -> None:
    told = session(record("No decision on colour was made yet. We decided to print receipts twice."))
    assert quotes(told, "choice") == ["We decided to print receipts twice."]


def test_an_order_that_opens_like_a_prompt_is_a_decision() -> None:
    assert quotes(session(record("Provide one solution to all tills.")), "choice") == [
        "Provide one solution to all tills."
    ]


def test_numbered_rules_without_a_lead_in_are_the_choice_together() -> None:
    assert quotes(session(record("1. Receipts are printed.\n2. Refunds are printed twice.")), "choice") == [
        "Receipts are printed.\n2. Refunds are printed twice."
    ]


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("# 8. Till rolls\n\n## Context\n\nRolls run out.\n\n## Decision\n\nWe will print twice.\n", 20),
        ("# 8. Till rolls\n\n## Status\n\nAccepted\n\n## Decision\n\nWe will print twice.\n", 20),
        ("## Context\n\nRolls run out.\n\n## Decision\n\nWe will print twice.\n", 0),
        ("# Till rolls\n\n## Decision\n\nWe will print twice.\n", 0),
    ],
)
def test_a_title_over_context_and_decision_alone_is_a_record_of_low_rank(text: str, rank: int) -> None:
    assert accepts(stdin_source(text.encode(), Declared(stdin_name="0008-till-rolls.md"))) == rank
