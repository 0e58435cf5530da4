"""Part of the pull-request reader: the items of one pull request as utterances, threads kept together.

Order: title, description, then everything by time; a review thread stands as a whole at the time of its first comment,
its diff hunk (role `harness`) before it, so that a suggestion can be read with the lines it is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ingest.readers.pull_request_items import Item, Thread
from ingest.readers.pull_request_values import first_number, first_words, words
from ingest.records import Role, Utterance
from ingest.text import normalise

_LAST_LINE = ("original_line", "originalLine", "line")
_FIRST_LINE = ("original_start_line", "originalStartLine", "start_line", "startLine")
_NEVER = datetime.max.replace(tzinfo=UTC)


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
        comments=tuple(remark for remark in remarks if remark.item.kind in {"comment", "review"}),
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
    if item.fields.get("isMinimized") is True:
        return "minimised"
    if item.kind == "review" and item.fields.get("state") == "PENDING":
        return "unsubmitted"
    if item.body.strip() or (item.kind == "pull_request" and words(item.fields.get("title")).strip()):
        return None
    return "empty_body"


def _with_thread(item: Item, threads: dict[str, Thread]) -> Item:
    thread = item.thread or next((threads[name] for name in sorted(item.ids) if name in threads), None)
    return replace(item, thread=thread) if thread else item


def _groups(left: Sequence[Item]) -> list[list[tuple[Item, Utterance]]]:
    """Utterances in order of telling, not yet numbered: one group for each item or thread."""
    groups: dict[str, list[Item]] = {}
    for position, item in enumerate(left):
        root = item.root_id or item.native_id if item.kind == "line_comment" else None
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
    title = words(item.fields.get("title")).strip() if item.kind == "pull_request" else ""
    if title:
        yield item, _utterance(item, title, _role(item), "title")
    hunk = first_words(item.fields, "diff_hunk", "diffHunk") if item.kind == "line_comment" and is_first else ""
    if hunk:
        yield item, Utterance(0, hunk, "harness", item.place, said_at=item.at, topic=place)
    if item.body.strip():
        yield item, _utterance(item, item.body, _role(item), place)


def _utterance(item: Item, text: str, role: Role, place: str) -> Utterance:
    own = item.native_id if place != "title" else None
    answers = item.root_id if item.root_id != item.native_id else None
    return Utterance(0, normalise(text), role, item.place, item.author, own, answers, item.at, topic=place)


def _role(item: Item) -> Role:
    """A commit's message is a document; a program speaks as assistant, everybody else as a person."""
    if item.kind == "commit":
        return "document"
    return "assistant" if item.is_bot else "person"


def topic(item: Item) -> str:
    """Where an utterance stands: `description`, `review APPROVED`, `path:line`, `comment`, `commit 1a2b3c4`."""
    if item.kind == "pull_request":
        return "description"
    if item.kind == "line_comment":
        return lines_of(item)
    if item.kind == "review":
        return f"review {words(item.fields.get('state')).strip()}".strip()
    if item.kind == "commit":
        return f"commit {(item.native_id or '')[:10]}".strip()
    return "comment"


def line_range(item: Item) -> tuple[int | None, int | None]:
    """(first, last) line the comment was written on: the original one, since the current one moves or is null."""
    sources = (item.fields, item.thread.fields if item.thread else {})
    last = next((n for f in sources if (n := first_number(f, *_LAST_LINE)) is not None), None)
    first = next((n for f in sources if (n := first_number(f, *_FIRST_LINE)) is not None), None)
    return (first if first is not None and last is not None and first <= last else last), last


def path_of(item: Item) -> str:
    """The file a line comment is about; empty when the dump does not say."""
    return words(item.fields.get("path")) or (words(item.thread.fields.get("path")) if item.thread else "")


def lines_of(item: Item) -> str:
    """`path:line`, `path:first-last`, or the path alone."""
    first, last = line_range(item)
    path = path_of(item) or "(file not given)"
    return path if last is None else f"{path}:{last}" if first == last else f"{path}:{first}-{last}"


def _discussions(remarks: Sequence[Remark]) -> Iterator[Discussion]:
    threads: dict[str, list[Remark]] = {}
    for remark in remarks:
        item = remark.item
        if item.kind == "line_comment" and remark.utterance.role != "harness":
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
            hunk=first_words(root.fields, "diff_hunk", "diffHunk"),
            is_resolved=thread.is_resolved if thread else None,
            is_outdated=_is_outdated(root),
            resolved_by=thread.resolved_by if thread else None,
            is_removed_side="LEFT" in (root.fields.get("side"), thread.fields.get("diffSide") if thread else None),
        )


def _is_outdated(root: Item) -> bool | None:
    """Whether the lines have changed since; in REST, a line comment whose current line is null has lost its lines."""
    if root.thread and root.thread.is_outdated is not None:
        return root.thread.is_outdated
    if "line" in root.fields and first_number(root.fields, "original_line") is not None:
        return root.fields["line"] is None
    return None
