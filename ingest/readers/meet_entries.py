"""Google Meet transcripts as its API lists them: entries, pages of them (`transcriptEntries`), a list or JSON Lines.

Unit: an entry. It is kept, rejected with its place (no JSON, no object, no text), or set aside as `no words` (its text
is blank).

Entries belong to the meeting that their `name` says (`conferenceRecords/…/transcripts/…`); those without
go with the one before. Pages of one meeting in one file are one meeting.

A speaker is the display name where the file also lists `participants`, else the end of the resource name
(`participants/1122`), as the note `speakers are participant ids` says. Times are instants.

Locator: the JSON pointer, `/transcriptEntries/3`; in JSON Lines after the document's number from 0, `#2`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.json_source import Item, documents, label, listed, moment, name, shape
from ingest.json_values import fields
from ingest.language_names import agreed
from ingest.records import Reader, Rejected, Session, Source
from ingest.speech import Gathered, Heard, meeting, results, said

_NAME = "meet_entries"
_IDS = "speakers are participant ids"
_GUESTS = ("signedinUser", "signedInUser", "anonymousUser", "phoneUser")


def accepts(source: Source) -> int:
    """63 for entries, or pages of them, with the resource names of Meet."""
    found = shape(source)
    for top in ("", "/*"):
        for entry in (top, f"{top}/transcriptEntries/*"):
            if f"{entry}/text" in found and found.get(f"{entry}/name", "").startswith('"conferenceRecords/'):
                return 63
        if f"{top}/transcriptEntries" in found:
            return 56
    return 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meetings in order, each after its entries that break the format.

    Raises: SourceMalformed where there are no entries; SourceEmpty for a list of none.
    """
    entries, names = _entries(source)
    meetings: dict[str, list[Item]] = {}
    own_id = ""
    for place, entry in entries:
        own_id = _meeting_of(entry) or own_id
        meetings.setdefault(own_id, []).append((place, entry))
    for own_id, items in meetings.items():
        gathered = Gathered(language=agreed(fields(entry).get("languageCode") for _, entry in items))
        gathered.take(items, partial(_entry, names))
        yield from results(gathered, partial(_session, source, own_id, gathered))


def count(source: Source) -> int:
    """The entries."""
    return len(_entries(source)[0])


def _entries(source: Source) -> tuple[list[Item], Mapping[str, str]]:
    """The entries with their places, and the display names of participants."""
    entries: list[Item] = []
    names: dict[str, str] = {}
    for place, item in documents(source, reader=_NAME):
        page = fields(item)
        for _, guest in listed(page.get("participants"), ""):
            shown = next((one for key in _GUESTS if (one := fields(fields(guest).get(key)))), {})
            if (who := name(fields(guest).get("name"))) and (display := label(shown.get("displayName"))):
                names[who] = display
        if isinstance(page.get("transcriptEntries"), list):
            entries += listed(page["transcriptEntries"], f"{place}/transcriptEntries")
        elif not isinstance(item, dict) or "text" in page or "participants" not in page:
            entries.append((place, item))
    if not entries:
        raise SourceEmpty(source.uri)
    if all(isinstance(one, dict) and not {"text", "participant", "name"} & one.keys() for _, one in entries):
        raise SourceMalformed(source.uri, reader=_NAME, where="the top", problem="no transcript entries")
    return entries, names


def _meeting_of(entry: object) -> str:
    head, found, _ = (name(fields(entry).get("name")) or "").partition("/entries/")
    return head if found else ""


def _entry(names: Mapping[str, str], item: Mapping[str, object]) -> Heard:
    who = name(item.get("participant")) or ""
    at = who.rfind("participants/")
    speaker = names.get(who) or label(who[at:] if at >= 0 else who)
    return said(item.get("text"), speaker=speaker, said_at=moment(item.get("startTime")), native_id=item.get("name"))


def _session(source: Source, own_id: str, gathered: Gathered) -> Session:
    spoken = [one.said_at for one in gathered.utterances if one.said_at is not None]
    unnamed = any((one.speaker or "").startswith("participants/") for one in gathered.utterances)
    return meeting(
        source,
        gathered,
        native_id=own_id or None,
        began=min(spoken) if spoken else None,
        notes=(_IDS,) if unnamed else (),
    )


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json", ".jsonl"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="entries",
)
