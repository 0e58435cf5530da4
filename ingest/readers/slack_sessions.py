"""Part of the Slack reader: messages as they are said, and the threads and days they belong to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.fingerprint import fingerprint
from ingest.json_tree import first_line, items, line
from ingest.json_values import Fields, fields, inside
from ingest.readers.slack_names import Names, person_name
from ingest.readers.slack_text import message_text
from ingest.records import Rejected, Role, Session, Utterance
from ingest.text import folded, glimpse
from ingest.times import epoch

_TS = re.compile(r"(\d{1,12})\.(\d{1,9})", re.ASCII)
_ID = re.compile(r"[UWB][A-Z0-9]{4,}")
_SAID = frozenset(
    "bot_message me_message thread_broadcast file_share file_comment slackbot_response assistant_app_thread".split()
)
_EVENTS = frozenset(
    (
        "bot_add", "bot_remove", "bot_enable", "bot_disable", "channel_archive", "channel_convert_to_private",
        "channel_join", "channel_leave", "channel_name", "channel_posting_permissions", "channel_purpose",
        "channel_topic", "channel_unarchive", "ekm_access_denied", "group_archive", "group_join", "group_leave",
        "group_name", "group_purpose", "group_topic", "group_unarchive", "huddle_thread", "joiner_notification",
        "joiner_notification_for_inviter", "message_changed", "message_deleted", "message_replied", "pinned_item",
        "reminder_add", "reminder_delete", "reply_broadcast", "sh_room_created", "sh_room_shared", "unpinned_item",
    )
)  # fmt: skip
_TITLE_CHARS = 80
_MOST_NOTES = 20
"""Notes of one kind in a session; beyond, their number is said."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, read."""

    ts: str
    order: tuple[int, str]
    """Seconds and their fraction: `ts` as a number would lose digits."""
    thread: str
    """The `ts` of its thread's root; empty for a message outside any thread."""
    channel: str
    channel_name: str
    at: datetime
    place: str
    rule: str
    """Why it is set aside; empty where it has words."""
    text: str
    role: Role
    speaker: str | None
    notes: tuple[str, ...]
    is_edited: bool


def message(entry: Fields, place: str, names: Names) -> Message | Rejected:
    """The message of a list's item."""
    ts, order, at = _time(entry.get("ts"))
    if at is None:
        return Rejected("no ts that is a time", place, glimpse(entry))
    subtype = entry.get("subtype")
    told = fields(entry.get("comment")) if subtype == "file_comment" else entry
    role = _role(entry, names)
    text = _text(entry, told, names, role)
    thread = line(entry.get("thread_ts"))
    return Message(
        ts=ts,
        order=order,
        thread=thread if _TS.fullmatch(thread) else "",
        channel=first_line(entry, "channel")
        or first_line(entry.get("channel_info"), "id")
        or names.channel
        or first_line(entry, "channel_name"),
        channel_name=names.title or first_line(entry, "channel_name") or first_line(entry.get("channel_info"), "name"),
        at=at,
        place=place,
        rule=_rule(entry, text),
        text=text,
        role=role,
        speaker=_speaker(entry, told, names),
        notes=tuple(_notes(entry)),
        is_edited=isinstance(entry.get("edited"), dict),
    )


def sessions(messages: Sequence[Message], names: Names) -> Iterator[Session]:
    """One session for each thread and for each channel's day, in the order of their first messages."""
    groups: dict[tuple[str, str], list[Message]] = {}
    for one in messages:
        key = one.thread or one.at.date().isoformat()
        groups.setdefault((one.channel, key), []).append(one)
    ordered = (sorted(group, key=lambda one: (one.ts != one.thread, one.order)) for group in groups.values())
    for group in sorted(ordered, key=lambda group: (group[0].at, group[0].thread)):
        yield _session(group, names)


def _session(group: Sequence[Message], names: Names) -> Session:
    first = group[0]
    aside = Counter[str]()
    kept: list[Message] = []
    seen: set[str] = set()
    for one in group:
        rule = "duplicate" if one.ts in seen else one.rule
        seen.add(one.ts)
        if rule:
            aside[rule] += 1
        else:
            kept.append(one)
    utterances = tuple(_utterance(index, one) for index, one in enumerate(kept))
    is_native = bool(first.channel or first.thread)
    said = [(u.speaker, u.text, u.said_at) for u in utterances]
    day = first.at.date().isoformat()
    native_id = f"slack:{first.channel or '-'}:{first.thread or day}"
    return Session(
        kind="chat",
        native_id=native_id if is_native else fingerprint(said or [one.place for one in group]),
        identity="native" if is_native else "content",
        utterances=utterances,
        kept=len(utterances),
        set_aside=tuple(sorted(aside.items())),
        title=_title(first, kept, day),
        started_at=(kept or group)[0].at,
        ended_at=max(one.at for one in group),
        time_basis="source",
        notes=tuple(_session_notes(group, kept, names)),
    )


def _title(first: Message, kept: Sequence[Message], day: str) -> str:
    channel = f"#{first.channel_name}" if first.channel_name else "Slack"
    if not first.thread:
        return f"{channel}, {day}"
    return f"{channel}: {folded(kept[0].text, _TITLE_CHARS)}" if kept else channel


def _utterance(index: int, one: Message) -> Utterance:
    before = f"{one.channel}:" if one.channel else ""
    return Utterance(
        index=index,
        text=one.text,
        role=one.role,
        locator=one.place,
        speaker=one.speaker,
        native_id=f"{before}{one.ts}",
        parent_id=f"{before}{one.thread}" if one.thread and one.thread != one.ts else None,
        said_at=one.at,
    )


def _time(value: object) -> tuple[str, tuple[int, str], datetime | None]:
    ts = line(value)
    match = _TS.fullmatch(ts)
    seconds = int(match[1]) if match else -1
    at = epoch(seconds) if match and seconds < 10**10 else None
    if match is None or at is None:
        return ts, (0, ""), None
    return ts, (seconds, match[2].ljust(9, "0")), at + timedelta(microseconds=int(match[2].ljust(6, "0")[:6]))


def _rule(entry: Fields, text: str) -> str:
    subtype, kind = _subtype(entry), entry.get("type")
    if subtype == "tombstone":
        return "deleted"
    if subtype in _EVENTS or (isinstance(kind, str) and kind not in ("message", "")):
        return "event"
    if subtype and subtype not in _SAID:
        return "unknown_subtype"
    return "" if text else "no_words"


def _subtype(entry: Fields) -> str:
    """The subtype as text; one that is anything else is unknown, and named so."""
    value = entry.get("subtype")
    return line(value) or ("?" if value else "")


def _role(entry: Fields, names: Names) -> Role:
    is_app = (
        entry.get("subtype") in ("bot_message", "slackbot_response", "assistant_app_thread")
        or isinstance(entry.get("bot_id"), str)
        or line(entry.get("user")) in names.apps
    )
    return "assistant" if is_app else "person"


def _text(entry: Fields, told: Fields, names: Names, role: Role) -> str:
    def named(own: str) -> str:
        return names.people.get(own, own)

    if told is not entry:
        told = {"text": told.get("comment")}
    return message_text(told, named, is_app=role == "assistant")


def _speaker(entry: Fields, told: Fields, names: Names) -> str | None:
    own = line(told.get("user")) or line(entry.get("user"))
    return (
        names.people.get(own)
        or person_name(fields(entry.get("user_profile")))
        or person_name(fields(entry.get("user_data")))
        or first_line(entry, "username")
        or first_line(entry.get("bot_profile"), "name")
        or own
        or first_line(entry, "bot_id")
        or None
    )


def _notes(entry: Fields) -> Iterator[str]:
    marks = (
        f":{name}: {number}" if isinstance(number := inside(one, "count"), int) else f":{name}:"
        for one in items(entry.get("reactions"))
        if (name := first_line(one, "name"))
    )
    if shown := ", ".join(marks):
        yield f"reactions {folded(shown)}"
    files = [*items(entry.get("files")), entry.get("file")]
    if shown := ", ".join(name for one in files if (name := first_line(one, "title", "name"))):
        yield f"files {folded(shown)}"


def _session_notes(group: Sequence[Message], kept: Sequence[Message], names: Names) -> Iterator[str]:
    told = [f"at {one.place}: {note}" for one in group for note in one.notes]
    yield from told[:_MOST_NOTES]
    if len(told) > _MOST_NOTES:
        yield f"reactions and files at {len(told) - _MOST_NOTES} more places"
    if edited := sum(one.is_edited for one in kept):
        yield f"{edited} edited after being said: the earlier words are not in the export"
    if not names.people and any(_ID.fullmatch(one.speaker or "") for one in kept):
        yield "names unknown: no users.json beside the export"
