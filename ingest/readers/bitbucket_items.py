"""Part of the Bitbucket reader: any dump as a flat run of items, each with the pull request it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from ingest.discussions import thread_roots
from ingest.json_values import (
    Broken,
    Fields,
    fields,
    first_words,
    inside,
    listed,
    number,
    printed,
    without_credentials,
    words,
)
from ingest.readers.bitbucket_kinds import kind_of
from ingest.records import Rejected
from ingest.review_items import Item, ItemKind, Lines, Pull, Thread
from ingest.times import epoch, utc

_ADDRESS = re.compile(
    r"https?://(?:[^/\s]*@)?([\w.-]+(?::\d{1,5})?)/(?:\S{0,200}?/)??(?:2\.0/repositories/)?(?:(?:projects|users)/)?"
    r"([^/\s@]{1,200})/(?:repos/)?([^/\s@]{1,200})/pull-?requests/(\d{1,18})(?!\w)"
)
_LATEST_MS = 10**13
_NO_OBJECT = "not a record: a JSON object is expected"


def when(record: Fields, *names: str) -> datetime | None:
    """The first of these fields that holds a time: ISO 8601 (Cloud), or milliseconds since 1970 (Server)."""
    for name in names:
        value = record.get(name)
        ms = number(value)
        found = utc(words(value)) if ms is None else epoch(ms / 1000) if 0 <= ms < _LATEST_MS else None
        if found is not None:
            return found
    return None


def items(value: object, place: str) -> Iterator[Item | Rejected]:
    """Every record in a value, in order; what is no object is Rejected."""
    if isinstance(value, Broken):
        yield Rejected(value.problem, place or "/", value.text)
        return
    if kind_of(fields(value)) == "page":
        value, place = fields(value)["values"], f"{place}/values"
    entries = enumerate(value) if isinstance(value, list) else [("", value)]
    for position, entry in entries:
        yield from _record(entry, f"{place}/{position}" if isinstance(value, list) else place)


def _record(value: object, place: str) -> Iterator[Item | Rejected]:
    record = fields(value)
    kind = kind_of(record)
    if not isinstance(value, dict):
        yield Rejected(_NO_OBJECT, place or "/", printed(value))
    elif kind == "pull_request":
        yield _pull_request(record, place)
    elif kind == "commit":
        yield _commit(record, place)
    elif kind == "comment":
        yield from _comments(record, place, record)
    elif kind == "activity" and isinstance(record.get("comment"), dict):
        yield from _comments(fields(record["comment"]), f"{place}/comment", record)
    else:
        yield _event(record, place, is_known=kind == "activity")


def _event(record: Fields, place: str, *, is_known: bool) -> Item:
    update = fields(record.get("update"))
    label = words(record.get("action")).upper() or words(update.get("state")).upper()
    at = when(record, "createdDate") or when(update, "date")
    return Item(
        "event" if is_known else "unknown", place or "/", record, _pull(record), "", None, False, at, frozenset(), None,
        label=label,
    )  # fmt: skip


def _comments(top: Fields, place: str, around: Fields) -> Iterator[Item | Rejected]:
    """A comment, then the replies below it (Server), however deep; `around` is the activity it is in, or itself."""
    root = _native_id(top)
    pull = _pull(top) or _pull(around)
    thread = _thread(top, around)
    left: list[tuple[object, str, str | None]] = [(top, place, None)]
    while left:
        value, where, above = left.pop()
        if not isinstance(value, dict):
            yield Rejected(_NO_OBJECT, where, printed(value))
            continue
        item = _comment(value, where, pull, thread)
        if value is top and around.get("commentAction") == "DELETED":
            item = replace(item, aside="deleted")
        own = number(inside(value, "parent", "id"))
        answers = f"comment-{own}" if own is not None else root if above is not None else None
        yield replace(item, root_id=answers or root)
        replies = value.get("comments")
        below = list(enumerate(replies if isinstance(replies, list) else ()))
        left.extend((reply, f"{where}/comments/{position}", item.native_id) for position, reply in reversed(below))


def _thread(top: Fields, around: Fields) -> Thread:
    anchor = fields(around.get("commentAnchor")) or fields(top.get("anchor"))
    inline = fields(top.get("inline"))
    resolved = top.get("threadResolved")
    is_resolved = resolved if isinstance(resolved, bool) else True if isinstance(top.get("resolution"), dict) else None
    orphaned, outdated = anchor.get("orphaned"), inline.get("outdated")
    changed = orphaned if isinstance(orphaned, bool) else outdated
    resolver = fields(inside(top, "resolution", "user")) or fields(top.get("threadResolver"))
    return Thread(
        native_id=_native_id(top) or "",
        is_resolved=is_resolved,
        is_outdated=changed if isinstance(changed, bool) else None,
        resolved_by=_name(resolver) if is_resolved else None,
        lines=_server_lines(anchor) if anchor else _cloud_lines(inline),
    )


def _server_lines(anchor: Fields) -> Lines:
    path = anchor.get("path")
    whole = words(path) or "/".join(words(part) for part in listed(inside(path, "components"))[1])
    start = number(inside(anchor, "multilineMarker", "startLine"))
    is_old = anchor.get("lineType") == "REMOVED" or anchor.get("fileType") == "FROM"
    return Lines(whole, start, number(anchor.get("line")), is_removed_side=is_old)


def _cloud_lines(inline: Fields) -> Lines:
    new, old = number(inline.get("to")), number(inline.get("from"))
    is_old = new is None and old is not None
    first = number(inline.get("start_from" if is_old else "start_to"))
    return Lines(words(inline.get("path")), first, old if is_old else new, is_removed_side=is_old)


def _native_id(record: Fields) -> str | None:
    own = number(record.get("id"))
    return f"comment-{own}" if own is not None else None


def _name(person: Fields) -> str | None:
    return first_words(person, "display_name", "displayName", "nickname", "name", "username") or None


def _is_bot(person: Fields) -> bool:
    name = (_name(person) or "").casefold()
    is_app = words(person.get("type")) in {"app_user", "AppUser", "SERVICE"} or "bot" in re.split(r"[^a-z]+", name)
    return is_app or name.endswith("[bot]")


def _comment(record: Fields, place: str, pull: Pull | None, thread: Thread) -> Item:
    author = fields(record.get("user")) or fields(record.get("author"))
    native = _native_id(record)
    is_pending = record.get("pending") is True or record.get("state") == "PENDING"
    is_deleted = record.get("deleted") is True
    kind: ItemKind = "line_comment" if thread.lines.path else "comment"
    return Item(
        kind=kind,
        place=place or "/",
        fields=record,
        pull=pull,
        body=words(inside(record, "content", "raw")) or words(record.get("text")),
        author=_name(author),
        is_bot=_is_bot(author),
        at=when(record, "created_on", "createdDate"),
        ids=frozenset({f"comment {native}"} if native else ()),
        native_id=native,
        thread=thread,
        aside="deleted" if is_deleted else "unsubmitted" if is_pending else None,
    )


def _pull_request(record: Fields, place: str) -> Item:
    author = fields(inside(record, "author", "user")) or fields(record.get("author"))
    pull = _pull(record)
    own = number(record.get("id"))
    summary = words(inside(record, "summary", "raw"))
    return Item(
        kind="pull_request",
        place=place or "/",
        fields=record,
        pull=pull,
        body=words(record.get("description")) or summary,
        author=_name(author),
        is_bot=_is_bot(author),
        at=when(record, "created_on", "createdDate"),
        ids=frozenset({f"pull_request {own}"} if own is not None else ()),
        native_id=f"pull_request-{own}" if own is not None else None,
        title=words(record.get("title")).strip(),
    )


def _commit(record: Fields, place: str) -> Item:
    sha = without_credentials(first_words(record, "hash", "id"))
    people = [fields(inside(record, "author", "user")), fields(record.get("author")), fields(record.get("committer"))]
    names = tuple(dict.fromkeys(name for one in people if (name := _name(one))))
    raw = words(inside(record, "author", "raw")).split("<", 1)[0].strip()
    return Item(
        kind="commit",
        place=place or "/",
        fields=record,
        pull=None,
        body=words(record.get("message")),
        author=names[0] if names else raw or None,
        is_bot=False,
        at=when(record, "date", "authorTimestamp", "committerTimestamp"),
        ids=frozenset({f"commit {sha}"} if sha else ()),
        native_id=sha or None,
        people=(*names, raw) if raw else names,
    )


def _pull(record: Fields) -> Pull | None:
    """The pull request that a record's addresses name; else, for a pull request, its number in its repository."""
    for one in (record, fields(record.get("pullrequest")), fields(record.get("pull_request"))):
        links = fields(one.get("links"))
        for link in (links.get("html"), links.get("self")):
            first = link[0] if isinstance(link, list) and link else link
            match = _ADDRESS.match(words(inside(first, "href")))
            if match:
                host = "bitbucket.org" if match.group(1) == "api.bitbucket.org" else match.group(1)
                return Pull(host, f"{match.group(2)}/{match.group(3)}", int(match.group(4)))
    own = number(record.get("id"))
    target = fields(inside(record, "toRef", "repository"))
    names = words(inside(target, "project", "key")), words(target.get("slug"))
    return Pull("", "/".join(names), own) if own is not None and all(names) else None


def _without_deleted(found: Iterable[Item | Rejected]) -> list[Item | Rejected]:
    """The items, every copy of a comment set aside that an activity says was deleted."""
    known = list(found)
    gone = {name for one in known if isinstance(one, Item) and one.aside == "deleted" for name in one.ids}
    return [replace(one, aside="deleted") if isinstance(one, Item) and one.ids & gone else one for one in known]


def related(found: Iterable[Item | Rejected]) -> Iterator[Item | Rejected]:
    """The items, each comment with the first one of its thread and what that one says of the thread.

    Where any thread of a dump says how it stands, one that says nothing is open.
    """
    known = _without_deleted(found)
    comments = [one for one in known if isinstance(one, Item) and one.thread is not None]
    roots = thread_roots(comments)
    threads = {item.native_id: item.thread for item in reversed(comments) if item.native_id and item.thread}
    says = any(thread.is_resolved is not None for thread in threads.values())
    for one in known:
        if not isinstance(one, Item) or one.thread is None:
            yield one
            continue
        root = roots.get(one.native_id or "", one.root_id)
        thread = threads.get(root or "", one.thread)
        if says and thread.is_resolved is None:
            thread = replace(thread, is_resolved=False)
        kind: ItemKind = "line_comment" if thread.lines.path else "comment"
        yield replace(one, root_id=root, thread=thread, kind=kind)
