"""What was exported or imported, to the terminal."""

from __future__ import annotations

from intent_server.answers_record import Transferred
from intent_server.cli.output import note


def exported(answer: Transferred) -> None:
    """Where it was written, and how much."""
    note(f"Exported as {answer.format} to '{answer.place}': {_counts(answer)}.")


def imported(answer: Transferred) -> None:
    """What was read, and from where."""
    note(f"Imported {answer.format} from '{answer.place}': {_counts(answer)}. `intent verify` checks it.")


def _counts(answer: Transferred) -> str:
    return ", ".join(f"{count.count:,} {count.rule}" for count in answer.counts if count.count) or "nothing"
