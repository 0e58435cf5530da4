"""GitHub's records: what a JSON object of a dump is, by its fields."""

from __future__ import annotations

from ingest.json_values import Fields, fields, listed, number, words
from ingest.review_items import ItemKind

LISTS: tuple[tuple[str, ItemKind], ...] = (
    ("comments", "comment"),
    ("reviews", "review"),
    ("latestReviews", "review"),
    ("commits", "commit"),
    ("files", "file"),
    ("timelineItems", "event"),
)
"""The lists of records that a pull request holds, besides its review threads."""
LINE_EVENTS = frozenset({"line-commented", "commit-commented"})
"""Timeline events that only hold comments."""
_LEVELS = ("data", "repository", "node")
"""What GraphQL puts around a record, in at most this many levels."""
_PULL_FIELDS = frozenset(
    "baseRefName headRefName headRefOid mergedAt mergedBy mergeCommit merge_commit_sha reviewDecision reviewThreads"
    " isDraft mergeStateStatus closingIssuesReferences statusCheckRollup latestReviews".split()
)
_REVIEW_STATES = frozenset({"APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"})


def is_response(record: Fields) -> bool:
    """Whether this is a recorded answer of the interface, with its request."""
    return {"method", "path", "status", "body"} <= record.keys()


def wraps(record: Fields, name: str) -> bool:
    """Whether the record is only a GraphQL level around what matters."""
    return (
        isinstance(record.get(name), dict)
        and len(record) <= 3
        and not record.keys() & {"id", "number", "body", "event"}
    )


def unwrapped(record: Fields) -> tuple[Fields, str]:
    """The record below GraphQL's levels, and the pointer down to it."""
    place = ""
    for _ in _LEVELS:
        name = next((name for name in _LEVELS if wraps(record, name)), None)
        if name is None:
            break
        record, place = fields(record[name]), f"{place}/{name}"
    return record, place


def kind_of(record: Fields) -> ItemKind:
    """What a record is, by its own fields."""
    if record.get("event") is not None:
        return _event_kind(record)
    if "diff_hunk" in record or "diffHunk" in record or ("pull_request_review_id" in record and "path" in record):
        return "line_comment"
    if "sha" in record and isinstance(record.get("commit"), dict):
        return "commit"
    if "filename" in record and "status" in record:
        return "file"
    if words(record.get("state")) in _REVIEW_STATES and ("body" in record or "submitted_at" in record):
        return "review"
    has_lists = any(holds(record, name) for name in ("reviews", "comments", "commits"))
    if (number(record.get("number")) is not None and "title" in record) or record.keys() & _PULL_FIELDS or has_lists:
        return "pull_request"
    return "comment" if "body" in record and record.keys() & {"user", "author"} else "unknown"


def _event_kind(record: Fields) -> ItemKind:
    kinds: dict[str, ItemKind] = {"commented": "comment", "reviewed": "review", "committed": "commit"}
    return kinds.get(words(record.get("event")), "event")


def holds(record: Fields, name: str) -> bool:
    """Whether the record has a list of this name with something in it."""
    return bool(listed(record.get(name))[1])
