"""Part of the pull-request reader: any dump as a flat run of items, each with the pull request it belongs to.

Shapes: REST responses (lists, single objects, `{method, path, status, body}` recordings), `gh pr view --json`,
GraphQL responses. What a record is follows from its place in a larger one, else from the fields it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.readers.pull_request_identity import Pull, address, body_of, native_id, numbered, person, requested, said_at
from ingest.readers.pull_request_kinds import (
    LINE_EVENTS,
    LISTS,
    ItemKind,
    holds,
    is_response,
    kind_of,
    unwrapped,
    wraps,
)
from ingest.readers.pull_request_values import (
    Broken,
    Fields,
    fields,
    first_number,
    inside,
    listed,
    number,
    printed,
    words,
)
from ingest.records import Rejected


@dataclass(frozen=True, slots=True)
class Thread:
    """A review thread as GraphQL gives it: what REST does not know."""

    native_id: str
    is_resolved: bool | None
    is_outdated: bool | None
    resolved_by: str | None
    fields: Fields


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a dump."""

    kind: ItemKind
    place: str
    """JSON pointer, after the file's name where several files are one source."""
    fields: Fields
    pull: Pull | None
    body: str
    author: str | None
    is_bot: bool
    at: datetime | None
    ids: frozenset[str]
    """Every name the record is known by; two records that share one are the same."""
    native_id: str | None
    is_issue: bool = False
    """Its address says that the thread is an issue's, not a pull request's."""
    thread: Thread | None = None
    root_id: str | None = None
    """Native id of the thread's first comment, for line comments."""


def items(value: object, place: str) -> Iterator[Item | Rejected]:
    """Every record in a value, in order; what is no object is Rejected."""
    if isinstance(value, Broken):
        yield Rejected(value.problem, place or "/", value.text)
    elif isinstance(value, list):
        for position, entry in enumerate(value):
            yield from _entry(entry, f"{place}/{position}")
    else:
        yield from _record(value, place, None, None)


def _entry(value: object, place: str) -> Iterator[Item | Rejected]:
    """An item of a list; a list in it is a page (`gh api --slurp`)."""
    if not isinstance(value, list):
        yield from _record(value, place, None, None)
        return
    for position, entry in enumerate(value):
        yield from _record(entry, f"{place}/{position}", None, None)


def _record(value: object, place: str, pull: Pull | None, kind: ItemKind | None) -> Iterator[Item | Rejected]:
    record = fields(value)
    if not isinstance(value, dict):
        yield Rejected("not a record: a JSON object is expected", place or "/", printed(value))
    elif kind is not None:
        yield from _known(record, place, pull, kind)
    elif is_response(record) and pull is None:
        yield from _response(record, place)
    else:
        yield from _bare(record, place, pull)


def _bare(outer: Fields, place: str, pull: Pull | None) -> Iterator[Item | Rejected]:
    """A record below the levels that GraphQL puts around it."""
    record, below = unwrapped(outer)
    place = f"{place}{below}"
    if "isResolved" in record:
        yield from _thread(record, place, pull)
    elif wraps(record, "pullRequest"):
        yield from _pull(fields(record["pullRequest"]), f"{place}/pullRequest", pull)
    elif wraps(record, "pullRequests"):
        lower, nodes = listed(record["pullRequests"])
        for position, node in enumerate(nodes):
            yield from _record(node, f"{place}/pullRequests{lower}/{position}", pull, "pull_request")
    else:
        yield from _known(record, place, pull, kind_of(record))


def _response(record: Fields, place: str) -> Iterator[Item | Rejected]:
    """A recorded response: its body, with the pull request that its path names."""
    pull = requested(words(record.get("path")))
    body = record["body"]
    entries = enumerate(body) if isinstance(body, list) else [("", body)]
    for position, entry in entries:
        where = f"{place}/body/{position}".rstrip("/")
        if isinstance(entry, dict):
            yield from _bare(entry, where, pull)
        else:
            yield Rejected("not a record: a JSON object is expected", where, printed(entry))


def _known(record: Fields, place: str, pull: Pull | None, kind: ItemKind) -> Iterator[Item | Rejected]:
    if kind == "pull_request":
        yield from _pull(record, place, pull)
    elif kind == "event" and words(record.get("event")) in LINE_EVENTS and holds(record, "comments"):
        lower, comments = listed(record["comments"])
        for position, comment in enumerate(comments):
            yield from _record(comment, f"{place}/comments{lower}/{position}", pull, "line_comment")
    elif kind == "review" and holds(record, "comments"):
        yield _item(record, place, pull, kind)
        lower, comments = listed(record["comments"])
        for position, comment in enumerate(comments):
            yield from _record(comment, f"{place}/comments{lower}/{position}", pull, "line_comment")
    else:
        yield _item(record, place, pull, kind)


def _pull(record: Fields, place: str, pull: Pull | None) -> Iterator[Item | Rejected]:
    """The pull request itself, then every record that it holds."""
    own = _item(record, place, pull, "pull_request")
    yield own
    for name, kind in LISTS:
        lower, entries = listed(record.get(name))
        for position, entry in enumerate(entries):
            yield from _record(entry, f"{place}/{name}{lower}/{position}", own.pull, kind)
    lower, threads = listed(record.get("reviewThreads"))
    for position, entry in enumerate(threads):
        where = f"{place}/reviewThreads{lower}/{position}"
        if isinstance(entry, dict):
            yield from _thread(entry, where, own.pull)
        else:
            yield Rejected("not a record: a review thread is expected", where, printed(entry))


def _thread(record: Fields, place: str, pull: Pull | None) -> Iterator[Item | Rejected]:
    lower, comments = listed(record.get("comments"))
    resolved, outdated = record.get("isResolved"), record.get("isOutdated")
    thread = Thread(
        native_id=words(record.get("id")),
        is_resolved=resolved if isinstance(resolved, bool) else None,
        is_outdated=outdated if isinstance(outdated, bool) else None,
        resolved_by=words(inside(record, "resolvedBy", "login")) or None,
        fields=record,
    )
    root: str | None = None
    for position, comment in enumerate(comments):
        where = f"{place}/comments{lower}/{position}"
        if not isinstance(comment, dict):
            yield Rejected("not a record: a comment is expected", where, printed(comment))
            continue
        item = _item(comment, where, pull, "line_comment")
        root = root or item.root_id or item.native_id
        yield replace(item, thread=thread, root_id=root)


def _item(record: Fields, place: str, pull: Pull | None, kind: ItemKind) -> Item:
    commit = fields(record["commit"]) if kind == "commit" and isinstance(record.get("commit"), dict) else record
    named = native_id(record if kind != "commit" else {**record, **commit}, kind)
    own, is_issue = address(record)
    who = person(record)
    if kind == "commit" and who[0] in {None, "ghost"}:
        who = person(commit)
    pull = own or numbered(record, pull, kind) or pull
    names = {named or "", words(record.get("node_id")), pull.native_id if pull and kind == "pull_request" else ""}
    root = first_number(record, "in_reply_to_id") or number(inside(record, "replyTo", "databaseId"))
    return Item(
        kind=kind,
        place=place or "/",
        fields=record,
        pull=pull,
        body=body_of(commit, kind),
        author=who[0],
        is_bot=who[1],
        at=said_at(commit, kind),
        ids=frozenset(f"{kind} {name}" for name in names if name),
        native_id=named,
        is_issue=is_issue,
        root_id=f"discussion_r{root}" if root else None,
    )
