"""Pure: of the decisions that answer a question, which come first, and what may be said of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intent_server.answers import Decision, Verdict
from intent_server.link_conflict import conflict

_AUTHORITY: Mapping[str, float] = {"ratified": 0.15, "recorded": 0.12, "structured": 0.1, "extracted": 0.0}
_STANDING: Mapping[str, float] = {"accepted": 0.1, "superseded": 0.0, "proposed": -0.05, "declined": -0.15}
_SEARCHED: Mapping[str, float] = {"accepted": 1.05, "proposed": 0.95, "superseded": 0.85, "declined": 0.65}
NEAR = 0.25
"""Within this much of the best one's weight a decision is about the same question."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision that answers, with how likely it does, 0 to 1."""

    decision: Decision
    relevance: float

    @property
    def weight(self) -> float:
        """What it is ranked by: relevance first, then how it is known and whether it stands."""
        decision = self.decision
        known = _AUTHORITY.get(decision.authority, 0.0) * decision.confidence
        return self.relevance + known + (0.0 if is_replaced(decision) else _STANDING.get(decision.status, 0.0))


def search_weight(authority: str, status: str) -> float:
    """What a decision's score is multiplied by among search hits: what stands before what was turned down."""
    return _SEARCHED.get(status, 1.0) + _AUTHORITY.get(authority, 0.0)


def is_replaced(decision: Decision) -> bool:
    """True when another decision took its place, here or, as its source says, elsewhere."""
    return (
        decision.status == "superseded"
        or bool(decision.superseded_by)
        or any(link.target_kind == "superseded_by" for link in decision.links)
    )


def verdict(judged: Sequence[Judged]) -> Verdict:
    """What the relevant decisions, best first, say together. Superseded ones come with their successors."""
    if not judged:
        return "no record"
    near = _near(judged)
    if is_replaced(near[0]):
        return "superseded"
    standing = [decision for decision in near if decision.status == "accepted" and not is_replaced(decision)]
    if not standing:
        return "declined" if near[0].status == "declined" else "proposed only"
    if any(conflict(one, other) for place, one in enumerate(standing) for other in standing[place + 1 :]):
        return "conflicting"
    return "decided"


def _near(judged: Sequence[Judged]) -> list[Decision]:
    best = judged[0].weight
    return [found.decision for found in judged if found.weight >= best - NEAR]
