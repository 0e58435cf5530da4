"""Part of the pull-request reader: any dump as a flat run of items, each with the pull request it belongs to.

Shapes: REST responses (lists, single objects, `{method, path, status, body}` recordings), `gh pr view --json`,
GraphQL responses. What a record is follows from its place in a larger one, else from the fields it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingest.github_identity import requested
from ingest.github_kinds import LINE_EVENTS, LISTS, holds, is_response, kind_of, unwrapped, wraps
from ingest.github_records import item_of, thread_of
from ingest.json_values import Broken, Fields, fields, listed, printed, words
from ingest.records import Rejected
from ingest.review_items import Item, ItemKind, Pull


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
        yield item_of(record, place, pull, kind)
        lower, comments = listed(record["comments"])
        for position, comment in enumerate(comments):
            yield from _record(comment, f"{place}/comments{lower}/{position}", pull, "line_comment")
    else:
        yield item_of(record, place, pull, kind)


def _pull(record: Fields, place: str, pull: Pull | None) -> Iterator[Item | Rejected]:
    """The pull request itself, then every record that it holds."""
    own = item_of(record, place, pull, "pull_request")
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
    thread = thread_of(record)
    root: str | None = None
    for position, comment in enumerate(comments):
        where = f"{place}/comments{lower}/{position}"
        if not isinstance(comment, dict):
            yield Rejected("not a record: a comment is expected", where, printed(comment))
            continue
        item = item_of(comment, where, pull, "line_comment")
        root = root or item.root_id or item.native_id
        yield replace(item, thread=thread, root_id=root)
