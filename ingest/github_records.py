"""GitHub's records as items of a code review, and what they say of the pull request itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from ingest.github_identity import address, body_of, native_id, numbered, person, said_at
from ingest.json_values import Fields, fields, first_number, first_words, inside, listed, moment, number, words
from ingest.records import Status
from ingest.review_items import Item, ItemKind, Lines, Pull, Thread
from ingest.review_sessions import Facts

_LAST_LINE = ("original_line", "originalLine", "line")
_FIRST_LINE = ("original_start_line", "originalStartLine", "start_line", "startLine")


def item_of(record: Fields, place: str, pull: Pull | None, kind: ItemKind) -> Item:
    """One record as an item; `pull` is what it belongs to where it has no address of its own."""
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
        title=words(record.get("title")).strip() if kind == "pull_request" else "",
        label=words(record.get("state")).strip() if kind == "review" else "",
        lines=_file_lines(record) if kind == "file" else lines_of(record),
        diff=words(record.get("patch")) if kind == "file" else first_words(record, "diff_hunk", "diffHunk"),
        is_outdated=_is_outdated(record),
        people=tuple(_committers(record, commit)) if kind == "commit" else (),
        aside=_rule(record, kind),
    )


def lines_of(record: Fields) -> Lines:
    """Where a line comment or a thread stands: the original lines, since the current ones move or are null."""
    return Lines(
        path=words(record.get("path")),
        first=first_number(record, *_FIRST_LINE),
        last=first_number(record, *_LAST_LINE),
        is_removed_side="LEFT" in (record.get("side"), record.get("diffSide")),
        commit=first_words(record, "original_commit_id") or words(inside(record, "originalCommit", "oid")),
    )


def thread_of(record: Fields) -> Thread:
    """A review thread as GraphQL gives it: what REST does not know."""
    resolved, outdated = record.get("isResolved"), record.get("isOutdated")
    return Thread(
        native_id=words(record.get("id")),
        is_resolved=resolved if isinstance(resolved, bool) else None,
        is_outdated=outdated if isinstance(outdated, bool) else None,
        resolved_by=words(inside(record, "resolvedBy", "login")) or None,
        lines=lines_of(record),
    )


def _file_lines(record: Fields) -> Lines:
    return Lines(path=first_words(record, "filename", "path"))


def _is_outdated(record: Fields) -> bool | None:
    """In REST, a line comment whose current line is null has lost its lines."""
    if "line" in record and first_number(record, "original_line") is not None:
        return record["line"] is None
    return None


def _rule(record: Fields, kind: ItemKind) -> str | None:
    if record.get("isMinimized") is True:
        return "minimised"
    return "unsubmitted" if kind == "review" and record.get("state") == "PENDING" else None


def _committers(*records: Fields) -> Iterator[str]:
    for record in records:
        for one in (record.get("author"), record.get("committer"), *listed(record.get("authors"))[1]):
            yield words(inside(one, "login")) or words(inside(one, "user", "login"))


def facts_of(pull: Pull | None, group: Sequence[Item], notes: tuple[str, ...] = ()) -> Facts:
    """What the records of one pull request say of it; the first record that says something is taken."""
    own = [item for item in group if item.kind == "pull_request"]
    status, settled = _status(own, group)
    return Facts(
        pull=pull,
        status=status,
        settled_at=settled,
        merge_sha=_merge_sha(own, group) if status == "accepted" else None,
        branch=_fact(own, ("headRefName",), ("head", "ref")),
        created_at=_fact_time(own, "createdAt", "created_at"),
        ended_at=_fact_time(own, "mergedAt", "merged_at", "closedAt", "closed_at"),
        notes=notes,
    )


def _status(own: Sequence[Item], group: Sequence[Item]) -> tuple[Status, datetime | None]:
    """What became of the pull request, and when it was merged or closed."""
    merged = _fact_time(own, "mergedAt", "merged_at")
    events = {words(item.fields.get("event")): item.at for item in group if item.kind == "event"}
    states = {words(item.fields.get("state")).upper() for item in own}
    if merged or "MERGED" in states or "merged" in events or any(item.fields.get("merged") is True for item in own):
        return "accepted", merged or events.get("merged")
    if "CLOSED" in states or ("closed" in events and "OPEN" not in states):
        return "declined", _fact_time(own, "closedAt", "closed_at") or events.get("closed")
    return "proposed", None


def _merge_sha(own: Sequence[Item], group: Sequence[Item]) -> str | None:
    named = (first_words(item.fields, "commit_id") for item in group if item.fields.get("event") == "merged")
    return _fact(own, ("mergeCommit", "oid"), ("merge_commit_sha",)) or next(named, None)


def _fact(own: Sequence[Item], *paths: tuple[str, ...]) -> str | None:
    found = (words(inside(item.fields, *path)) for item in own for path in paths)
    return next((text for text in found if text.strip()), None)


def _fact_time(own: Sequence[Item], *names: str) -> datetime | None:
    return next((at for item in own if (at := moment(item.fields, *names)) is not None), None)
