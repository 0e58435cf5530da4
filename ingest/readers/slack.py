"""Slack exports: the messages of one day (`YYYY-MM-DD.json`), a channel's folder of them, or pages of the Web API.

Unit: a message, that is an item of the list, or of `messages` in a page. Of the lists that lie beside the channels
(`users.json`, `channels.json`, `integration_logs.json` and the like) it is an entry; they hold nobody's words.

Sessions: one for each thread that was answered, its root first, and one for each channel and day (UTC) of all other
talk. A thread is `slack:CHANNEL:thread_ts`, a day `slack:CHANNEL:YYYY-MM-DD`, a message `CHANNEL:ts`, so that a thread
over several day files and a later export of a grown channel hold nothing twice. CHANNEL is its id by `channels.json`,
else its folder's name; where neither is known a day is known by its content. `ts` stays the text it is.

Set aside by rule:
- `event`: what Slack says of the channel (joins, topics, integrations, calls).
- `unknown_subtype`: a message of a subtype that is not known to carry words.
- `deleted`: a message that was removed (`tombstone`).
- `no_words`: only files, pictures or shared links; their titles stand in the notes.
- `duplicate`: the same `ts` once more (a reply that was also sent to the channel, overlapping pages).
- `directory`, `integration_log`: entries of the export's own lists; an answer of the Web API about a channel.

A message without a `ts`, or that is no object, is quarantined. A program's messages have role `assistant`. Reactions,
files and edits are notes: a team may decide by `:white_check_mark:`, but that says not what. Previews of links and
shared messages are others' words and left out. Names come from `users.json` in the export's folder, from the message
itself, else the id is shown.

Locator: JSON pointer, after `FILE#` in a folder and after `#N` for the N-th document of a concatenated dump (`#0`
where the message is the document).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ingest.fingerprint import fingerprint
from ingest.json_source import shape
from ingest.json_tree import dumped, items, refused, unwrapped
from ingest.json_values import fields
from ingest.readers.slack_names import is_day, names
from ingest.readers.slack_sessions import Message, message, sessions
from ingest.records import Reader, Rejected, Session, Source

_NAME = "slack"
_TS = re.compile(r'"\d{9,12}\.\d{1,9}\Z')
_SPOKEN = frozenset({"text", "user", "subtype", "bot_id", "blocks"})
_LISTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("directory", frozenset({"id", "profile", "name", "deleted"})),
    ("directory", frozenset({"id", "created", "members"})),
    ("integration_log", frozenset({"user_id", "change_type", "date"})),
)
"""Keys of users.json, of channels.json and its like, of integration_logs.json."""


def accepts(source: Source) -> int:
    """81 for messages with Slack's `ts`, in a list or a page's `messages`; 50 for lists of people and channels."""
    return max((_rank(member) for member in source.members or (source,)), default=0)


def gathers(file_names: frozenset[str]) -> frozenset[str]:
    """The day files of one channel: a folder of at least two, with no other JSON in it."""
    days = frozenset(name for name in file_names if is_day(name))
    others = any(name.endswith(".json") for name in file_names - days)
    return days if len(days) > 1 and not others else frozenset()


def _rank(source: Source) -> int:
    shown = shape(source)
    if shown.get("") == "[" and any(all(f"/*/{key}" in shown for key in keys) for _, keys in _LISTS):
        return 50 if "/*/ts" not in shown else 0
    if "/ok" in shown and "/messages" not in shown and ("/channel/is_channel" in shown or shown.get("/members") == "["):
        return 50
    for place in ("/*", "/messages/*", "/data"):
        is_said = any(f"{place}/{key}" in shown for key in _SPOKEN)
        if is_said and _TS.match(shown.get(f"{place}/ts", "")):
            return 81 if place != "/data" or "/backend_name" in shown else 0
    return 0


def _entries(source: Source) -> Iterator[tuple[str, object]]:
    """(place, entry) of every unit; what is no message is there as what it is."""
    for place, value in dumped(source, reader=_NAME):
        pages = fields(value).get("messages")
        if not isinstance(value, list) and not isinstance(pages, list):
            yield place or "#0", unwrapped(value)
            continue
        below = place if isinstance(value, list) else f"{place}/messages"
        for at, item in enumerate(items(value) or items(pages)):
            yield f"{below}/{at}", item


def count(source: Source) -> int:
    """The items of every list or page."""
    return sum(1 for _ in _entries(source))


def read(source: Source) -> Iterator[Session | Rejected]:
    """Threads and days, by their first message; broken messages before them."""
    known = names(source)
    found: list[Message] = []
    aside = Counter[str]()
    for place, entry in _entries(source):
        rule = _list_rule(entry)
        if rule:
            aside[rule] += 1
            continue
        one = message(entry, place, known) if isinstance(entry, dict) else refused(entry, place)
        if isinstance(one, Message):
            found.append(one)
        else:
            yield one
    if aside:
        counts = tuple(sorted(aside.items()))
        yield Session("chat", fingerprint([source.name, counts]), (), 0, identity="content", set_aside=counts)
    yield from sessions(found, known)


def _list_rule(entry: object) -> str | None:
    """The rule for an entry of the export's own lists; None for a message, or what should be one."""
    if "ts" in fields(entry):
        return None
    if "ok" in fields(entry) and ("channel" in fields(entry) or "members" in fields(entry)):
        return "directory"
    return next((rule for rule, wanted in _LISTS if wanted <= fields(entry).keys()), None)


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="messages",
    gathers=gathers,
    reads_beside=True,
)
