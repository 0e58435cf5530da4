"""Part of the GitLab reader: what a JSON object of a dump is, by its fields, and how many records it holds."""

from __future__ import annotations

from typing import Literal

from ingest.json_values import Fields, fields, number

Kind = Literal["discussion", "merge_request", "issue", "note", "draft", "commit", "file", "event", "unknown"]
HELD: tuple[tuple[str, Kind], ...] = (
    ("discussions", "discussion"),
    ("notes", "note"),
    ("commits", "commit"),
    ("changes", "file"),
    ("diffs", "file"),
)
"""The lists of records that a merge request may hold."""


def kind_of(record: Fields) -> Kind:
    """What a record is, by its own fields."""
    if isinstance(record.get("notes"), list) and "iid" not in record:
        return "discussion"
    if number(record.get("iid")) is not None and "title" in record:
        return "merge_request" if record.keys() & {"source_branch", "target_branch", "merge_status"} else "issue"
    if "body" in record and record.keys() & {"author", "noteable_type", "noteable_id", "system"}:
        return "note"
    if "note" in record and record.keys() & {"merge_request_id", "discussion_id"}:
        return "draft"
    if "short_id" in record and "message" in record:
        return "commit"
    if "new_path" in record and "diff" in record:
        return "file"
    is_version = {"base_commit_sha", "head_commit_sha"} <= record.keys()
    return "event" if is_version or {"resource_type", "resource_id"} <= record.keys() else "unknown"


def units(value: object) -> int:
    """How many records a value holds, counted by its structure alone."""
    if isinstance(value, list):
        pages = (entry if isinstance(entry, list) else [entry] for entry in value)
        return sum(_units(entry) for page in pages for entry in page)
    return _units(value)


def _units(value: object) -> int:
    record = fields(value)
    kind = kind_of(record)
    if kind == "discussion":
        return _length(record.get("notes"))
    if kind not in {"merge_request", "issue"}:
        return 1
    held = (entry for name, _ in HELD for entry in _entries(record.get(name)))
    return 1 + sum(_length(fields(entry)["notes"]) if _is_discussion(entry) else 1 for entry in held)


def _is_discussion(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("notes"), list)


def _entries(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _length(value: object) -> int:
    return len(_entries(value))
