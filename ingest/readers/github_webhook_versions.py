"""Part of the webhook reader: of a record that many deliveries carry, the words that hold and those edited away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ingest.readers.github_webhook_items import Delivered
from ingest.review_items import Item, Thread

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def settled(found: Sequence[Delivered]) -> list[Item]:
    """Every record's item, the newest state of each first, so that it is the one that is kept.

    An older one keeps its words as an earlier version where they differ, else nothing is left of it to be told.
    """
    ordered = _in_time(found)
    threads = {name: one.item.thread for one in ordered if one.item.thread for name in one.item.ids}
    groups: dict[str, list[Delivered]] = {}
    for position, one in enumerate(ordered):
        groups.setdefault(_key(one.item) or f"{position}", []).append(one)
    kept = [item for group in groups.values() for item in _versions(group)]
    return [_with_thread(item, threads) for item in kept]


def _in_time(found: Sequence[Delivered]) -> list[Delivered]:
    """By the time of the delivery; one without a time stays behind the one before it."""
    times: list[datetime] = []
    for one in found:
        times.append(one.at or (times[-1] if times else _LONG_AGO))
    order = sorted(range(len(found)), key=lambda position: times[position])
    return [found[position] for position in order]


def _key(item: Item) -> str | None:
    if item.kind in {"event", "unknown"}:
        return None
    own = item.pull.native_id if item.kind == "pull_request" and item.pull else item.native_id
    return f"{item.kind} {own}" if own else None


def _versions(group: Sequence[Delivered]) -> list[Item]:
    states = [one for one in group if not one.is_former]
    current = states[-1] if states else group[-1]
    if any(one.is_deleted for one in group):
        return [replace(one.item, aside="deleted") for one in (current, *(o for o in group if o is not current))]
    told = [current.item]
    bodies, titles = {current.item.body.strip()}, {current.item.title}
    for one in group:
        if one is not current:
            told.append(_earlier(one.item, bodies, titles))
    return told


def _earlier(item: Item, bodies: set[str], titles: set[str]) -> Item:
    """What an older state says that no other one does."""
    body = "" if item.body.strip() in bodies else item.body
    title = "" if item.title in titles else item.title
    if not body.strip() and not title:
        return replace(item, is_earlier=True, aside="duplicate" if item.body.strip() or item.title else item.aside)
    bodies.add(body.strip())
    titles.add(title)
    ids = frozenset(f"{name} version {len(bodies)}.{len(titles)}" for name in item.ids)
    return replace(item, body=body, title=title, is_earlier=True, ids=ids)


def _with_thread(item: Item, threads: dict[str, Thread]) -> Item:
    found = next((threads[name] for name in sorted(item.ids) if name in threads), None)
    return replace(item, thread=found or item.thread)
