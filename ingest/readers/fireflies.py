"""Fireflies meetings, the JSON of its API (`transcript`, or a list of `transcripts`): one transcript is one meeting.

Unit: a sentence of `sentences`, and each filled field of `summary`. It is kept, rejected with its JSON pointer (no
object, no text, a time that is no number), or set aside:
  `no words`         the text is blank
  `machine_summary`  a field of `summary`: a model wrote it
A transcript that is no object is rejected as one item.

A sentence without a name takes the one that `speakers` or another sentence gives its `speaker_id`, else that number
(`Speaker 2`). Times are seconds, as number or text. `duration` is not used: clients disagree about its unit.

Locator: the JSON pointer, `/data/transcript/sentences/3`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.json_source import (
    Item,
    document,
    label,
    listed,
    moment,
    name,
    seconds_ms,
    shape,
    summaries,
    text_of,
)
from ingest.json_values import fields
from ingest.records import Reader, Rejected, Session, Source
from ingest.speech import MACHINE_SUMMARY, Gathered, Heard, meeting, results, said, whole

_NAME = "fireflies"
_TOPS = ("", "/*", "/transcript", "/transcripts/*", "/data/transcript", "/data/transcripts/*")


def accepts(source: Source) -> int:
    """66 for a meeting's `sentences` with its speakers' names or numbers."""
    found = shape(source).keys()
    for top in _TOPS:
        sentence = f"{top}/sentences/*/"
        if found & {sentence + "text", sentence + "raw_text"} and found & {
            sentence + "speaker_name",
            sentence + "speaker_id",
        }:
            return 66
    return 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meetings in order, each after its items that break the format.

    Raises: SourceMalformed where there is no transcript; SourceEmpty where nothing was said.
    """
    for place, found in _meetings(source):
        if not isinstance(found, dict):
            yield whole(found, place)
            continue
        gathered = Gathered()
        sentences = listed(found.get("sentences"), f"{place}/sentences")
        gathered.take(sentences, partial(_sentence, _names(found, sentences)))
        gathered.aside[MACHINE_SUMMARY] += _summaries(found)
        yield from results(gathered, partial(_session, source, found, gathered))


def count(source: Source) -> int:
    """The sentences and the filled fields of summaries; one for a transcript that is no object."""
    meetings = [found for _, found in _meetings(source)]
    objects = [found for found in meetings if isinstance(found, dict)]
    sentences = sum(len(listed(found.get("sentences"), "")) for found in objects)
    return len(meetings) - len(objects) + sentences + sum(map(_summaries, objects))


def _meetings(source: Source) -> list[Item]:
    body = document(source, reader=_NAME)
    place = "/data" if isinstance(body, dict) and isinstance(body.get("data"), dict) else ""
    top = fields(body)["data"] if place else body
    found = listed(top, place)
    if isinstance(top, dict):
        found = listed(top.get("transcripts"), f"{place}/transcripts")
        if isinstance(top.get("transcript"), dict):
            found.append((f"{place}/transcript", top["transcript"]))
        if isinstance(top.get("sentences"), list):
            found.append((place, top))
    if not found:
        raise SourceMalformed(source.uri, reader=_NAME, where="the top", problem="no transcript with sentences")
    if not any(not isinstance(one, dict) or one.get("sentences") or _summaries(one) for _, one in found):
        raise SourceEmpty(source.uri)
    return found


def _session(source: Source, found: Mapping[str, object], gathered: Gathered) -> Session:
    began = moment(found.get("date")) or moment(found.get("dateString"))
    return meeting(source, gathered, native_id=name(found.get("id")), title=found.get("title"), began=began)


def _names(found: Mapping[str, object], sentences: list[Item]) -> Mapping[str, str]:
    """The names known for speaker numbers."""
    listing = [(fields(one).get("id"), fields(one).get("name")) for _, one in listed(found.get("speakers"), "")]
    spoken = [(fields(one).get("speaker_id"), fields(one).get("speaker_name")) for _, one in sentences]
    return {key: named for number, text in (*spoken, *listing) if (key := name(number)) and (named := label(text))}


def _sentence(names: Mapping[str, str], item: Mapping[str, object]) -> Heard:
    text = text_of(item, "text", "raw_text") or name(item.get("raw_text")) or ""
    number = item.get("speaker_id")
    speaker = label(item.get("speaker_name")) or names.get(name(number) or "") or label(number, "Speaker ")
    return said(text, speaker=speaker, start_ms=seconds_ms(item, "start_time"), end_ms=seconds_ms(item, "end_time"))


def _summaries(found: Mapping[str, object]) -> int:
    written = found.get("summary")
    return summaries(written, written) if isinstance(written, dict) else summaries(found, ["summary"])


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="sentences",
)
