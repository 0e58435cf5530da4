"""Amazon's speech services, three JSON shapes: one file is one meeting or call.

A Transcribe job (`results`), Call Analytics or Contact Lens (`Transcript`), Bedrock Data Automation (`audio_segments`).

Unit: a segment (an item of `results.audio_segments`, `Transcript` or `audio_segments`); where a job has none, an item
of `results.items` (of `channel_labels.channels[].items` where channels were kept apart), a word or a punctuation mark.
And each summary. A unit is kept, rejected with its JSON pointer (no object, no text, a time that is no number), or set
aside:
  `no words`         the text is blank
  `not speech`       a Bedrock segment of another type than `TRANSCRIPT`
  `machine_summary`  the generated summary of a recording, of a topic or of a call
Items become sentences, one utterance each; marks are glued to the word before. A job that is still running, or failed,
is an error as a whole.

Speakers are the labels of the diarisation (`spk_0`), else of the channel (`ch_0`); older jobs have them only in
`speaker_labels.segments`, found by the items' times. In a call they are the roles (`AGENT`). Redacted words stay as
they are written (`[PII]`). None of the shapes has a date.

Locator: the JSON pointer, `/Transcript/3`; of a sentence its first item's, `/results/items/41`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.json_source import Item, document, label, listed, millis, name, seconds_ms, shape, summaries
from ingest.json_values import fields
from ingest.language_names import agreed, tag
from ingest.readers.aws_speech_items import speakers, word
from ingest.records import Reader, Rejected, Session, Source
from ingest.speech import MACHINE_SUMMARY, Gathered, Heard, meeting, results, said

_NAME = "aws_speech"
_JOB = frozenset(
    {"/results/items/*/alternatives", "/results/transcripts/*/transcript", "/results/audio_segments/*/items"}
)
_BEDROCK = frozenset({"/audio_segments/*/segment_index", "/audio_items/*/audio_segment_index"})
_ROLES = ("ParticipantRole", "ParticipantId")


def accepts(source: Source) -> int:
    """68 for the keys of one of the three shapes."""
    found = shape(source).keys()
    called = any(f"/Transcript/*/{role}" in found for role in _ROLES) and "/Transcript/*/Content" in found
    begun = "/ConversationCharacteristics" in found and {"/JobName", "/JobStatus", "/LanguageCode"} & found
    recorded = found & _BEDROCK or {"/metadata/asset_id", "/audio"} <= found
    return 68 if called or begun or recorded or found & _JOB else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting, after the items that break the format.

    Raises: SourceMalformed for none of the three shapes or an unfinished job; SourceEmpty where nothing was said.
    """
    body = _body(source)
    gathered = Gathered(language=_language(body))
    if calls := listed(body.get("Transcript"), "/Transcript"):
        gathered.take(calls, _call)
    elif segments := listed(body.get("audio_segments"), "/audio_segments"):
        gathered.take(segments, _bedrock)
    elif segments := _segments(body):
        gathered.take(segments, _segment)
    else:
        channels = _items(body)
        known = speakers(fields(body.get("results")).get("speaker_labels"))
        for channel, items in channels:
            gathered.take_words(items, partial(word, known, channel))
        if len(channels) > 1:
            gathered.merge()
    gathered.aside[MACHINE_SUMMARY] += _summaries(body)
    yield from results(gathered, lambda: meeting(source, gathered, native_id=_native_id(body)))


def count(source: Source) -> int:
    """The segments, else the items, and the summaries."""
    body = _body(source)
    units = listed(body.get("Transcript"), "") or listed(body.get("audio_segments"), "") or _segments(body)
    return (len(units) or sum(len(items) for _, items in _items(body))) + _summaries(body)


def _body(source: Source) -> Mapping[str, object]:
    body = fields(document(source, reader=_NAME))
    state = name(body.get("status") or body.get("JobStatus")) or "COMPLETED"
    if state != "COMPLETED":
        problem = f"the job is not completed but {state if len(state) <= 40 else 'in a state unheard of'}"
        raise SourceMalformed(source.uri, reader=_NAME, where="/status", problem=problem)
    found = fields(body.get("results"))
    lists = (body.get("Transcript"), body.get("audio_segments"), found.get("items"), found.get("audio_segments"))
    if not any(isinstance(one, list) for one in lists):
        raise SourceMalformed(source.uri, reader=_NAME, where="the top", problem="no segments and no items")
    if not any(lists) and not any(items for _, items in _items(body)) and not _summaries(body):
        raise SourceEmpty(source.uri)
    return body


def _language(body: Mapping[str, object]) -> str | None:
    """As stated of the call, the job, or all segments alike."""
    segments = [fields(one).get("language") for _, one in listed(body.get("audio_segments"), "")]
    return tag(body.get("LanguageCode")) or tag(fields(body.get("results")).get("language_code")) or agreed(segments)


def _segments(body: Mapping[str, object]) -> list[Item]:
    return listed(fields(body.get("results")).get("audio_segments"), "/results/audio_segments")


def _items(body: Mapping[str, object]) -> list[tuple[str | None, list[Item]]]:
    """The words of a job, by channel where they were kept apart."""
    found = fields(body.get("results"))
    place = "/results/channel_labels/channels"
    channels = listed(fields(found.get("channel_labels")).get("channels"), place)
    apart = [
        (label(fields(channel).get("channel_label")), listed(fields(channel).get("items"), f"{at}/items"))
        for at, channel in channels
    ]
    return apart if any(items for _, items in apart) else [(None, listed(found.get("items"), "/results/items"))]


def _call(item: Mapping[str, object]) -> Heard:
    role = next((role for key in _ROLES if (role := label(item.get(key)))), None)
    start, end = millis(item, "BeginOffsetMillis"), millis(item, "EndOffsetMillis")
    return said(item.get("Content"), speaker=role, start_ms=start, end_ms=end, native_id=item.get("Id"))


def _bedrock(item: Mapping[str, object]) -> Heard:
    if item.get("type", "TRANSCRIPT") != "TRANSCRIPT":
        return "not speech"
    speaker = label(fields(item.get("speaker")).get("speaker_label"))
    channel = label(fields(item.get("channel")).get("channel_label"))
    start, end = millis(item, "start_timestamp_millis"), millis(item, "end_timestamp_millis")
    return said(item.get("text"), speaker=speaker or channel, start_ms=start, end_ms=end)


def _segment(item: Mapping[str, object]) -> Heard:
    speaker = label(item.get("speaker_label")) or label(item.get("channel_label"))
    start, end = seconds_ms(item, "start_time"), seconds_ms(item, "end_time")
    return said(item.get("transcript"), speaker=speaker, start_ms=start, end_ms=end)


def _summaries(body: Mapping[str, object]) -> int:
    call = fields(fields(body.get("ConversationCharacteristics")).get("ContactSummary"))
    topics = [fields(topic) for _, topic in listed(body.get("topics"), "")]
    return (
        summaries(fields(body.get("audio")), ["summary"])
        + sum(summaries(topic, ["summary"]) for topic in topics)
        + summaries(call, call)
    )


def _native_id(body: Mapping[str, object]) -> str | None:
    account, job = (name(body.get(key)) or name(body.get(key[0].upper() + key[1:])) for key in ("accountId", "jobName"))
    asset = name(fields(body.get("metadata")).get("asset_id")) if "audio_segments" in body else None
    return f"{account}/{job}" if account and job else asset


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="segments or items",
)
