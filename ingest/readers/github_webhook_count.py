"""Part of the webhook reader: how many units a document holds, told apart from what is in them."""

from __future__ import annotations

from ingest.json_values import fields, inside

RECORDS = ("pull_request", "issue", "discussion", "answer", "review", "comment")


def units(value: object) -> int:
    """One for each delivery, and one for each record it carries."""
    return sum(_units(entry) for entry in value) if isinstance(value, list) else _units(value)


def _units(value: object) -> int:
    record = fields(value)
    for inner in (record.get("payload"), inside(record, "request", "payload")):
        if isinstance(inner, dict):
            record = inner
            break
    comments = inside(record, "thread", "comments")
    was = [inside(record, "changes", name, "from") for name in ("body", "title")]
    return (
        1
        + sum(record.get(name) is not None for name in RECORDS)
        + (len(comments) if isinstance(comments, list) else 0)
        + any(isinstance(text, str) and bool(text.strip()) for text in was)
    )
