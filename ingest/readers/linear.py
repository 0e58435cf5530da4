"""Linear issues: answers of its GraphQL API (`issue`, `issues`) and webhook bodies for issues and comments.

Unit: a record, that is an issue (its title and description) or a comment. One session for each issue, `linear/KEY-1`;
a comment alone names its issue by id only. Descriptions are Markdown and stay as they are; stated decisions stand under
headings and labels, see `ingest.issues`: a completed issue was done, a cancelled one turned down.

Set aside by rule:
- `empty_body`: an issue without title and description, a comment without words.
- `duplicate`: the same record again.
- `event`: a webhook about something else (a project, a reaction, a removal).

What is no object is quarantined. The format is not confirmed by a real file: every session says so in its notes.

Locator: JSON pointer, after `#N` for the N-th document of a concatenated dump.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.issues import IssueFacts, issue_session
from ingest.json_source import shape
from ingest.json_tree import dumped, first_line, line, refused
from ingest.json_values import Fields, fields, inside, listed, moment, words
from ingest.records import Reader, Rejected, Session, Source
from ingest.review_items import Item

_VERSION = 1
_UNCONFIRMED = "unconfirmed format: Linear"
_KEYS = frozenset({"identifier", "title"})
_TELLING = frozenset("team state description creator assignee createdAt comments url".split())
_RESOLUTIONS = {"completed": "done", "canceled": "cancelled"}


@dataclass(frozen=True, slots=True)
class _Record:
    kind: str
    """`issue`, `comment` or `event`."""
    value: object
    place: str
    issue: str
    """What names its issue; empty where nothing does."""


def accepts(source: Source) -> int:
    """61 for issues with an identifier, a title and a team or state; 58 for a webhook's comment on one."""
    shown = shape(source)
    for place in ("/data/issue", "/data/issues/nodes/*", "/data", "", "/*"):
        keys = {path[len(place) + 1 :] for path in shown if path.startswith(f"{place}/")}
        if keys >= _KEYS and len(_TELLING & keys) >= 3:
            return 61
    is_comment = shown.get("/type") == '"Comment' and {"/data/body", "/data/issueId"} <= shown.keys()
    return 58 if is_comment and "/action" in shown else 0


def count(source: Source) -> int:
    """Issues and comments, by the outer structure of the JSON."""
    return sum(1 for _ in _records(source))


def read(source: Source) -> Iterator[Session | Rejected]:
    """One session for each issue, in the order of the source; what is broken before them."""
    groups: dict[str, list[Item]] = {}
    issues: dict[str, Fields] = {}
    for record in _records(source):
        if not isinstance(record.value, dict):
            yield refused(record.value, record.place)
            continue
        if record.kind == "issue":
            issues.setdefault(record.issue, record.value)
        groups.setdefault(record.issue, []).append(_item(record, record.value))
    for own, group in groups.items():
        yield issue_session(source, group, _facts(own, issues.get(own, {})), extractor=f"linear/{_VERSION}")


def _records(source: Source) -> Iterator[_Record]:
    for place, value in dumped(source, reader="linear"):
        data = fields(value).get("data")
        if "action" in fields(value) and isinstance(data, dict):
            yield from _of_webhook(fields(value), data, f"{place}/data")
        elif isinstance(value, list):
            for at, one in enumerate(value):
                yield from _of_issue(one, f"{place}/{at}")
        elif isinstance(inside(data, "issue"), dict):
            yield from _of_issue(inside(data, "issue"), f"{place}/data/issue")
        elif isinstance(inside(data, "issues"), (dict, list)):
            below, found = listed(inside(data, "issues"))
            for at, one in enumerate(found):
                yield from _of_issue(one, f"{place}/data/issues{below}/{at}")
        else:
            yield from _of_issue(value, place or "/")


def _of_webhook(hook: Fields, data: Fields, place: str) -> Iterator[_Record]:
    kind, action = hook.get("type"), hook.get("action")
    if kind == "Issue" and action != "remove":
        yield from _of_issue(data, place)
    elif kind == "Comment" and action != "remove":
        own = first_line(data.get("issue"), "identifier")
        number = line(data.get("issueId")) or first_line(data.get("issue"), "id")
        yield _Record("comment", data, place, f"linear/{own or number}" if own or number else "")
    else:
        yield _Record("event", data, place, "")


def _of_issue(value: object, place: str) -> Iterator[_Record]:
    own = line(inside(value, "identifier"))
    name = f"linear/{own}" if own else ""
    yield _Record("issue", value, place, name)
    below, comments = listed(inside(value, "comments"))
    for at, comment in enumerate(comments):
        yield _Record("comment", comment, f"{place}/comments{below}/{at}", name)


def _item(record: _Record, value: Fields) -> Item:
    is_issue = record.kind == "issue"
    author = fields(value.get("creator") if is_issue else value.get("user"))
    own = line(value.get("id")) or line(value.get("identifier"))
    return Item(
        kind="pull_request" if is_issue else "comment" if record.kind == "comment" else "event",
        place=record.place,
        fields=value,
        pull=None,
        body=words(value.get("description" if is_issue else "body")),
        author=first_line(author, "displayName", "name") or None,
        is_bot=isinstance(value.get("botActor"), dict),
        at=moment(value, "createdAt"),
        ids=frozenset({f"{record.kind} {own}"}) if own else frozenset(),
        native_id=own or None,
        root_id=first_line(value.get("parent"), "id") or None,
        title=line(value.get("title")) if is_issue else "",
    )


def _facts(own: str, issue: Fields) -> IssueFacts:
    state = fields(issue.get("state"))
    kind, name = line(state.get("type")), line(state.get("name"))
    return IssueFacts(
        native_id=own,
        key=line(issue.get("identifier")),
        project=first_line(issue.get("team"), "key", "name"),
        resolution=_RESOLUTIONS.get(kind, ""),
        resolved_at=moment(issue, "completedAt", "canceledAt"),
        created_at=moment(issue, "createdAt"),
        notes=(_UNCONFIRMED, f"status {name}") if name else (_UNCONFIRMED,),
    )


READER = Reader(
    name="linear",
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="records",
    version=_VERSION,
)
