"""The end of one source's ingestion: its batch with its signature, its refused items, and what it no longer holds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.fingerprint import fingerprint
from intent_server.store.audit import Trail
from intent_server.store.change import close_session
from intent_server.store.connect import Db
from intent_server.store.ids import ids
from intent_server.store.index import unindex_session
from intent_server.store.rows import Row, fetched, insert, stamp
from intent_server.store.save import Origin, source_id
from intent_server.store.sql import query


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused item on its way to quarantine. `stage`: `read` or `extract`."""

    stage: str
    reason: str
    place: str
    text: str
    unit_count: int
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one run made of one source. Units: read = kept + set aside + quarantined."""

    run_id: str
    origin: Origin
    unit: str
    input_fingerprint: str
    schema_fingerprint: str
    extractor_fingerprint: str
    output_fingerprint: str
    read_count: int
    kept_count: int
    set_aside: Mapping[str, int]
    quarantined_count: int
    masked: Mapping[str, int]
    irregular: Sequence[Mapping[str, object]]
    session_count: int
    decision_count: int
    declared: Mapping[str, object]
    """What was said of the source when it was read: no part of the signature, for what it changes is in the output."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a source gave when it was read: the sessions with words, and the (kind, native id) of all it speaks of."""

    session_ids: frozenset[str] = frozenset()
    keys: frozenset[tuple[str, str]] = frozenset()
    is_file: bool = False
    """Nobody but this reader reads the place now: what another one made of it before is replaced. In a folder several
    readers may find an export each."""


def batch_row(batch: Batch) -> dict[str, object]:
    """The batch's columns that come from the run itself, its signature among them."""
    row: dict[str, object] = {
        "run_id": batch.run_id,
        "reader": batch.origin.reader,
        "unit": batch.unit,
        "input_fingerprint": batch.input_fingerprint,
        "schema_fingerprint": batch.schema_fingerprint,
        "extractor_fingerprint": batch.extractor_fingerprint,
        "output_fingerprint": batch.output_fingerprint,
        "read_count": batch.read_count,
        "kept_count": batch.kept_count,
        "set_aside_count": sum(batch.set_aside.values()),
        "quarantined_count": batch.quarantined_count,
        "set_aside": dict(batch.set_aside),
        "masked": dict(batch.masked),
        "irregular": [dict(item) for item in batch.irregular],
        "session_count": batch.session_count,
        "decision_count": batch.decision_count,
        "declared": dict(batch.declared),
    }
    return {**row, "signature": signature(row)}


def signature(row: Row) -> str:
    """The usability signature: input, schema, extractor, output and the counts; no clock and no place."""
    set_aside = row["set_aside"]
    counts = {
        "read": row["read_count"],
        "kept": row["kept_count"],
        "set_aside": json.loads(set_aside) if isinstance(set_aside, str) else set_aside,
        "quarantined": row["quarantined_count"],
    }
    return fingerprint(
        {
            "input": row["input_fingerprint"],
            "schema": row["schema_fingerprint"],
            "extractor": row["extractor_fingerprint"],
            "output": row["output_fingerprint"],
            "counts": counts,
        }
    )


def is_recorded(db: Db, batch: Batch, given: Given) -> bool:
    """Whether the source's newest batch has this signature and none of its sessions is to be closed."""
    is_latest = _latest_signature(db, batch.origin, given) == batch_row(batch)["signature"]
    return is_latest and not _replaced(db, batch.origin, given)


def record_batch(db: Db, trail: Trail, batch: Batch, refused: Sequence[Refused], given: Given = Given()) -> bool:
    """Add the batch and its refused items; False where the place's newest batch has the same signature already.

    Within a transaction. An item refused again stays as it is, one that a person dismissed stays dismissed, one that
    is refused no longer is closed.
    """
    row = batch_row(batch)
    if _latest_signature(db, batch.origin, given) == row["signature"]:
        return False
    source = source_id(db, trail, batch.origin)
    batch_id = next(ids(trail.now))
    facts = {**row, "batch_id": batch_id, "source_id": source, "recorded_from": stamp(trail.now)}
    insert(db, "batches", [facts])
    trail.note("add", "batch", batch_id, after=str(row["signature"]))
    held = list(fetched(db, "held_quarantine", **_place(batch.origin, given)))
    _put_refused(db, trail, refused, held, {"batch_id": batch_id, "source_id": source})
    return True


def close_replaced(db: Db, trail: Trail, origin: Origin, given: Given) -> int:
    """Close what this place once gave and gives no more; how many sessions those were.

    Within a transaction. Of the sessions with an id of the source's own only those are meant that were read again: an
    agent's history is cleared by its own rules. Standard input is no place, nor is a repository: what came through them
    is not replaced.
    """
    gone = _replaced(db, origin, given)
    for session in gone:
        session_id = str(session["session_id"])
        close_session(db, trail, session_id, fingerprint=str(session["fingerprint"]), reason="its file was replaced")
        unindex_session(db, session_id)
    return len(gone)


def _replaced(db: Db, origin: Origin, given: Given) -> list[dict[str, object]]:
    if origin.uri.startswith(("stdin:", "git:")):
        return []
    keys = json.dumps([{"kind": kind, "native_id": native_id} for kind, native_id in sorted(given.keys)])
    held = fetched(db, "yielded_sessions", **_place(origin, given), keys=keys)
    return [session for session in held if session["session_id"] not in given.session_ids]


def content_sessions(db: Db, origin: Origin) -> frozenset[str]:
    """The ids of the open sessions that this file holds and that are known by content alone; none of standard input."""
    return frozenset(str(row["session_id"]) for row in _replaced(db, origin, Given()))


def words_at(db: Db, origin: Origin, *, is_file: bool) -> Counter[tuple[str, str]]:
    """The turns that are held of a place, by speaker and words."""
    found = fetched(db, "words_at", **_place(origin, Given(is_file=is_file)))
    return Counter({(str(row["speaker"]), str(row["text"])): int(str(row["found"])) for row in found})


def refused_fingerprints(refused: Sequence[Refused]) -> list[str]:
    """One fingerprint an item; equal items of one source are told apart by their number."""
    return [mark for mark, _ in _marked(refused)]


def _latest_signature(db: Db, origin: Origin, given: Given) -> str | None:
    row = db.execute(query("newest_batch"), _place(origin, given)).fetchone()
    return None if row is None else str(row[1])


def _place(origin: Origin, given: Given) -> dict[str, object]:
    return {"uri": origin.uri, "reader": origin.reader, "is_file": given.is_file}


def _put_refused(db: Db, trail: Trail, refused: Sequence[Refused], held: Sequence[Row], key: Row) -> None:
    known = {str(row["fingerprint"]) for row in held}
    wanted = dict(_marked(refused))
    gone = [row for row in held if row["is_open"] and row["fingerprint"] not in wanted]
    db.execute(
        query("close_quarantine"), {"ids": json.dumps([row["item_id"] for row in gone]), "now": stamp(trail.now)}
    )
    for row in gone:
        trail.note(
            "close", "quarantine", str(row["item_id"]), before=str(row["fingerprint"]), reason="refused no longer"
        )
    new, rows = ids(trail.now), []
    for mark, item in wanted.items():
        if mark not in known:
            item_id = next(new)
            rows.append(
                {
                    **_refused_row(item),
                    **key,
                    "item_id": item_id,
                    "fingerprint": mark,
                    "recorded_from": stamp(trail.now),
                }
            )
            trail.note("add", "quarantine", item_id, after=mark)
    insert(db, "quarantine", rows)


def _marked(refused: Sequence[Refused]) -> Iterator[tuple[str, Refused]]:
    met = Counter[str]()
    for item in refused:
        facts = [item.stage, item.reason, item.place, item.text, item.unit_count]
        mark = fingerprint(facts)
        met[mark] += 1
        yield (mark if met[mark] == 1 else fingerprint([*facts, met[mark]])), item


def _refused_row(item: Refused) -> dict[str, object]:
    return {
        "session_id": item.session_id,
        "stage": item.stage,
        "reason": item.reason,
        "place": item.place,
        "text": item.text,
        "unit_count": item.unit_count,
    }
