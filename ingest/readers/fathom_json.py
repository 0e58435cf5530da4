"""Fathom meetings, the JSON of its API and webhook: a meeting, a page of them (`items`), or a bare `transcript`.

Unit: an item of a meeting's `transcript`, and `default_summary` and `action_items` where they are filled. It is kept,
rejected with its JSON pointer (no object, no text, a time that is no clock), or set aside:
  `no words`         the text is blank
  `machine_summary`  the summary or the action items: a model wrote them
A meeting that is no object is rejected as one item.

Speakers are the display names. Times are whole seconds from the start of the recording.

Locator: the JSON pointer, `/transcript/3` or `/items/0/transcript/3`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.json_source import Item, document, label, listed, moment, name, seconds_ms, shape, summaries
from ingest.json_values import fields
from ingest.language_names import tag
from ingest.records import Reader, Rejected, Session, Source
from ingest.speech import MACHINE_SUMMARY, Gathered, Heard, meeting, results, said, whole

_NAME = "fathom_json"
_NOTE = "unconfirmed format: Fathom API"
_SUMMARIES = ("default_summary", "action_items")
_ABOUT = frozenset({"share_url", "recorded_by", "recording_start_time", "calendar_invitees", "default_summary"})


def accepts(source: Source) -> int:
    """65 for a transcript whose speakers have display names, or a recording with what only Fathom tells about it."""
    found = shape(source).keys()
    for top in ("", "/items/*"):
        about = sum(f"{top}/{key}" in found for key in _ABOUT)
        if f"{top}/transcript/*/speaker/display_name" in found or (f"{top}/recording_id" in found and about >= 2):
            return 65
    return 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meetings in order, each after its items that break the format.

    Raises: SourceMalformed where there is no transcript; SourceEmpty where nothing was said.
    """
    for place, found in _meetings(source):
        if not isinstance(found, dict):
            yield whole(found, place)
            continue
        gathered = Gathered(language=tag(found.get("transcript_language")))
        gathered.take(listed(found.get("transcript"), f"{place}/transcript"), _entry)
        gathered.aside[MACHINE_SUMMARY] += summaries(found, _SUMMARIES)
        yield from results(gathered, partial(_session, source, found, gathered))


def count(source: Source) -> int:
    """The transcripts' items and the summaries; one for a meeting that is no object."""
    meetings = [found for _, found in _meetings(source)]
    objects = [found for found in meetings if isinstance(found, dict)]
    entries = sum(len(listed(found.get("transcript"), "")) for found in objects)
    return len(meetings) - len(objects) + entries + sum(summaries(found, _SUMMARIES) for found in objects)


def _meetings(source: Source) -> list[Item]:
    body = fields(document(source, reader=_NAME))
    found: list[Item] = [] if "transcript" in body else listed(body.get("items"), "/items")
    if not found and not {"transcript", *_ABOUT} & body.keys():
        raise SourceMalformed(source.uri, reader=_NAME, where="the top", problem="no transcript and no meetings")
    found = found or [("", body)]
    if not any(not isinstance(one, dict) or one.get("transcript") or summaries(one, _SUMMARIES) for _, one in found):
        raise SourceEmpty(source.uri)
    return found


def _session(source: Source, found: Mapping[str, object], gathered: Gathered) -> Session:
    instants = [moment(found.get(key)) for key in ("recording_start_time", "scheduled_start_time", "created_at")]
    return meeting(
        source,
        gathered,
        native_id=name(found.get("recording_id")),
        title=found.get("title") or found.get("meeting_title"),
        began=next((one for one in instants if one is not None), None),
        ended=moment(found.get("recording_end_time")),
        notes=(_NOTE,),
    )


def _entry(item: Mapping[str, object]) -> Heard:
    speaker = item.get("speaker")
    shown = fields(speaker).get("display_name") if isinstance(speaker, dict) else speaker
    return said(item.get("text"), speaker=label(shown), start_ms=seconds_ms(item, "timestamp"))


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="transcript items",
)
