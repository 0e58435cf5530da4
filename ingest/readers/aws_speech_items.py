"""The items of an Amazon Transcribe job: words and marks, and who said them in jobs that keep that apart."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.json_source import BadItem, label, listed, name, seconds_ms, text_of
from ingest.json_values import fields
from ingest.speech import Word


@dataclass(frozen=True, slots=True)
class Speakers:
    """The labels of `speaker_labels.segments`, by an item's start and by the segment around it."""

    by_start: Mapping[int, str]
    starts: tuple[int, ...]
    spans: tuple[tuple[int, str], ...]
    """(end, label) of each segment, in the order of `starts`."""

    def at(self, start_ms: int | None) -> str | None:
        """Who was speaking at a moment."""
        if start_ms is None:
            return None
        around = bisect_right(self.starts, start_ms) - 1
        within = around >= 0 and start_ms < self.spans[around][0]
        return self.by_start.get(start_ms) or (self.spans[around][1] if within else None)


def speakers(labels: object) -> Speakers:
    """What `speaker_labels` says; a segment or item that is broken says nothing."""
    by_start: dict[int, str] = {}
    spans: list[tuple[int, int, str]] = []
    for _, segment in listed(fields(labels).get("segments"), ""):
        for _, item in listed(fields(segment).get("items"), ""):
            start, _end, who = _span(fields(item))
            if start is not None and who:
                by_start[start] = who
        start, end, who = _span(fields(segment))
        if start is not None and end is not None and who:
            spans.append((start, end, who))
    spans.sort()
    return Speakers(by_start, tuple(start for start, _, _ in spans), tuple((end, who) for _, end, who in spans))


def word(known: Speakers, channel: str | None, item: Mapping[str, object], place: str) -> Word:
    """The word or mark of an item, by its most likely reading.

    Raises: BadItem.
    """
    alternatives = listed(item.get("alternatives"), "")
    if not alternatives:
        raise BadItem("no alternatives")
    text = text_of(fields(alternatives[0][1]), "content")
    start, end = seconds_ms(item, "start_time"), seconds_ms(item, "end_time")
    speaker = label(item.get("speaker_label")) or known.at(start) or channel or label(item.get("channel_label"))
    return Word(text, place, speaker, start, end, glued=name(item.get("type")) == "punctuation")


def _span(item: Mapping[str, object]) -> tuple[int | None, int | None, str | None]:
    try:
        return seconds_ms(item, "start_time"), seconds_ms(item, "end_time"), label(item.get("speaker_label"))
    except BadItem:
        return None, None, None
