"""What the names in a question stand for: decisions and sessions in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intent_server.questions_index import Held
from intent_server.questions_subject import is_identifier, named_in, sessions_named
from intent_server.store import load
from intent_server.store.connect import Db


@dataclass(frozen=True, slots=True)
class Pointed:
    """What a name stands for: decisions and sessions in the store, the likeliest first."""

    decisions: Sequence[str] = ()
    sessions: Sequence[str] = ()

    def __bool__(self) -> bool:
        """False for a name that stands for nothing."""
        return bool(self.decisions or self.sessions)


def pointed(db: Db, store: Held, name: str) -> Pointed:
    """What a subject names: a decision's id, a session, or a thing that decisions link to."""
    if ids := [one for one in store.cores if _is_id(name.casefold(), one)]:
        return Pointed(ids)
    sessions = [head.session_id for head in sessions_named(name, store.heads.values())]
    decisions = [one for session_id in sessions for one in store.decisions_of.get(session_id, ())]
    linked = load.decisions_linked(db, name) if " " not in name else []
    return Pointed([one for one in dict.fromkeys((*decisions, *linked)) if one in store.cores], sessions)


def pointed_in(db: Db, store: Held, question: str) -> Pointed:
    """What the names in a question stand for; nothing for a question in plain words."""
    names = dict.fromkeys((question,) if is_identifier(question) else named_in(question))
    found = [pointed(db, store, name) for name in names if name]
    return Pointed(
        list(dict.fromkeys(one for each in found for one in each.decisions)),
        list(dict.fromkeys(one for each in found for one in each.sessions)),
    )


def _is_id(name: str, decision_id: str) -> bool:
    return len(name) >= load.SHORT_ID_CHARS and (decision_id.startswith(name) or decision_id.endswith(name))
