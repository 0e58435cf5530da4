"""Jira issues as its REST API gives them: a search page, one issue, a list of them, or a page of comments.

Unit: a record, that is an issue (its summary and description), a comment or an entry of its changelog. Of the list of
fields (`/field`) it is an entry. Comments may stand in the issue, beside it (`comments_data`, as perceval saves them)
or alone; a page of comments alone names its issue by number only. perceval's envelope is taken off.

Set aside by rule:
- `event`: an entry of the changelog; resolutions in it are notes.
- `empty_body`: an issue without summary and description, a comment without words.
- `duplicate`: the same record again, on another page.
- `field`: an entry of the list of fields.

A record that is no object, an issue without fields and a document nested too deep are quarantined.

Sessions: one for each issue, `host/KEY` where its address is given (`host/issue/ID` for comments alone, else the
content). Stated decisions: headings and labels `Decision`, and decision items of the editor; see `ingest.issues`.
Programs (`accountType` app, automation) have role `assistant`.

Locator: JSON pointer, after `#N` for the N-th document of a concatenated dump.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.fingerprint import fingerprint
from ingest.issues import IssueFacts, issue_session
from ingest.json_source import shape
from ingest.json_tree import dumped, first_line, items, line, refused, unwrapped
from ingest.json_values import Fields, fields, inside, moment
from ingest.readers.jira_text import TooDeep, body_text
from ingest.records import Reader, Rejected, Session, Source
from ingest.review_items import Item
from ingest.text import glimpse

_VERSION = 1
_HOST = re.compile(r"https?://(?:[^/@\s]*@)?([^/\s?#]{1,200})/")
_COMMENTED = re.compile(r"/issue/([^/\s?#]{1,60})/comment/")
_MACHINE = re.compile(r"automation for jira\b|.*\[bot\]$|jira bot\b", re.IGNORECASE)
_MOST_NOTES = 10


@dataclass(frozen=True, slots=True)
class _Record:
    kind: str
    """`issue`, `comment`, `event`, `field` or `other`."""
    value: object
    place: str
    issue: object = None
    """The issue it belongs to; None for comments that stand alone."""


def accepts(source: Source) -> int:
    """80 for issues with a key and Jira's fields, 59 for comments or a list of fields alone."""
    shown = shape(source)
    for place in ("/issues/*", "", "/*", "/data"):
        has_fields = shown.get(f"{place}/fields") == "{"
        if has_fields and any(f"{place}/{name}" in shown for name in ("expand", "self", "key", "fields/issuetype")):
            return 80
    if {"/comments/*/body", "/comments/*/created"} <= shown.keys() and (
        "/comments/*/author/displayName" in shown or "/maxResults" in shown
    ):
        return 59
    return 59 if {"/*/clauseNames", "/*/navigable"} <= shown.keys() else 0


def count(source: Source) -> int:
    """Issues, comments, changelog and field entries, by the outer structure of the JSON."""
    return sum(1 for _ in _records(source))


def read(source: Source) -> Iterator[Session | Rejected]:
    """One session for each issue, in the order of the source; what is broken before them."""
    groups: dict[str, list[Item]] = {}
    issues: dict[str, Fields] = {}
    by_number: dict[str, str] = {}
    listed = 0
    for record in _records(source):
        if record.kind == "field":
            listed += 1
            continue
        item = _item(record)
        if isinstance(item, Rejected):
            yield item
            continue
        own = _native_id(record, by_number)
        if record.kind == "issue":
            issues.setdefault(own, fields(record.value))
        groups.setdefault(own, []).append(item)
    if listed:
        aside = (("field", listed),)
        yield Session("issue", fingerprint([source.name, listed]), (), 0, identity="content", set_aside=aside)
    for own, group in groups.items():
        yield issue_session(source, group, _facts(own, issues.get(own, {}), group), extractor=f"jira/{_VERSION}")


def _records(source: Source) -> Iterator[_Record]:
    for place, document in dumped(source, reader="jira"):
        value = unwrapped(document)
        below = fields(value)
        if isinstance(value, list):
            yield from _listed(value, place)
        elif isinstance(below.get("issues"), list):
            yield from _listed(items(below["issues"]), f"{place}/issues")
        elif isinstance(below.get("comments"), list) and "fields" not in below:
            for at, comment in enumerate(items(below["comments"])):
                yield _Record("comment", comment, f"{place}/comments/{at}")
        else:
            yield from _of_issue(value, place)


def _listed(values: Sequence[object], place: str) -> Iterator[_Record]:
    for at, value in enumerate(values):
        where = f"{place}/{at}"
        known = fields(unwrapped(value))
        if "clauseNames" in known or ("navigable" in known and "searchable" in known):
            yield _Record("field", value, where)
        elif "body" in known and "fields" not in known:
            yield _Record("comment", known, where)
        else:
            yield from _of_issue(unwrapped(value), where)


def _of_issue(value: object, place: str) -> Iterator[_Record]:
    """An issue, then its comments and the entries of its changelog."""
    yield _Record("issue", value, place or "/", value)
    inner = inside(value, "fields", "comment", "comments")
    beside = fields(value).get("comments_data")
    histories = inside(value, "changelog", "histories")
    for kind, below, found in (
        ("comment", "fields/comment/comments", inner),
        ("comment", "comments_data", beside),
        ("event", "changelog/histories", histories),
    ):
        for at, one in enumerate(items(found)):
            yield _Record(kind, one, f"{place}/{below}/{at}", value)


def _item(record: _Record) -> Item | Rejected:
    value = record.value
    if not isinstance(value, dict):
        return refused(value, record.place)
    if record.kind == "issue" and not isinstance(value.get("fields"), dict):
        return Rejected("an issue without fields", record.place, glimpse(value))
    held = fields(value["fields"]) if record.kind == "issue" else value
    author = fields(held.get("reporter") or held.get("creator") if record.kind == "issue" else held.get("author"))
    try:
        body = body_text(held.get("description" if record.kind == "issue" else "body"))
    except TooDeep as error:
        return Rejected(str(error), record.place, glimpse(value)[:2000])
    own = line(value.get("id")) or (line(value.get("key")) if record.kind == "issue" else "")
    host, issue = _host(value), line(inside(record.issue, "id"))
    name = first_line(author, "displayName", "name", "key", "accountId") or None
    return Item(
        kind="pull_request" if record.kind == "issue" else "comment" if record.kind == "comment" else "event",
        place=record.place,
        fields=value,
        pull=None,
        body=body,
        author=name,
        is_bot=author.get("accountType") == "app" or bool(name and _MACHINE.match(name)),
        at=moment(held, "created"),
        ids=frozenset({f"{record.kind} {host} {issue if record.kind == 'event' else ''} {own}"})
        if own
        else frozenset(),
        native_id=own or None,
        title=line(held.get("summary")) if record.kind == "issue" else "",
    )


def _native_id(record: _Record, by_number: dict[str, str]) -> str:
    """The issue's `host/KEY`; comments alone are matched to an issue of the same source by its number."""
    if record.issue is None:
        address = line(inside(record.value, "self"))
        found = _COMMENTED.search(address)
        number = f"{_host(record.value)}/issue/{found[1]}" if found else ""
        return by_number.get(number, number)
    host, key = _host(record.issue), line(inside(record.issue, "key"))
    own = "/".join(part for part in (host, key) if part) if key else ""
    number = line(inside(record.issue, "id"))
    if host and number and own:
        by_number.setdefault(f"{host}/issue/{number}", own)
    return own


def _host(value: object) -> str:
    found = _HOST.match(line(inside(value, "self")))
    return found[1].lower() if found else ""


def _facts(own: str, issue: Fields, group: Sequence[Item]) -> IssueFacts:
    held = fields(issue.get("fields"))
    return IssueFacts(
        native_id=own,
        key=line(issue.get("key")),
        project=first_line(held.get("project"), "key", "name"),
        resolution=first_line(held.get("resolution"), "name"),
        resolved_at=moment(held, "resolutiondate"),
        created_at=moment(held, "created"),
        notes=tuple(_notes(held, group)),
    )


def _notes(held: Mapping[str, object], group: Sequence[Item]) -> Iterator[str]:
    status, resolution = first_line(held.get("status"), "name"), first_line(held.get("resolution"), "name")
    if status:
        yield f"status {status}, resolution {resolution}" if resolution else f"status {status}, unresolved"
    changes = [
        f"{item.at:%Y-%m-%d} {item.author or 'somebody'}: resolution {line(inside(change, 'toString')) or 'taken back'}"
        for item in group
        if item.kind == "event" and item.at
        for change in items(item.fields.get("items"))
        if inside(change, "field") == "resolution"
    ]
    yield from changes[-_MOST_NOTES:]
    listed = fields(held.get("comment"))
    here, total = len(items(listed.get("comments"))), listed.get("total")
    if isinstance(total, int) and total > here:
        yield f"comments incomplete: {here} of {total}"


READER = Reader(
    name="jira",
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="records",
    version=_VERSION,
)
