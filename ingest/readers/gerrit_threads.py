"""Part of the Gerrit reader: inline comments as threads, by the comment that each answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ingest.discussions import thread_roots
from ingest.json_values import number
from ingest.readers.gerrit_values import revisions
from ingest.records import Rejected
from ingest.review_items import Item, Pull, Thread

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def related(found: Iterable[Item | Rejected]) -> Iterator[Item | Rejected]:
    """The items, the comments of REST answers each with its thread and the first comment of it."""
    known = list(found)
    items = [one for one in known if isinstance(one, Item)]
    newest = _newest(items)
    comments = [item for item in items if "patch_set" in item.fields or "unresolved" in item.fields]
    roots = thread_roots(comments)
    groups: dict[str, list[Item]] = {}
    for item in comments:
        if item.native_id:
            groups.setdefault(roots[item.native_id], []).append(item)
    threads = {root: _thread(root, group, newest) for root, group in groups.items()}
    before: Pull | None = None
    for one in known:
        root = roots.get(one.native_id or "") if isinstance(one, Item) else None
        if isinstance(one, Item) and root is not None and one.native_id:
            yield replace(one, root_id=root, thread=threads[root])
        elif isinstance(one, Item) and one.kind == "event" and one.pull is None:
            yield replace(one, pull=before)  # the statistics that end a query
        else:
            yield one
        before = one.pull if isinstance(one, Item) and one.pull else before


def _newest(items: Sequence[Item]) -> Mapping[Pull | None, int]:
    """The last patch set that reworked each change; for the only one there is, under None too."""
    found: dict[Pull | None, int] = {}
    for item in items:
        if item.kind == "pull_request":
            numbers = [one.number for one in revisions(item.fields) if one.is_rework]
            if numbers:
                found[item.pull] = max(numbers)
    return {**found, None: next(iter(found.values()))} if len(found) == 1 else found


def _thread(root: str, group: Sequence[Item], newest: Mapping[Pull | None, int]) -> Thread:
    ordered = sorted(group, key=lambda item: item.at or _LONG_AGO)
    states = [item.fields.get("unresolved") for item in ordered]
    is_resolved = states[-1] is not True if any(isinstance(state, bool) for state in states) else None
    was_open = True in states[:-1]
    first, last = ordered[0], ordered[-1]
    written_on, reworked = number(first.fields.get("patch_set")), newest.get(first.pull)
    return Thread(
        native_id=root,
        is_resolved=is_resolved,
        is_outdated=reworked > written_on if reworked is not None and written_on is not None else None,
        resolved_by=last.author if is_resolved and was_open else None,
        lines=first.lines,
    )
