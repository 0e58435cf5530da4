"""Mattermost posts as its API pages them: `{"order": […], "posts": {id: {…}}}`.

Unit: an entry of `posts`. One session for each thread that was answered (`root_id`), and one for each channel and day
(UTC) of all other talk; `mattermost:CHANNEL:ROOT` and `mattermost:CHANNEL:YYYY-MM-DD`, where CHANNEL and ROOT are ids.
Which posts are roots is known from the answers in the same dump and from `reply_count`. Names are not in these pages:
the user's id stands for the speaker, unless `props.override_username` names a program, whose role is `assistant`.

Set aside by rule:
- `event`: what the server says of the channel (`type` begins with `system_`).
- `deleted`: a post with a `delete_at`.
- `no_words`: a post without text (files alone).

An entry that is no object, or has no `create_at` that is a time, is quarantined.

Locator: JSON pointer, `/posts/ID`, after `#N` for the N-th page of a concatenated dump.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.json_source import shape
from ingest.json_tree import dumped, first_line, line, refused
from ingest.json_values import Fields, fields, inside, number, words
from ingest.records import Reader, Rejected, Role, Session, Source, Utterance
from ingest.text import folded, glimpse
from ingest.times import epoch

_NAME = "mattermost"
_KEYS = ("message", "create_at", "channel_id")
_TITLE_CHARS = 80


@dataclass(frozen=True, slots=True)
class _Post:
    own: str
    root: str
    channel: str
    at: datetime
    place: str
    rule: str
    text: str
    role: Role
    speaker: str | None
    is_answered: bool


def accepts(source: Source) -> int:
    """62 for `order` and `posts` whose first post has a message, a time and a channel."""
    shown = shape(source)
    if shown.get("/order") != "[" or shown.get("/posts") != "{":
        return 0
    below = {path.rsplit("/", 1)[-1] for path in shown if path.startswith("/posts/")}
    return 62 if below.issuperset(_KEYS) else 0


def _entries(source: Source) -> Iterator[tuple[str, object]]:
    for place, value in dumped(source, reader=_NAME):
        posts = fields(value).get("posts")
        if not isinstance(posts, dict):
            yield place or "#0", value
            continue
        for own, post in posts.items():
            yield f"{place}/posts/{line(own)}", post


def count(source: Source) -> int:
    """The entries of every page's `posts`."""
    return sum(1 for _ in _entries(source))


def read(source: Source) -> Iterator[Session | Rejected]:
    """Threads and days, by their first post; broken posts before them."""
    posts: list[_Post] = []
    for place, entry in _entries(source):
        one = _post(entry, place) if isinstance(entry, dict) else refused(entry, place)
        if isinstance(one, _Post):
            posts.append(one)
        else:
            yield one
    roots = {post.root for post in posts if post.root}
    groups: dict[tuple[str, str], list[_Post]] = {}
    for post in posts:
        thread = post.root or (post.own if post.is_answered or post.own in roots else "")
        groups.setdefault((post.channel, thread or post.at.date().isoformat()), []).append(post)
    for (channel, key), group in sorted(groups.items(), key=lambda item: min(post.at for post in item[1])):
        yield _session(channel, key, sorted(group, key=lambda post: (post.own != key, post.at)))


def _post(entry: Fields, place: str) -> _Post | Rejected:
    created = number(entry.get("create_at"))
    at = epoch(created) if created is not None and 10**11 < created < 10**14 else None
    if at is None:
        return Rejected("no create_at that is a time", place, glimpse(entry))
    text = words(entry.get("message")).strip()
    app = first_line(entry.get("props"), "override_username")
    is_app = (
        bool(app) or inside(entry, "props", "from_webhook") == "true" or inside(entry, "props", "from_bot") == "true"
    )
    return _Post(
        own=line(entry.get("id")),
        root=line(entry.get("root_id")),
        channel=line(entry.get("channel_id")),
        at=at,
        place=place,
        rule=_rule(entry, text),
        text=text,
        role="assistant" if is_app else "person",
        speaker=app or line(entry.get("user_id")) or None,
        is_answered=(number(entry.get("reply_count")) or 0) > 0,
    )


def _rule(entry: Fields, text: str) -> str:
    if (number(entry.get("delete_at")) or 0) > 0:
        return "deleted"
    if words(entry.get("type")).startswith("system_"):
        return "event"
    return "" if text else "no_words"


def _session(channel: str, key: str, group: Sequence[_Post]) -> Session:
    kept = [post for post in group if not post.rule]
    utterances = tuple(
        Utterance(
            index=index,
            text=post.text,
            role=post.role,
            locator=post.place,
            speaker=post.speaker,
            native_id=post.own or None,
            parent_id=post.root or None,
            said_at=post.at,
        )
        for index, post in enumerate(kept)
    )
    is_day = group[0].own != key and group[0].root != key
    return Session(
        kind="chat",
        native_id=f"mattermost:{channel or '-'}:{key}",
        utterances=utterances,
        kept=len(kept),
        set_aside=tuple(sorted(Counter(post.rule for post in group if post.rule).items())),
        title=f"Mattermost, {key}" if is_day or not kept else f"Mattermost: {folded(kept[0].text, _TITLE_CHARS)}",
        started_at=(kept or group)[0].at,
        ended_at=max(post.at for post in group),
        time_basis="source",
        notes=("names unknown: these pages give ids only",) if any(post.role == "person" for post in kept) else (),
    )


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="posts",
)
