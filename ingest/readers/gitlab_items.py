"""Part of the GitLab reader: any dump as a flat run of items, each with the merge request or issue it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ingest.json_values import (
    Broken,
    Fields,
    fields,
    first_number,
    first_words,
    inside,
    moment,
    number,
    printed,
    without_credentials,
    words,
)
from ingest.readers.gitlab_kinds import HELD, Kind, kind_of
from ingest.records import Rejected
from ingest.review_items import Item, ItemKind, Lines, Pull, Thread

_ADDRESS = re.compile(
    r"https?://(?:[^/\s]*@)?([\w.-]+(?::\d{1,5})?)/(\S{1,400}?)/(?:-/)?(merge_requests|issues|work_items)/(\d{1,18})(?!\w)"
)
_BOT = re.compile(r"(?:^|[-_.])bot(?:$|[-_.\d])|\[bot\]$", re.IGNORECASE)
_CHANGED_LINES = re.compile(r"changed (?:this line|these lines|this file) in\b")
_MARKS = {"MergeRequest": "!", "Issue": "#", "WorkItem": "#"}
_OUTCOME = re.compile(r"(merged|closed|reopened)\b")
_KINDS: Mapping[Kind, ItemKind] = {
    "merge_request": "pull_request",
    "issue": "pull_request",
    "commit": "commit",
    "file": "file",
    "event": "event",
}
_NO_OBJECT = "not a record: a JSON object is expected"


def items(value: object, place: str) -> Iterator[Item | Rejected]:
    """Every record in a value, in order; what is no object is Rejected."""
    if isinstance(value, Broken):
        yield Rejected(value.problem, place or "/", value.text)
    elif isinstance(value, list):
        for position, entry in enumerate(value):
            page = enumerate(entry) if isinstance(entry, list) else [(None, entry)]
            for below, record in page:
                where = f"{place}/{position}" if below is None else f"{place}/{position}/{below}"
                yield from _record(record, where, None)
    else:
        yield from _record(value, place, None)


def _record(value: object, place: str, pull: Pull | None) -> Iterator[Item | Rejected]:
    record = fields(value)
    if not isinstance(value, dict):
        yield Rejected(_NO_OBJECT, place or "/", printed(value))
        return
    kind = kind_of(record)
    if kind == "discussion":
        yield from _discussion(record, place, pull)
    elif kind in {"merge_request", "issue"}:
        yield from _owner(record, place, kind)
    else:
        yield _item(record, place, pull, kind)


def _owner(record: Fields, place: str, kind: Kind) -> Iterator[Item | Rejected]:
    """A merge request or an issue, then every record that it holds."""
    own = _item(record, place, None, kind)
    yield own
    for name, _ in HELD:
        held = record.get(name)
        for position, entry in enumerate(held if isinstance(held, list) else ()):
            where = f"{place}/{name}/{position}"
            if isinstance(entry, dict) and isinstance(entry.get("notes"), list):
                yield from _discussion(entry, where, own.pull)
            elif isinstance(entry, dict):
                yield _item(entry, where, own.pull, _held_kind(entry))
            else:
                yield Rejected(_NO_OBJECT, where, printed(entry))


def _held_kind(entry: Fields) -> Kind:
    kind = kind_of(entry)
    return "unknown" if kind in {"merge_request", "issue"} else kind


def _discussion(record: Fields, place: str, pull: Pull | None) -> Iterator[Item | Rejected]:
    """The notes of a discussion; all of one thread unless the note stands alone."""
    notes = record["notes"] if isinstance(record["notes"], list) else []
    told = [note for note in notes if isinstance(note, dict) and note.get("system") is not True]
    is_alone = record.get("individual_note") is True
    root = _native_id(told[0], "note") if told else None
    thread = None if is_alone else _thread(words(record.get("id")), notes)
    for position, note in enumerate(notes):
        where = f"{place}/notes/{position}"
        if not isinstance(note, dict):
            yield Rejected(_NO_OBJECT, where, printed(note))
            continue
        item = _item(note, where, pull, "note")
        if item.kind != "event" and not is_alone:
            has_lines = thread is not None and thread.lines.path
            item = replace(item, kind="line_comment" if has_lines else item.kind, thread=thread, root_id=root)
        yield item


def _thread(native_id: str, notes: Iterable[object]) -> Thread:
    """What the notes say of their thread together."""
    records = [fields(note) for note in notes]
    told = [note for note in records if note.get("system") is not True]
    resolvable = [note for note in told if note.get("resolvable", isinstance(note.get("resolved"), bool)) is True]
    placed = next((note for note in records if isinstance(note.get("position"), dict)), {})
    is_resolved = all(note.get("resolved") is True for note in resolvable) if resolvable else None
    changed = any(note.get("system") is True and _CHANGED_LINES.match(words(note.get("body"))) for note in records)
    resolvers = [found for note in resolvable if (found := words(inside(note, "resolved_by", "username")))]
    return Thread(
        native_id=native_id,
        is_resolved=is_resolved,
        is_outdated=True if changed else None,
        resolved_by=resolvers[-1] if resolvers and is_resolved else None,
        lines=_lines(placed),
    )


def _lines(note: Fields) -> Lines:
    """Where a note stands: the side that its line is on, first line to last."""
    position = fields(note.get("original_position")) or fields(note.get("position"))
    new, old = number(position.get("new_line")), number(position.get("old_line"))
    side = "old" if new is None and old is not None else "new"
    start = number(inside(position, "line_range", "start", f"{side}_line"))
    paths = (f"{side}_path", "new_path", "old_path")
    last, sha = old if side == "old" else new, words(position.get("head_sha"))
    return Lines(first_words(position, *paths), start, last, side == "old", sha)


def _item(record: Fields, place: str, pull: Pull | None, kind: Kind) -> Item:
    is_system = kind == "note" and record.get("system") is True
    lines = _lines(record) if kind == "note" else Lines()
    told: ItemKind = "line_comment" if lines.path else "comment"
    item_kind = "event" if is_system else told if kind in {"note", "draft"} else _KINDS.get(kind, "unknown")
    author, names = _author(record, kind)
    own = _pull(record, kind) or pull
    outcome = _OUTCOME.fullmatch(words(record.get("body")).strip()) if is_system else None
    named = _native_id(record, kind)
    suggested = record.get("suggestions")
    return Item(
        kind=item_kind,
        place=place or "/",
        fields=record,
        pull=own,
        body=_body(record, kind),
        author=author,
        is_bot=bool(author and _BOT.search(author)) or inside(record, "author", "bot") is True,
        at=moment(record, "committed_date", "authored_date", "created_at"),
        ids=frozenset({f"{kind} {named}"} if named else ()),
        native_id=named,
        is_issue=kind == "issue",
        thread=_thread("", [record]) if item_kind == "line_comment" and "resolvable" in record else None,
        title=words(record.get("title")).strip() if item_kind == "pull_request" else "",
        label=outcome.group(1) if outcome else "",
        lines=Lines(first_words(record, "new_path")) if kind == "file" else lines,
        diff=words(record.get("diff")) if kind == "file" else "",
        is_applied=any(inside(one, "applied") is True for one in (suggested if isinstance(suggested, list) else ())),
        people=names,
        aside="unsubmitted" if kind == "draft" else None,
    )


def _body(record: Fields, kind: Kind) -> str:
    names: Mapping[Kind, str] = {"merge_request": "description", "issue": "description", "draft": "note"}
    return words(record.get("message" if kind == "commit" else names.get(kind, "body")))


def _author(record: Fields, kind: Kind) -> tuple[str | None, tuple[str, ...]]:
    """(user name, other names); a commit has only the names that git knows."""
    if kind == "commit":
        names = tuple(name for key in ("author_name", "committer_name") if (name := words(record.get(key))).strip())
        return (names[0] if names else None), names
    author = fields(record.get("author"))
    name, full = first_words(author, "username", "name"), first_words(author, "name")
    return name or None, tuple({full} - {name, ""})


def _native_id(record: Fields, kind: Kind) -> str | None:
    if kind == "commit":
        return without_credentials(first_words(record, "id", "short_id")) or None
    own = first_number(record, "id")
    prefix = {"note": "note_", "draft": "draft_note_"}.get(kind, f"{kind}-")
    return f"{prefix}{own}" if own is not None else None


def _pull(record: Fields, kind: Kind) -> Pull | None:
    """What a record belongs to; without a project where a note tells only the number."""
    if kind in {"merge_request", "issue"}:
        match = _ADDRESS.match(words(record.get("web_url")))
        mark = "!" if kind == "merge_request" else "#"
        if match:
            return Pull(match.group(1), without_credentials(match.group(2)), int(match.group(4)), mark)
        own = number(record.get("iid"))
        return Pull("", "", own, mark) if own is not None else None
    noteable, own = _MARKS.get(words(record.get("noteable_type"))), number(record.get("noteable_iid"))
    return Pull("", "", own, noteable) if kind == "note" and noteable and own is not None else None


def related(found: Iterable[Item | Rejected]) -> Iterator[Item | Rejected]:
    """The items, those of discussions first, each with the full name of what it belongs to where one record tells it.

    A thread written on the newest commit has not lost its lines.
    """
    known = list(found)
    yield from (one for one in known if isinstance(one, Rejected))
    items_ = [one for one in known if isinstance(one, Item)]
    named: dict[tuple[str, int], set[Pull]] = {}
    for item in items_:
        if item.pull and item.pull.repository:
            named.setdefault((item.pull.mark, item.pull.number), set()).add(item.pull)
    heads = {_full(item.pull, named): _head(item.fields) for item in items_ if item.kind == "pull_request"}
    only = next(iter(heads)) if len(heads) == 1 else None
    for item in sorted(items_, key=lambda item: item.thread is None or not item.thread.native_id):
        pull = _full(item.pull, named)
        yield replace(item, pull=pull, is_outdated=_is_outdated(item, heads.get(pull or only)))


def _full(pull: Pull | None, named: Mapping[tuple[str, int], set[Pull]]) -> Pull | None:
    fitting = named.get((pull.mark, pull.number), set()) if pull and not pull.repository else set()
    return next(iter(fitting)) if len(fitting) == 1 else pull


def _head(record: Fields) -> str:
    return words(inside(record, "diff_refs", "head_sha")) or first_words(record, "sha")


def _is_outdated(item: Item, head: str | None) -> bool | None:
    written_on = words(inside(item.fields, "position", "head_sha"))
    return False if head and written_on == head else None
