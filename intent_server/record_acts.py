"""Part of the write side: what every act upon a decision shares, from opening the store to settling what follows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from intent_server.answers import Decision
from intent_server.config import Actor, Settings
from intent_server.errors import AmbiguousId, BadRequest, NotFound, StoreMissing
from intent_server.moments import Now
from intent_server.record_linking import link
from intent_server.record_links import Pair, circle, due_supersessions, said_pairs, stated_pairs
from intent_server.record_quotes import clean
from intent_server.store import load
from intent_server.store.audit import Trail, begun
from intent_server.store.change import drop_void_supersessions, replaced_by, supersede
from intent_server.store.connect import Db, open_writer, transaction
from intent_server.store.review import Act, acts_on, acts_with, is_dismissed
from intent_server.store.review_learn import close_learned
from intent_server.store.review_state import settle
from intent_server.store.rows import fetched


@dataclass(frozen=True, slots=True)
class Acting:
    """One act in its transaction: who does it and what is written of it."""

    db: Db
    trail: Trail
    by: Actor


@contextmanager
def acting(settings: Settings, by: Actor, now: Now, *, makes_store: bool = False) -> Iterator[Acting]:
    """The store open for one act, all of it or nothing.

    Raises: StoreMissing unless the act may make one; as open_writer.
    """
    if not makes_store and not settings.store.exists():
        raise StoreMissing(settings.store)
    with open_writer(settings.store, wait_s=settings.wait_s) as db, transaction(db):
        trail = begun(db, by.label, now)
        yield Acting(db, trail, by)
        trail.write(db)


def settle_all(act: Acting, decision_ids: Sequence[str], *, reason: str) -> None:
    """Bring these decisions, and what they replace or replaced, to where they stand after an act."""
    settle(act.db, act.trail, decision_ids, reason=reason)
    drop_void_supersessions(act.db, act.trail, stated_pairs(act.db, said_pairs(act.db)))
    supersede(act.db, act.trail, due_supersessions(act.db))
    older = [one for decision_id in decision_ids for one in replaced_by(act.db, decision_id)]
    settle(act.db, act.trail, older, reason="what replaced it changed")
    close_learned(act.db, act.trail)
    link(act.db, act.trail.now, decision_ids)


def check_circles(act: Acting, left_out: Collection[Pair]) -> None:
    """Nothing where all that people said of one decision replacing another holds, but for what did not before.

    Raises: BadRequest naming the acts between which a circle would close.
    """
    for pair in unlinked(act.db):
        if pair in left_out:
            continue
        links = (pair, *circle(act.db, pair))
        acts = acts_with(act.db, list({one for link in links for one in link}))
        named = [
            one for one in acts if one.action == "superseded" and (one.other_decision_id, one.decision_id) in links
        ]
        told = "; ".join(
            f"{one.decision_id} was {one.who}, by {one.other_decision_id} ({one.review_id})" for one in named
        )
        raise BadRequest(f"That would close a circle in which nothing holds: {told}. Undo one of the others first.")


def unlinked(db: Db) -> list[Pair]:
    """What people said of one decision replacing another that no link holds."""
    held = {(row["decision_id"], row["target"]) for row in fetched(db, "open_supersessions")}
    return [pair for pair in said_pairs(db) if pair not in held]


def decision_id_of(db: Db, wanted: str) -> str:
    """The full id of a decision held now, from the whole id or the start or end of one.

    Raises: NotFound, AmbiguousId.
    """
    found = load.fitting_decisions(db, wanted.strip())
    if not found:
        remedy = (
            f"Give its id, or {load.SHORT_ID_CHARS} or more characters of the start or end of one; "
            "`intent review list`, `why` and `search` name ids."
        )
        raise NotFound("decision", wanted, remedy)
    if len(found) > 1:
        raise AmbiguousId("decision", wanted, found)
    return found[0]


def standing(db: Db, wanted: str) -> tuple[str, list[Act]]:
    """A decision that can be acted upon, by its full id, with the acts upon it.

    Raises: NotFound, AmbiguousId; BadRequest where it is dismissed.
    """
    decision_id = decision_id_of(db, wanted)
    acts = acts_on(db, decision_id)
    if is_dismissed(acts):
        last = next(act for act in reversed(acts) if act.action == "dismissed")
        raise BadRequest(f"Decision {decision_id} was {last.who}. Undo that first: `intent review undo {decision_id}`.")
    return decision_id, acts


def shown(db: Db, decision_id: str) -> Decision | None:
    """A decision as it stands; None where it is not held any more."""
    return next(iter(load.decisions(db, [decision_id])), None)


def reason_of(text: str | None) -> str | None:
    """A reason as it may be stored; None for none.

    Raises: BadRequest for one that is blank.
    """
    return None if text is None else clean(text, "reason")
