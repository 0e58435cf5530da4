"""Part of the pull-request reader: how many records a dump holds, told apart from what is in them."""

from __future__ import annotations

from ingest.github_kinds import LINE_EVENTS, LISTS, is_response, kind_of, unwrapped, wraps
from ingest.json_values import fields, listed, words
from ingest.review_items import ItemKind


def units(value: object) -> int:
    """How many records a value holds, counted by its structure alone: objects in lists, and lists in pull requests."""
    if isinstance(value, list):
        pages = (entry if isinstance(entry, list) else [entry] for entry in value)
        return sum(_units(entry) for page in pages for entry in page)
    return _units(value)


def _units(value: object) -> int:
    record = fields(value)
    if not is_response(record):
        return _bare_units(value)
    body = record["body"]
    return sum(_bare_units(entry) for entry in body) if isinstance(body, list) else _bare_units(body)


def _bare_units(value: object) -> int:
    if not isinstance(value, dict):
        return 1
    record, _ = unwrapped(value)
    if "isResolved" in record:
        return _held(record)
    if wraps(record, "pullRequest"):
        return _pull_units(record["pullRequest"])
    if wraps(record, "pullRequests"):
        return sum(_pull_units(node) for node in listed(record["pullRequests"])[1])
    kind = kind_of(record)
    return _pull_units(record) if kind == "pull_request" else _entry_units(record, kind)


def _pull_units(value: object) -> int:
    record = fields(value)
    own = sum(_entry_units(entry, kind) for name, kind in LISTS for entry in listed(record.get(name))[1])
    threads = listed(record.get("reviewThreads"))[1]
    return 1 + own + sum(_held(thread) if isinstance(thread, dict) else 1 for thread in threads)


def _entry_units(entry: object, kind: ItemKind) -> int:
    """A record with the comments in it: a review counts itself and its comments, a line event only those."""
    held = _held(entry)
    if kind == "event" and words(fields(entry).get("event")) in LINE_EVENTS:
        return held or 1
    return 1 + (held if kind == "review" else 0)


def _held(record: object) -> int:
    return len(listed(fields(record).get("comments"))[1])
