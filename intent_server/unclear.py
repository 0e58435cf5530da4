"""Pure: what of a decision rests on words that were hard to hear, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intent_server.answers import Claim, Decision

HARD_TO_HEAR = "some were hard to hear; `get` shows which"
"""Of a decision that is shown by its choice alone."""


def unclear(decision: Decision) -> str | None:
    """Which parts have no clear word, and why the first of them has none; None where every part has one.

    A part that was said again clearly is clear.
    """
    found = [(name, claim) for name, claim in _claims(decision) if is_unclear(claim)]
    if not found:
        return None
    names = [name for name, _ in found]
    counted = [_counted(names.count(name), name) for name in dict.fromkeys(names)]
    why = found[0][1].quotes[0].place.doubt
    return f"Hard to hear: {_listed(counted)} ({why}). Listen to the recording before relying on it."


def is_unclear(claim: Claim) -> bool:
    """Whether none of a claim's quotes is free of doubt."""
    return all(quote.place.doubt is not None for quote in claim.quotes)


def _claims(decision: Decision) -> Iterator[tuple[str, Claim]]:
    groups = (
        ("choice", [decision.choice]),
        ("reason", decision.rationale),
        ("alternative", decision.alternatives),
        ("constraint", decision.constraints),
        ("objection", decision.objections),
        ("consequence", decision.consequences),
    )
    for name, claims in groups:
        for claim in claims:
            yield name, claim
            yield from (("reason", reason) for reason in claim.reasons)


def _counted(count: int, name: str) -> str:
    if name == "choice":
        return "its choice"
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
