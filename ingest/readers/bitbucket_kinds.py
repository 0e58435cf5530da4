"""Part of the Bitbucket reader: what a JSON object of a dump is, by its fields, and how many records it holds."""

from __future__ import annotations

from typing import Literal

from ingest.json_values import Fields, fields

Kind = Literal["page", "pull_request", "comment", "commit", "activity", "unknown"]
_ACTIVITIES = ("comment", "update", "approval", "changes_requested", "action")


def kind_of(record: Fields) -> Kind:
    """What a record is, by its own fields; a page is a list with what stands around it."""
    if isinstance(record.get("values"), list):
        return "page"
    if {"title", "state"} <= record.keys() and record.keys() & {"source", "destination", "fromRef", "toRef"}:
        return "pull_request"
    if isinstance(record.get("content"), dict) or "text" in record:
        return "comment"
    if "message" in record and record.keys() & {"hash", "displayId"}:
        return "commit"
    return "activity" if any(name in record for name in _ACTIVITIES) else "unknown"


def units(value: object) -> int:
    """How many records a value holds, counted by its structure alone."""
    record = fields(value)
    if kind_of(record) == "page":
        value = record["values"]
    return sum(_units(entry) for entry in value) if isinstance(value, list) else _units(value)


def _units(value: object) -> int:
    """One, and the replies below a comment, however deep; not recursive, so that no nesting is too deep."""
    record = fields(value)
    if kind_of(record) == "activity" and isinstance(record.get("comment"), dict):
        record = fields(record["comment"])
    elif kind_of(record) != "comment":
        return 1
    found, left = 0, [record]
    while left:
        one = left.pop()
        found += 1
        replies = one.get("comments")
        for reply in replies if isinstance(replies, list) else ():
            if isinstance(reply, dict):
                left.append(reply)
            else:
                found += 1
    return found
