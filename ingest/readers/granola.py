"""Granola's local cache (`cache-v3.json`, JSON inside JSON): each document with a transcript or notes is one meeting.

Unit: an item of a document's transcript, its typed notes, and each of its texts by a model. It is kept, rejected with
its place (no object, no text), or set aside:
  `no words`         the text is blank
  `not final`        `is_final` is false: a later item corrects it
  `machine_summary`  a panel, an overview, a summary or chapters: a model wrote them
  `deleted`          anything of a document that its user deleted
A document that is no object, or a transcript that is no list, is rejected as one item.

There are no names: a speaker is the item's `source`, which the note explains (`microphone` is who recorded, `system`
everybody else). Times are instants. Typed notes are one utterance with the role `document`, after what was said.

Locator: the JSON pointer inside the cache's own text, `/state/transcripts/<document>/3`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.json_source import Item, document, label, listed, moment, name, shape, summaries
from ingest.json_values import fields
from ingest.readers.granola_notes import typed
from ingest.records import Reader, Rejected, Session, Source, Utterance
from ingest.speech import MACHINE_SUMMARY, NOT_FINAL, Gathered, Heard, meeting, results, said, whole

_NAME = "granola"
_NOTE = "no names: `microphone` is who recorded, `system` everybody else"
_SUMMARIES = ("last_viewed_panel", "overview", "summary", "chapters")
_DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class _Meeting:
    """What the cache holds of one document."""

    own_id: str
    about: Mapping[str, object]
    items: list[Item]
    notes: tuple[str, str] | None
    """The typed notes and their place."""
    summaries: int

    @property
    def units(self) -> int:
        """Items, notes and summaries."""
        return len(self.items) + (self.notes is not None) + self.summaries


def accepts(source: Source) -> int:
    """70 for the cache's text with documents or transcripts in it, 48 where they lie beyond the opening."""
    found = shape(source)
    if found.keys() & {"/cache/state/documents", "/cache/state/transcripts", "/state/documents"}:
        return 70 if "/cache" in found or "/state/transcripts" in found else 0
    inside = found.get("/cache", "")
    if not inside.startswith('"{\\"'):
        return 0
    return 70 if b'\\"documents\\":' in source.head or b'\\"transcripts\\":' in source.head else 48


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meetings in the cache's order, each after its items that break the format.

    Raises: SourceMalformed for what is no cache (a newer version may be encrypted); SourceEmpty without any meeting.
    """
    for found in _meetings(source):
        if isinstance(found, Rejected):
            yield found
            continue
        gathered = Gathered()
        if found.about.get("deleted_at"):
            gathered.aside[_DELETED] += found.units
        else:
            gathered.take(found.items, _spoken)
            if found.notes is not None:
                text, place = found.notes
                gathered.utterances.append(Utterance(0, text, "document", place, topic="notes"))
                gathered.kept += 1
            gathered.aside[MACHINE_SUMMARY] += found.summaries
        yield from results(gathered, partial(_session, source, found, gathered))


def count(source: Source) -> int:
    """The transcripts' items, the typed notes and the summaries; one for what is rejected as a whole."""
    return sum(found.units for found in _meetings(source))


def _meetings(source: Source) -> list[_Meeting | Rejected]:
    state, top = _state(source)
    documents, transcripts = fields(state.get("documents")), fields(state.get("transcripts"))
    panels = fields(state.get("documentPanels"))
    found: list[_Meeting | Rejected] = []
    for key in dict.fromkeys((*documents, *transcripts)):
        about, spoken = documents.get(key, {}), transcripts.get(key)
        own_id = name(key) or "-"
        below = own_id.replace("~", "~0").replace("/", "~1")
        if not isinstance(about, dict):
            found.append(whole(about, f"{top}/documents/{below}"))
            about = {}
        if spoken is not None and not isinstance(spoken, list):
            found.append(whole(spoken, f"{top}/transcripts/{below}", "not a list"))
        notes = typed(about, f"{top}/documents/{below}")
        written = summaries(about, _SUMMARIES) + len(fields(panels.get(key)))
        found.append(_Meeting(own_id, about, listed(spoken, f"{top}/transcripts/{below}"), notes, written))
    if not any(one.units for one in found):
        raise SourceEmpty(source.uri)
    return found


def _state(source: Source) -> tuple[Mapping[str, object], str]:
    """The cache's state and its place."""
    body = fields(document(source, reader=_NAME))
    cache = body.get("cache", body)
    if isinstance(cache, str):
        try:
            cache = json.loads(cache, strict=False)
        except (ValueError, RecursionError) as error:
            problem = "text that is no JSON (encrypted?)"
            raise SourceMalformed(source.uri, reader=_NAME, where="/cache", problem=problem) from error
    state = fields(cache).get("state", cache)
    if not isinstance(state, dict) or not {"documents", "transcripts"} & state.keys():
        raise SourceMalformed(source.uri, reader=_NAME, where="/cache", problem="no documents and no transcripts")
    return state, "/state" if "state" in fields(cache) else ""


def _session(source: Source, found: _Meeting, gathered: Gathered) -> Session:
    spoken = [one.said_at for one in gathered.utterances if one.said_at is not None]
    return meeting(
        source,
        gathered,
        native_id=found.own_id,
        title=found.about.get("title"),
        began=min(spoken) if spoken else moment(found.about.get("created_at")),
        notes=(_NOTE,) if any(one.speaker for one in gathered.utterances) else (),
    )


def _spoken(item: Mapping[str, object]) -> Heard:
    if item.get("is_final") is False:
        return NOT_FINAL
    at = moment(item.get("start_timestamp"))
    return said(item.get("text"), speaker=label(item.get("source")), said_at=at, native_id=item.get("id"))


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="transcript items",
)
