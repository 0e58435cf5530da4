"""Part of the Gerrit reader: any dump as a flat run of items, each with the change it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from ingest.json_values import Broken, Fields, fields, first_number, first_words, inside, number, printed, words
from ingest.readers.gerrit_kinds import kind_of
from ingest.readers.gerrit_messages import announces_comments, taken_apart
from ingest.readers.gerrit_values import person, revisions, when
from ingest.records import Rejected
from ingest.review_items import Item, ItemKind, Lines, Pull

_HOST = re.compile(r"https?://(?:[^/\s]*@)?([\w.-]+(?::\d{1,5})?)/")
_TRAILER = re.compile(
    r"(?:[A-Z]\w{0,30}(?:-\w{1,30}){1,4}|Bug|Task|Issue|Cc|Closes|Fixes|Topic|Hosts|Release): ?\S.*"
    r"|\(cherry picked from commit [0-9a-f]{7,40}\)|\s*"
)
_NO_OBJECT = "not a record: a JSON object is expected"


def items(value: object, place: str) -> Iterator[Item | Rejected]:
    """Every record in a value, in order; what is no object is Rejected."""
    if isinstance(value, Broken):
        yield Rejected(value.problem, place or "/", value.text)
    elif isinstance(value, list):
        for position, entry in enumerate(value):
            yield from _record(entry, f"{place}/{position}")
    else:
        yield from _record(value, place)


def _record(value: object, place: str) -> Iterator[Item | Rejected]:
    record = fields(value)
    kind = kind_of(record)
    if not isinstance(value, dict):
        yield Rejected(_NO_OBJECT, place or "/", printed(value))
    elif kind == "change":
        yield from _change(record, place)
    elif kind == "comments":
        yield from _by_path(record, place)
    elif kind == "message":
        yield _message(record, place, None)
    elif kind == "comment":
        yield _comment(record, place, words(record.get("path")), None)
    else:
        yield _item("event" if kind == "event" else "unknown", record, place, None)


def _by_path(record: Fields, place: str) -> Iterator[Item | Rejected]:
    for path, held in record.items():
        pointer = path.replace("~", "~0").replace("/", "~1")
        for position, one in enumerate(held if isinstance(held, list) else ()):
            where = f"{place}/{words(pointer)}/{position}"
            if isinstance(one, dict):
                yield _comment(one, where, words(path), None)
            else:
                yield Rejected(_NO_OBJECT, where, printed(one))


def _change(record: Fields, place: str) -> Iterator[Item | Rejected]:
    """The change, its messages, its patch sets with their inline comments."""
    pull = _pull(record)
    yield _own(record, place, pull)
    for name in ("comments", "messages"):
        for where, one in _held(record, name, place):
            yield _message(one, where, pull) if isinstance(one, dict) else Rejected(_NO_OBJECT, where, printed(one))
    announced = _announced(record)
    for where, one in _held(record, "patchSets", place):
        if not isinstance(one, dict):
            yield Rejected(_NO_OBJECT, where, printed(one))
            continue
        yield _item("event", one, where, pull)
        said: dict[str | None, datetime] = {}
        for below, comment in _held(one, "comments", where):
            if isinstance(comment, dict):
                item = _inline(comment, below, pull, one, announced)
                at = max((at for at in (item.at, said.get(item.root_id)) if at), default=None)
                if at is not None:
                    said[item.root_id] = at
                yield replace(item, at=at)
            else:
                yield Rejected(_NO_OBJECT, below, printed(comment))
    for sha, one in fields(record.get("revisions")).items():
        where = f"{place}/revisions/{words(sha)}"
        if isinstance(one, dict):
            yield _item("event", one, where, pull)
        else:
            yield Rejected(_NO_OBJECT, where, printed(one))


def _held(record: Fields, name: str, place: str) -> Iterator[tuple[str, object]]:
    held = record.get(name)
    for position, one in enumerate(held if isinstance(held, list) else ()):
        yield f"{place}/{name}/{position}", one


def _pull(record: Fields) -> Pull | None:
    host = _HOST.match(words(record.get("url")))
    own = first_number(record, "_number", "number")
    if own is None and re.fullmatch(r"\d{1,18}", words(record.get("number"))):
        own = int(words(record.get("number")))
    project = words(record.get("project")).strip()
    return Pull(host.group(1) if host else "", project, own, "~") if own is not None and project else None


def _own(record: Fields, place: str, pull: Pull | None) -> Item:
    """The change itself: its subject, and the commit message after it unless that is trailers alone."""
    subject = words(record.get("subject")).strip()
    current = fields(inside(record, "revisions", words(record.get("current_revision"))))
    message = words(record.get("commitMessage")) or words(inside(current, "commit", "message"))
    body = message.removeprefix(subject).strip() if subject else message.strip()
    author, others, is_bot = person(record.get("owner"))
    team = [name for one in revisions(record) for name in (person(one.uploader)[0],) if name]
    named = pull.native_id if pull else None
    return Item(
        kind="pull_request",
        place=place or "/",
        fields=record,
        pull=pull,
        body="" if all(map(_TRAILER.fullmatch, body.split("\n"))) else body,
        author=author,
        is_bot=is_bot,
        at=when(record, "createdOn", "created"),
        ids=frozenset({f"change {named}"} if named else ()),
        native_id=f"change-{pull.number}" if pull else None,
        title=subject,
        people=(*others, *dict.fromkeys(team)),
    )


def _item(kind: ItemKind, record: Fields, place: str, pull: Pull | None) -> Item:
    """A record that says nothing in words."""
    at = when(record, "createdOn", "created")
    return Item(kind, place or "/", record, pull, "", None, False, at, frozenset(), None)


def _message(record: Fields, place: str, pull: Pull | None) -> Item:
    told = taken_apart(words(record.get("message")), words(record.get("tag")))
    author, others, is_bot = person(record.get("reviewer") or record.get("author"))
    own = words(record.get("id"))
    return Item(
        kind="review" if told.votes else "comment",
        place=place or "/",
        fields=record,
        pull=pull,
        body=told.words,
        author=author,
        is_bot=is_bot,
        at=when(record, "timestamp", "date"),
        ids=frozenset({f"message {own}"} if own else ()),
        native_id=own or None,
        label=told.votes,
        people=others,
        aside="autogenerated" if told.is_generated else None,
    )


def _announced(record: Fields) -> dict[tuple[str, str | None], datetime]:
    """When each reviewer's message said that inline comments came with it, by patch set and reviewer."""
    found: dict[tuple[str, str | None], datetime] = {}
    for _, one in _held(record, "comments", ""):
        text, at = words(fields(one).get("message")), when(fields(one), "timestamp")
        if at is not None and announces_comments(text):
            found.setdefault((text.split(":", 1)[0], person(fields(one).get("reviewer"))[0]), at)
    return found


def _inline(
    record: Fields, place: str, pull: Pull | None, patch_set: Fields, announced: dict[tuple[str, str | None], datetime]
) -> Item:
    """An inline comment of a query dump; those on one line of one patch set are a thread."""
    author, others, is_bot = person(record.get("reviewer"))
    own = patch_set.get("number")
    line = number(record.get("line"))
    path = words(record.get("file"))
    return Item(
        kind="line_comment" if path and not path.startswith("/") else "comment",
        place=place,
        fields=record,
        pull=pull,
        body=words(record.get("message")),
        author=author,
        is_bot=is_bot,
        at=announced.get((f"Patch Set {own}", author)) or when(patch_set, "createdOn"),
        ids=frozenset(),
        native_id=None,
        root_id=f"patch set {own}, {path}:{line}" if line else f"patch set {own}, {path}",
        lines=Lines(
            path, None, line if line is not None and line > 0 else None, is_removed_side=bool(line and line < 0)
        ),
        people=others,
    )


def _comment(record: Fields, place: str, path: str, pull: Pull | None) -> Item:
    """An inline comment of a REST answer; one on the commit message or the patch set is about no file."""
    author, others, is_bot = person(record.get("author"))
    own, above = words(record.get("id")), words(record.get("in_reply_to"))
    is_placed = bool(path) and not path.startswith("/")
    first, last = number(inside(record, "range", "start_line")), number(inside(record, "range", "end_line"))
    lines = Lines(path, first, first_number(record, "line") or last, is_removed_side=record.get("side") == "PARENT")
    return Item(
        kind="line_comment" if is_placed else "comment",
        place=place or "/",
        fields=record,
        pull=pull,
        body=words(record.get("message")),
        author=author,
        is_bot=is_bot or bool(first_words(record, "robot_id")),
        at=when(record, "updated"),
        ids=frozenset({f"comment {own}"} if own else ()),
        native_id=own or None,
        root_id=above or None,
        lines=lines if is_placed else Lines(),
        people=others,
    )
