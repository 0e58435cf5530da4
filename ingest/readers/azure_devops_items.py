"""Part of the Azure DevOps reader: any dump as a flat run of items, each with the pull request it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.json_values import (
    Broken,
    Fields,
    fields,
    first_words,
    inside,
    moment,
    number,
    printed,
    without_credentials,
    words,
)
from ingest.readers.azure_devops_kinds import kind_of
from ingest.records import Rejected
from ingest.review_items import Item, ItemKind, Lines, Pull, Thread, Verdict

PULL_STATUS = ("notset", "active", "abandoned", "completed")
_THREAD_STATUS = ("unknown", "active", "fixed", "wontfix", "closed", "bydesign", "pending")
_COMMENT_TYPES = ("unknown", "text", "codechange", "system")
_VERDICTS: Mapping[str, Verdict] = {"fixed": "followed", "wontfix": "refused", "bydesign": "refused"}
_RESOLVED = {"fixed": True, "wontfix": True, "bydesign": True, "closed": True, "active": False, "pending": False}
_WEB = re.compile(r"https?://(?:[^/\s]*@)?([\w.-]+(?::\d{1,5})?)/(\S{1,300}?)/_git/([^\s/?#]{1,200})")
_API = re.compile(
    r"https?://(?:[^/\s]*@)?([\w.-]+(?::\d{1,5})?)/(\S{1,300}?)/_apis/git/repositories/([^\s/?#]{1,200})"
    r"/pullRequests/(\d{1,18})(?!\w)",
    re.IGNORECASE,
)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SERVICE = re.compile(r"\bbot\b|\[bot\]|\bBuild Service\b|^Azure (?:Pipelines|DevOps)\b|^Microsoft\.", re.IGNORECASE)
_NO_OBJECT = "not a record: a JSON object is expected"


def named(value: object, names: Sequence[str]) -> str:
    """The name of an enumeration's value, in small letters, whether it is given as a name or as a number."""
    own = number(value)
    if own is not None:
        return names[own] if 0 <= own < len(names) else ""
    return words(value).casefold()


def items(value: object, place: str) -> Iterator[Item | Rejected]:
    """Every record in a value, in order; what is no object is Rejected."""
    if isinstance(value, Broken):
        yield Rejected(value.problem, place or "/", value.text)
        return
    if kind_of(fields(value)) == "page":
        value, place = fields(value)["value"], f"{place}/value"
    entries = enumerate(value) if isinstance(value, list) else [("", value)]
    for position, entry in entries:
        yield from _record(entry, f"{place}/{position}" if isinstance(value, list) else place)


def _record(value: object, place: str) -> Iterator[Item | Rejected]:
    record = fields(value)
    kind = kind_of(record)
    if not isinstance(value, dict):
        yield Rejected(_NO_OBJECT, place or "/", printed(value))
    elif kind == "thread":
        yield from _thread(record, place)
    elif kind == "pull_request":
        yield _pull_request(record, place)
    elif kind == "comment":
        yield _comment(record, place, None, "")
    elif kind == "commit":
        yield _commit(record, place)
    else:
        yield Item(
            "event" if kind == "iteration" else "unknown", place or "/", record, None, "", None, False,
            moment(record, "createdDate"), frozenset(), None,
        )  # fmt: skip


def _thread(record: Fields, place: str) -> Iterator[Item | Rejected]:
    own = number(record.get("id"))
    status = named(record.get("status"), _THREAD_STATUS)
    thread = Thread(
        native_id=f"thread-{own}" if own is not None else place,
        is_resolved=_RESOLVED.get(status),
        is_outdated=None,
        resolved_by=None,
        lines=_lines(fields(record.get("threadContext"))),
        verdict=_VERDICTS.get(status),
    )
    comments = record.get("comments")
    pull = _pull(record)
    root: str | None = None
    for position, one in enumerate(comments if isinstance(comments, list) else ()):
        where = f"{place}/comments/{position}"
        if not isinstance(one, dict):
            yield Rejected(_NO_OBJECT, where, printed(one))
            continue
        item = _comment(one, where, thread, thread.native_id)
        if record.get("isDeleted") is True:
            item = replace(item, aside="deleted")
        if item.kind != "event":
            root = root or item.native_id
        yield replace(item, pull=item.pull or pull, root_id=root if item.kind != "event" else None)


def _lines(context: Fields) -> Lines:
    """Where a thread stands: on the new side, or on the old one where only that is given."""
    is_old = not isinstance(context.get("rightFileStart"), dict) and isinstance(context.get("leftFileStart"), dict)
    side = "left" if is_old else "right"
    return Lines(
        path=words(context.get("filePath")).lstrip("/"),
        first=number(inside(context, f"{side}FileStart", "line")),
        last=number(inside(context, f"{side}FileEnd", "line")) or number(inside(context, f"{side}FileStart", "line")),
        is_removed_side=is_old,
    )


def _comment(record: Fields, place: str, thread: Thread | None, prefix: str) -> Item:
    kind: ItemKind = "line_comment" if thread is not None and thread.lines.path else "comment"
    is_event = named(record.get("commentType"), _COMMENT_TYPES) in {"system", "codechange"}
    own = number(record.get("id"))
    native = f"{prefix}-{own}" if prefix and own is not None else None
    author, is_bot = _person(record.get("author"))
    return Item(
        kind="event" if is_event else kind,
        place=place or "/",
        fields=record,
        pull=_pull(record),
        body=words(record.get("content")),
        author=author,
        is_bot=is_bot,
        at=moment(record, "publishedDate"),
        ids=frozenset({f"comment {native}"} if native else ()),
        native_id=native,
        thread=None if is_event else thread,
        aside="deleted" if record.get("isDeleted") is True else None,
    )


def _person(value: object) -> tuple[str | None, bool]:
    name = first_words(fields(value), "displayName", "uniqueName", "name")
    return name or None, _SERVICE.search(name) is not None or inside(value, "isContainer") is True


def _pull_request(record: Fields, place: str) -> Item:
    author, is_bot = _person(record.get("createdBy"))
    pull = _pull(record)
    return Item(
        kind="pull_request",
        place=place or "/",
        fields=record,
        pull=pull,
        body=words(record.get("description")),
        author=author,
        is_bot=is_bot,
        at=moment(record, "creationDate"),
        ids=frozenset({f"pull_request {record.get('pullRequestId')}"}),
        native_id=f"pull_request-{record.get('pullRequestId')}",
        title=words(record.get("title")).strip(),
    )


def _commit(record: Fields, place: str) -> Item:
    people = tuple(name for key in ("author", "committer") if (name := words(inside(record, key, "name"))).strip())
    sha = without_credentials(words(record.get("commitId")))
    return Item(
        kind="commit",
        place=place or "/",
        fields=record,
        pull=None,
        body=words(record.get("comment")),
        author=people[0] if people else None,
        is_bot=False,
        at=moment(fields(record.get("committer")), "date") or moment(fields(record.get("author")), "date"),
        ids=frozenset({f"commit {sha}"} if sha else ()),
        native_id=sha or None,
        people=people,
    )


def _pull(record: Fields) -> Pull | None:
    """What a record belongs to: by its repository's web address, else by the repository's id in its own address."""
    own = number(record.get("pullRequestId"))
    repository = fields(record.get("repository"))
    for name in ("webUrl", "remoteUrl"):
        match = _WEB.match(words(repository.get(name)))
        if match and own is not None:
            return Pull(match.group(1), f"{match.group(2)}/{match.group(3)}", own, "!")
    for address in (words(inside(record, "_links", "self", "href")), words(record.get("url"))):
        match = _API.match(address)
        if match:
            owner = match.group(2).split("/", 1)[0] if _GUID.fullmatch(match.group(3)) else match.group(2)
            return Pull(match.group(1), f"{owner}/{match.group(3)}", int(match.group(4)), "!")
    name = "/".join(
        part for part in (words(inside(repository, "project", "name")), words(repository.get("name"))) if part
    )
    return Pull("", name, own, "!") if own is not None and name else None


def related(found: Iterable[Item | Rejected]) -> Iterator[Item | Rejected]:
    """The items, with the readable name of the repository wherever one record tells it beside the repository's id."""
    known = list(found)
    readable: dict[tuple[str, int], Pull] = {}
    for one in known:
        if isinstance(one, Item) and one.kind == "pull_request" and one.pull is not None:
            own = words(inside(one.fields, "repository", "id")).casefold()
            if own:
                readable[(own, one.pull.number)] = one.pull
    for one in known:
        if isinstance(one, Item) and one.pull is not None:
            own = one.pull.repository.rsplit("/", 1)[-1].casefold()
            yield replace(one, pull=readable.get((own, one.pull.number), one.pull))
        else:
            yield one
