"""Part of the webhook reader: the records of one delivery, each with the pull request, issue or discussion it is about.

A delivery is the body that GitHub posts, bare or in what keeps it (`payload`, `request.payload`), or an event of the
Events API and GH Archive, whose `payload` is such a body without `repository` and `sender`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.github_identity import address
from ingest.github_kinds import kind_of
from ingest.github_records import item_of
from ingest.json_values import Broken, Fields, fields, first_words, inside, listed, moment, number, printed, words
from ingest.readers.github_webhook_count import RECORDS
from ingest.records import Rejected
from ingest.review_items import Item, ItemKind, Pull, Thread

_TIMES = frozenset({"updated_at", "submitted_at", "created_at", "closed_at", "delivered_at"})
_HOST = re.compile(r"^https?://(?:[^/\s@]*@)?([\w.-]+(?::\d{1,5})?)/[^/\s]+/[^/\s]+")
_ANSWER = re.compile(r"#(discussioncomment-\d{1,18})$")
_MAIN = ("comment", "review", "answer", "pull_request", "issue", "discussion")
"""What an action is about: the first of these that is there."""
_NOT_TOLD = "not a record: a JSON object is expected"


@dataclass(frozen=True, slots=True)
class Delivered:
    """One record of a delivery, with what the delivery says of it."""

    item: Item
    at: datetime | None
    """The latest time that the delivery mentions."""
    is_event: bool
    """From the Events API or GH Archive."""
    is_deleted: bool = False
    is_former: bool = False
    """Its words before an edit."""


@dataclass(frozen=True, slots=True)
class _Delivery:
    record: Fields
    place: str
    actor: str | None
    pull: Pull | None
    at: datetime | None
    is_event: bool


def delivered(value: object, place: str) -> Iterator[Delivered | Rejected]:
    """Every record of a document, which is a delivery or a list of them."""
    if isinstance(value, Broken):
        yield Rejected(value.problem, place or "/", value.text)
        return
    entries = enumerate(value) if isinstance(value, list) else [("", value)]
    for position, entry in entries:
        where = f"{place}/{position}" if isinstance(value, list) else place
        if isinstance(entry, dict):
            yield from _records(_delivery(entry, where))
        else:
            yield Rejected(_NOT_TOLD, where or "/", printed(entry))


def _delivery(outer: Fields, place: str) -> _Delivery:
    record, below = outer, ""
    for inner, path in ((outer.get("payload"), "/payload"), (inside(outer, "request", "payload"), "/request/payload")):
        if isinstance(inner, dict):
            record, below = inner, path
            break
    is_event = bool(below) and {"repo", "actor"} <= outer.keys()
    return _Delivery(
        record=record,
        place=f"{place}{below}",
        actor=_login(record, "sender") or _login(outer, "actor") or None,
        pull=_pull(record, words(inside(outer, "repo", "name"))),
        at=max(_times(record, outer), default=None),
        is_event=is_event,
    )


def _login(record: Fields, name: str) -> str:
    return first_words(fields(record.get(name)), "login")


def _times(record: Fields, outer: Fields) -> Iterator[datetime]:
    for one in (record, *(fields(record.get(name)) for name in RECORDS), outer):
        for name in _TIMES & one.keys():
            at = moment(one, name)
            if at is not None:
                yield at


def _pull(record: Fields, event_repository: str) -> Pull | None:
    """What the delivery is about: by the records' own addresses, else by the repository and a number."""
    subjects = [fields(record[name]) for name in ("pull_request", "issue", "discussion") if name in record]
    for one in (*subjects, *(fields(record[name]) for name in ("comment", "review") if name in record)):
        found = address(one)[0]
        if found is not None:
            return found
    repository = words(inside(record, "repository", "full_name")) or event_repository
    numbers = (number(one.get("number")) for one in (*subjects, record))
    own = next((found for found in numbers if found is not None), None)
    if own is None or not re.fullmatch(r"[^/\s@]+/[^/\s@]+", repository):
        return None
    pages = (words(inside(record, "repository", "html_url")), *(words(one.get("html_url")) for one in subjects))
    hosts = (match.group(1) for page in pages if (match := _HOST.match(page)))
    return Pull(next(hosts, "github.com"), repository, own)


def _records(delivery: _Delivery) -> Iterator[Delivered | Rejected]:
    record, action = delivery.record, words(delivery.record.get("action"))
    main = next((name for name in _MAIN if isinstance(record.get(name), dict)), None)
    yield Delivered(_event(delivery, main), delivery.at, delivery.is_event)
    for name in RECORDS:
        value, where = record.get(name), f"{delivery.place}/{name}"
        if isinstance(value, dict):
            item = _item(delivery, name, value, where, is_main=name == main)
            is_deleted = action == "deleted" and name == main
            yield Delivered(item, delivery.at, delivery.is_event, is_deleted=is_deleted)
        elif value is not None:
            yield Rejected(_NOT_TOLD, where, printed(value))
    yield from _thread(delivery, action)
    was = _former(delivery, main)
    if was is not None:
        yield Delivered(was, delivery.at, delivery.is_event, is_former=True)


def _event(delivery: _Delivery, main: str | None) -> Item:
    """The delivery itself: what happened, nobody's words."""
    is_known = main is not None or delivery.is_event or isinstance(delivery.record.get("thread"), dict)
    return Item(
        kind="event" if is_known or "action" in delivery.record else "unknown",
        place=delivery.place or "/",
        fields={},
        pull=delivery.pull,
        body="",
        author=delivery.actor,
        is_bot=False,
        at=delivery.at,
        ids=frozenset(),
        native_id=None,
    )


def _item(delivery: _Delivery, name: str, record: Fields, where: str, *, is_main: bool) -> Item:
    kinds: dict[str, ItemKind] = {"review": "review", "answer": "comment", "comment": kind_of(record)}
    kind = kinds.get(name, "pull_request")
    item = item_of(record, where, delivery.pull, kind if kind in {"line_comment", "comment", "review"} else "comment")
    if name in {"pull_request", "issue", "discussion"}:
        item = item_of(record, where, delivery.pull, "pull_request")
        item = replace(item, is_issue=name == "issue" or item.is_issue)
    item = replace(item, pull=delivery.pull or item.pull, label=item.label.upper())
    answer = _ANSWER.search(words(record.get("html_url")))
    if answer:
        item = replace(item, native_id=answer.group(1), ids=item.ids | {f"{item.kind} {answer.group(1)}"})
    if is_main and item.author in {None, "ghost"} and "user" not in record:
        item = replace(item, author=delivery.actor)
    return item


def _thread(delivery: _Delivery, action: str) -> Iterator[Delivered | Rejected]:
    """The comments of a thread that was resolved or opened again."""
    thread = fields(delivery.record.get("thread"))
    comments = thread.get("comments")
    for position, comment in enumerate(comments if isinstance(comments, list) else ()):
        where = f"{delivery.place}/thread/comments/{position}"
        if not isinstance(comment, dict):
            yield Rejected(_NOT_TOLD, where, printed(comment))
            continue
        item = item_of(comment, where, delivery.pull, "line_comment")
        is_resolved = action == "resolved"
        state = Thread(
            native_id=words(thread.get("node_id")),
            is_resolved=is_resolved if action in {"resolved", "unresolved"} else None,
            is_outdated=None,
            resolved_by=delivery.actor if is_resolved else None,
        )
        root = item.root_id or _first_id(comments, delivery)
        item = replace(item, pull=delivery.pull or item.pull, thread=state, root_id=root)
        yield Delivered(item, delivery.at, delivery.is_event)


def _first_id(comments: object, delivery: _Delivery) -> str | None:
    first = next((one for one in listed(comments)[1] if isinstance(one, dict)), None)
    return item_of(first, "", delivery.pull, "line_comment").native_id if first is not None else None


def _former(delivery: _Delivery, main: str | None) -> Item | None:
    """The title and the words before the edit that this delivery tells of."""
    changes = delivery.record.get("changes")
    body, title = words(inside(changes, "body", "from")), words(inside(changes, "title", "from")).strip()
    if not body.strip() and not title:
        return None
    where = f"{delivery.place}/changes"
    if main is None:
        return replace(_event(delivery, None), kind="comment", place=where, body=body or title, is_earlier=True)
    now = _item(delivery, main, fields(delivery.record[main]), where, is_main=True)
    return replace(now, body=body, title=title if now.kind == "pull_request" else "", is_earlier=True)
