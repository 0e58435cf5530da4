"""GitHub's records: who, when, and by which names a record is known."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from ingest.json_values import (
    Fields,
    fields,
    first_number,
    first_words,
    inside,
    listed,
    moment,
    number,
    without_credentials,
    words,
)
from ingest.review_items import ItemKind, Pull

_ADDRESS = re.compile(
    r"^https?://(?:[^/\s]*@)?([\w.-]+(?::[0-9]+)?)/(?:api/v3/)?(?:repos/)?"
    r"([^/\s@]+/[^/\s@]+)/(pulls?|issues)/([0-9]{1,18})(?!\w)"
)
"""Without the credentials that may stand before the host."""
_PATH = re.compile(r"^/?repos/([^/\s@]+/[^/\s@]+)/(pulls|issues)/([0-9]{1,18})(?:/|$|\?)")
_ANCHOR = re.compile(r"#(issuecomment-\d+|discussion_r\d+|pullrequestreview-\d+)$")
_ANCHORS: dict[str, str] = {"comment": "issuecomment-", "line_comment": "discussion_r", "review": "pullrequestreview-"}


def native_id(record: Fields, kind: ItemKind) -> str | None:
    """GitHub's own anchor for what has one, the hash for a commit, else whatever id there is."""
    if kind == "commit":
        return without_credentials(first_words(record, "sha", "oid")) or None
    anchor = next((m for name in ("html_url", "url") if (m := _ANCHOR.search(words(record.get(name))))), None)
    if anchor:
        return anchor.group(1)
    numeric = first_number(record, "databaseId", "fullDatabaseId", "id")
    if numeric is not None:
        return f"{_ANCHORS.get(kind, f'{kind}-')}{numeric}"
    return without_credentials(first_words(record, "id", "node_id")) or None


def address(record: Fields) -> tuple[Pull | None, bool]:
    """The pull request that a record's addresses name, and whether the readable one is an issue's."""
    found: Pull | None = None
    is_issue = False
    for name in ("html_url", "url", "pull_request_url", "issue_url"):
        match = _ADDRESS.match(words(record.get(name)))
        if match:
            host = "github.com" if match.group(1) == "api.github.com" else match.group(1)
            found = found or Pull(host, match.group(2), int(match.group(4)))
            is_issue = is_issue or (name == "html_url" and match.group(3) == "issues")
    return found, is_issue


def numbered(record: Fields, around: Pull | None, kind: ItemKind) -> Pull | None:
    """A pull request without an address: its number, in the repository that is known."""
    own = number(record.get("number"))
    if kind != "pull_request" or own is None or around is None:
        return None
    return replace(around, number=own)


def body_of(record: Fields, kind: ItemKind) -> str:
    """The words of a record: its body, or a commit's message."""
    if kind != "commit":
        return words(record.get("body"))
    whole = words(record.get("message"))
    parts = (words(record.get("messageHeadline")), words(record.get("messageBody")))
    return whole or "\n\n".join(part for part in parts if part.strip())


def person(record: Fields) -> tuple[str | None, bool]:
    """(name, whether a program) of who made a record; a deleted account is `ghost`."""
    authors = listed(record.get("authors"))[1]
    for value in (*(record.get(name) for name in ("user", "author", "actor")), *authors[:1]):
        login = first_words(fields(value), "login", "name")
        if login:
            typed = "Bot" in (inside(value, "type"), inside(value, "__typename")) or inside(value, "is_bot") is True
            return login, typed or login.endswith("[bot]") or login.startswith("app/")
    return ("ghost" if record.keys() & {"user", "author"} else None), False


def said_at(record: Fields, kind: ItemKind) -> datetime | None:
    """When a record was written; for a commit, when it was committed."""
    if kind == "commit":
        nested = moment(fields(record.get("committer")), "date") or moment(fields(record.get("author")), "date")
        return moment(record, "committedDate", "authoredDate") or nested
    return moment(record, "submittedAt", "submitted_at", "createdAt", "created_at")


def requested(path: str) -> Pull | None:
    """The pull request that a request's path names."""
    match = _PATH.match(path)
    return Pull("github.com", match.group(1), int(match.group(3))) if match else None
