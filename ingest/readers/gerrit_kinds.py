"""Part of the Gerrit reader: what a JSON object of a dump is, by its fields, and how many records it holds."""

from __future__ import annotations

from typing import Literal

from ingest.json_values import Fields, fields

Kind = Literal["change", "comments", "message", "comment", "event", "unknown"]


def kind_of(record: Fields) -> Kind:
    """What a record is: `comments` is an object of lists by path."""
    if {"project", "subject"} <= record.keys() and record.keys() & {"number", "_number"}:
        return "change"
    if record.get("type") == "stats" and "rowCount" in record:
        return "event"
    if "message" in record and record.keys() & {"date", "_revision_number"}:
        return "message"
    if "message" in record and record.keys() & {"updated", "patch_set"}:
        return "comment"
    is_by_path = bool(record) and all(isinstance(value, list) for value in record.values())
    return "comments" if is_by_path else "unknown"


def units(value: object) -> int:
    """How many records a value holds, counted by its structure alone."""
    return sum(_units(entry) for entry in value) if isinstance(value, list) else _units(value)


def _units(value: object) -> int:
    record = fields(value)
    kind = kind_of(record)
    if kind == "comments":
        return sum(_length(entry) for entry in record.values())
    if kind != "change":
        return 1
    held = sum(_length(record.get(name)) for name in ("comments", "messages", "patchSets"))
    sets = record.get("patchSets")
    inline = sum(_length(fields(one).get("comments")) for one in sets) if isinstance(sets, list) else 0
    return 1 + held + inline + len(fields(record.get("revisions")))


def _length(value: object) -> int:
    return len(value) if isinstance(value, list) else 0
