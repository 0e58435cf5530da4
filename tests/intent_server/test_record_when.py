"""When an act is recorded: once the store is held, so that nobody read what it knew before and saw nothing of it."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from intent_server import record_review
from intent_server.config import Actor, Settings
from intent_server.store import lock
from intent_server.store.connect import open_reader
from intent_server.store.load import cores
from tests.intent_server.store.records import candidate, session

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
CHOICE = "We keep DuckDB as the only store."


def test_an_act_is_dated_by_a_clock_that_is_read_while_the_store_is_held(keep: Callable[..., Path]) -> None:
    talk = session([CHOICE])
    place = keep((talk, [candidate(talk, CHOICE)]))
    holders: list[str] = []

    def clock() -> datetime:
        holders.append(lock.holder(place))
        return NOW

    with open_reader(place, wait_s=5) as db:
        (decision_id,) = cores(db)
    record_review.ratify(Settings(store=place, actor="mara"), decision_id, by=Actor("mara"), now=clock)
    assert [holder.split(" (")[0] for holder in holders] == [f"process {os.getpid()}"]
    with open_reader(place, wait_s=5) as db:
        at = db.execute("SELECT recorded_from FROM reviews").fetchone()
    assert at == (NOW.replace(tzinfo=None),)
