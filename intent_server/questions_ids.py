"""Part of the read side: ids that begin with what somebody typed, newest first."""

from __future__ import annotations

from typing import Literal

from intent_server.questions_asker import Asker
from intent_server.store.connect import open_reader


def ids_beginning(asker: Asker, kind: Literal["decision", "session"], start: str, *, limit: int) -> list[str]:
    """At most `limit` ids of decisions or sessions held now. Ids are made in the order of time, so the last is newest.

    Raises: the errors of the store.
    """
    with open_reader(asker.settings.store, wait_s=asker.settings.wait_s) as db:
        store = asker.held(db)
        known = store.cores if kind == "decision" else store.heads
        return sorted((one for one in known if one.startswith(start)), reverse=True)[:limit]
