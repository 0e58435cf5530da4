"""Part of the read side: ids that begin with what somebody typed, newest first."""

from __future__ import annotations

from typing import Literal

from intent_server.questions_asker import Asker
from intent_server.store.connect import open_reader
from intent_server.store.load_sessions import ids_from


def ids_beginning(asker: Asker, kind: Literal["decision", "session"], start: str, *, limit: int) -> list[str]:
    """At most `limit` ids of decisions or sessions held now. Ids are made in the order of time, so the last is newest.

    Raises: the errors of the store.
    """
    with open_reader(asker.settings.store, wait_s=asker.settings.wait_s) as db:
        if kind == "session":
            return ids_from(db, start, limit)
        return sorted((one for one in asker.held(db).cores if one.startswith(start)), reverse=True)[:limit]
