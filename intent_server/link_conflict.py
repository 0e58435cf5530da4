"""Pure: whether two decisions cannot both hold."""

from __future__ import annotations

from intent_server.answers import Decision
from intent_server.search import query_terms


def conflict(one: Decision, other: Decision) -> bool:
    """True when two accepted decisions cannot both hold: a link says so, or one subject has contrary choices.

    Contrary is kept narrow: what one chose is what the other turned down, or, where both are stated by their source's
    own structure, the choices have no word in common.
    """
    if _are_linked(one, other, {"contradicts"}) or _are_linked(other, one, {"contradicts"}):
        return True
    related = {"supersedes", "refines", "depends_on"}
    if _are_linked(one, other, related) or _are_linked(other, one, related):
        return False
    if set(query_terms(one.subject)) != set(query_terms(other.subject)) or not (_is_open(one) and _is_open(other)):
        return False
    if _turned_down(one, other) or _turned_down(other, one):
        return True
    both_stated = "extracted" not in (one.authority, other.authority)
    said, also_said = set(query_terms(one.choice.text)), set(query_terms(other.choice.text))
    return both_stated and said.isdisjoint(also_said)


def _are_linked(one: Decision, other: Decision, relations: set[str]) -> bool:
    return any(link.relation in relations and link.target == other.decision_id for link in one.links)


def _is_open(decision: Decision) -> bool:
    return decision.valid_to is None


def _turned_down(one: Decision, other: Decision) -> bool:
    """True when `one` names as an alternative what `other` chose."""
    chosen = set(query_terms(other.choice.text))
    return any(set(query_terms(alternative.text)) <= chosen for alternative in one.alternatives) and not (
        set(query_terms(one.choice.text)) <= chosen
    )
