"""The items of one code review as utterances, threads kept together.

Order: title, description, then everything by time; a review thread stands as a whole at the time of its first comment,
its diff hunk (role `harness`) before it, so that a suggestion can be read with the lines it is about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ingest.records import Role, Utterance
from ingest.review_items import Item, Lines, Thread, Verdict
from ingest.text import normalise

_NEVER = datetime.max.replace(tzinfo=UTC)
_SHA = re.compile(r"[0-9a-f]{7,64}")
_EARLIER = " (before an edit)"


@dataclass(frozen=True, slots=True)
class Remark:
    """An item that became an utterance."""

    item: Item
    utterance: Utterance


@dataclass(frozen=True, slots=True)
class Discussion:
    """One review thread: its comments in order, where it stands in the code, and whether it is resolved."""

    remarks: tuple[Remark, ...]
    path: str
    first_line: int | None
    last_line: int | None
    hunk: str
    is_resolved: bool | None
    is_outdated: bool | None
    resolved_by: str | None
    is_removed_side: bool
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """What one pull request's items say."""

    utterances: tuple[Utterance, ...]
    discussions: tuple[Discussion, ...]
    title: Remark | None
    description: Remark | None
    comments: tuple[Remark, ...]
    """Conversation comments and reviews with words."""
    commits: tuple[Item, ...]
    kept: int
    set_aside: tuple[tuple[str, int], ...]


def talk(found: Sequence[Item]) -> Talk:
    """The items of one pull request, each kept or set aside once."""
    aside: Counter[str] = Counter()
    threads = {name: item.thread for item in found if item.thread for name in item.ids}
    left = [_with_thread(item, threads) for item in _worded(found, aside)]
    drafts = [draft for group in _groups(left) for draft in group]
    remarks: list[Remark] = []
    utterances: list[Utterance] = []
    for item, draft in drafts:
        utterance = replace(draft, index=len(utterances))
        utterances.append(utterance)
        remarks.append(Remark(item, utterance))
    return Talk(
        utterances=tuple(utterances),
        discussions=tuple(_discussions(remarks)),
        title=next((remark for remark in remarks if remark.utterance.topic == "title"), None),
        description=next((remark for remark in remarks if remark.utterance.topic == "description"), None),
        comments=tuple(r for r in remarks if r.item.kind in {"comment", "review"} and not r.item.is_earlier),
        commits=tuple(item for item in found if item.kind == "commit"),
        kept=len(left),
        set_aside=tuple(sorted(aside.items())),
    )


def _worded(found: Sequence[Item], aside: Counter[str]) -> Iterator[Item]:
    """The items that say something, each once; the others are counted by the rule that sets them aside."""
    seen: set[str] = set()
    for item in found:
        rule = _rule(item)
        if rule is None and item.ids & seen:
            rule = "duplicate"
        seen |= item.ids
        if rule is None:
            yield item
        else:
            aside[rule] += 1


def _rule(item: Item) -> str | None:
    if item.kind in {"event", "file"}:
        return item.kind
    if item.kind == "unknown":
        return "unknown_record"
    if item.aside is not None:
        return item.aside
    return None if item.body.strip() or item.title else "empty_body"


def _with_thread(item: Item, threads: dict[str, Thread]) -> Item:
    thread = item.thread or next((threads[name] for name in sorted(item.ids) if name in threads), None)
    return replace(item, thread=thread) if thread else item


def _groups(left: Sequence[Item]) -> list[list[tuple[Item, Utterance]]]:
    """Utterances in order of telling, not yet numbered: one group for each item or thread."""
    groups: dict[str, list[Item]] = {}
    for position, item in enumerate(left):
        root = item.root_id or item.native_id if _is_threaded(item) else None
        groups.setdefault(f"thread {root}" if root else f"item {position}", []).append(item)
    ordered = sorted(groups.values(), key=_told_at)
    return [
        [draft for place, item in enumerate(_in_thread(group)) for draft in _drafts(item, is_first=place == 0)]
        for group in ordered
    ]


def _told_at(group: Sequence[Item]) -> tuple[int, datetime]:
    first = min((item.at for item in group if item.at), default=_NEVER)
    return (0 if group[0].kind == "pull_request" else 1), first


def _in_thread(group: Sequence[Item]) -> list[Item]:
    return sorted(group, key=lambda item: (item.root_id not in {None, item.native_id}, item.at or _NEVER))


def _drafts(item: Item, *, is_first: bool) -> Iterator[tuple[Item, Utterance]]:
    place = topic(item)
    if item.title:
        yield item, _utterance(item, item.title, _role(item), f"title{_EARLIER}" if item.is_earlier else "title")
    if item.diff and item.kind == "line_comment" and is_first:
        commit = item.lines.commit if _SHA.fullmatch(item.lines.commit) else None
        yield item, Utterance(0, item.diff, "harness", item.place, native_id=commit, said_at=item.at, topic=place)
    if item.body.strip():
        yield item, _utterance(item, item.body, _role(item), place)


def _utterance(item: Item, text: str, role: Role, place: str) -> Utterance:
    own = item.native_id if not place.startswith("title") else None
    answers = item.root_id if item.root_id != item.native_id else None
    return Utterance(0, normalise(text), role, item.place, item.author, own, answers, item.at, topic=place)


def _role(item: Item) -> Role:
    """A commit's message is a document; a program speaks as assistant, everybody else as a person."""
    if item.kind == "commit":
        return "document"
    return "assistant" if item.is_bot else "person"


def topic(item: Item) -> str:
    """Where an utterance stands: `description`, `review APPROVED`, `path:line`, `comment`, `commit 1a2b3c4`."""
    return f"{_topic(item)}{_EARLIER}" if item.is_earlier else _topic(item)


def _topic(item: Item) -> str:
    if item.kind == "pull_request":
        return "description"
    if item.kind == "line_comment":
        return lines_of(item)
    if item.kind == "review":
        return f"review {item.label}".strip()
    if item.kind == "commit":
        return f"commit {(item.native_id or '')[:10]}".strip()
    return "comment"


def line_range(item: Item) -> tuple[int | None, int | None]:
    """(first, last) line the comment was written on: the original one, since the current one moves or is null."""
    last = next((lines.last for lines in _lines(item) if lines.last is not None), None)
    first = next((lines.first for lines in _lines(item) if lines.first is not None), None)
    return (first if first is not None and last is not None and first <= last else last), last


def _lines(item: Item) -> tuple[Lines, ...]:
    return (item.lines, item.thread.lines) if item.thread else (item.lines,)


def path_of(item: Item) -> str:
    """The file a line comment is about; empty when the dump does not say."""
    return next((lines.path for lines in _lines(item) if lines.path), "")


def lines_of(item: Item) -> str:
    """`path:line`, `path:first-last`, or the path alone."""
    first, last = line_range(item)
    path = path_of(item) or "(file not given)"
    return path if last is None else f"{path}:{last}" if first == last else f"{path}:{first}-{last}"


def thread_roots(comments: Iterable[Item]) -> dict[str, str]:
    """The first comment of the thread of each comment that has an id, where each names the one that it answers.

    Where they answer each other in a circle, the first one met stands for it.
    """
    above: dict[str, str | None] = {}
    for item in comments:
        if item.native_id and (item.native_id not in above or item.root_id != item.native_id):
            above[item.native_id] = item.root_id
    roots: dict[str, str] = {}
    for start in above:
        path: dict[str, None] = {}
        at = start
        while at not in roots and at not in path:
            path[at] = None
            answered = above.get(at)
            if answered is None or answered not in above:
                break
            at = answered
        roots.update(dict.fromkeys(path, roots.get(at, at)))
    return roots


def _discussions(remarks: Sequence[Remark]) -> Iterator[Discussion]:
    threads: dict[str, list[Remark]] = {}
    for remark in remarks:
        item = remark.item
        if _is_threaded(item) and not item.is_earlier and remark.utterance.role != "harness":
            threads.setdefault(item.root_id or item.native_id or item.place, []).append(remark)
    for group in threads.values():
        root = group[0].item
        thread = root.thread
        first, last = line_range(root)
        yield Discussion(
            remarks=tuple(group),
            path=path_of(root),
            first_line=first,
            last_line=last,
            hunk=root.diff,
            is_resolved=thread.is_resolved if thread else None,
            is_outdated=_is_outdated(root),
            resolved_by=thread.resolved_by if thread else None,
            is_removed_side=any(lines.is_removed_side for lines in _lines(root)),
            verdict=thread.verdict if thread else None,
        )


def _is_outdated(root: Item) -> bool | None:
    said = root.thread.is_outdated if root.thread else None
    return root.is_outdated if said is None else said


def _is_threaded(item: Item) -> bool:
    """Whether it is told with others: a line comment, or one that its source keeps in a discussion."""
    return item.kind == "line_comment" or item.thread is not None
