"""Read.ai meeting reports, the JSON of its webhook: one file is one meeting.

Unit: an item of `transcript.speaker_blocks`, and each filled one of `summary`, `action_items`, `key_questions`,
`topics` and `chapter_summaries`. It is kept, rejected with its JSON pointer (no object, no text, a time that is no
number), or set aside:
  `no words`         the text is blank
  `machine_summary`  any of those five: a model wrote them

Speakers are the names given. A block's times are instants since 1970 (its `said_at`), or places in the recording where
they are too small for that.

Locator: the JSON pointer, `/transcript/speaker_blocks/3`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.json_source import Item, document, label, listed, millis, moment, name, number, shape, summaries
from ingest.json_values import fields
from ingest.records import Reader, Rejected, Session, Source
from ingest.speech import MACHINE_SUMMARY, Gathered, Heard, meeting, results, said

_NAME = "read_ai"
_NOTE = "unconfirmed format: Read.ai"
_SUMMARIES = ("summary", "action_items", "key_questions", "topics", "chapter_summaries")
_FIRST_INSTANT = 10**9
"""Seconds since 1970 of a day in 2001: smaller numbers are places in a recording."""


def accepts(source: Source) -> int:
    """64 for blocks of speakers' words, or a report of a meeting's end."""
    found = shape(source)
    if found.keys() & {"/transcript/speaker_blocks/*/words", "/transcript/speaker_blocks"}:
        return 64
    about = {"/report_url", "/chapter_summaries", "/key_questions", "/start_time"} & found.keys()
    return 64 if {"/session_id", "/trigger"} <= found.keys() and len(about) >= 2 else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting, after the blocks that break the format.

    Raises: SourceMalformed where there is no report; SourceEmpty where nothing was said.
    """
    body, blocks = _blocks(source)
    gathered = Gathered()
    gathered.take(blocks, _block)
    gathered.aside[MACHINE_SUMMARY] += summaries(body, _SUMMARIES)
    yield from results(gathered, lambda: _session(source, body, gathered))


def count(source: Source) -> int:
    """The blocks and the summaries."""
    body, blocks = _blocks(source)
    return len(blocks) + summaries(body, _SUMMARIES)


def _blocks(source: Source) -> tuple[Mapping[str, object], list[Item]]:
    body = fields(document(source, reader=_NAME))
    if "transcript" not in body and "session_id" not in body:
        raise SourceMalformed(source.uri, reader=_NAME, where="the top", problem="no transcript and no session_id")
    blocks = listed(fields(body.get("transcript")).get("speaker_blocks"), "/transcript/speaker_blocks")
    if not blocks and not summaries(body, _SUMMARIES):
        raise SourceEmpty(source.uri)
    return body, blocks


def _session(source: Source, body: Mapping[str, object], gathered: Gathered) -> Session:
    spoken = [one.said_at for one in gathered.utterances if one.said_at is not None]
    return meeting(
        source,
        gathered,
        native_id=name(body.get("session_id")),
        title=body.get("title"),
        began=moment(body.get("start_time")) or (spoken[0] if spoken else None),
        ended=moment(body.get("end_time")),
        notes=(_NOTE,),
    )


def _block(item: Mapping[str, object]) -> Heard:
    speaker = item.get("speaker")
    shown = fields(speaker).get("name") if isinstance(speaker, dict) else speaker
    at = _instant(item.get("start_time"))
    start, end = (None, None) if at else (millis(item, "start_time"), millis(item, "end_time"))
    return said(item.get("words"), speaker=label(shown), start_ms=start, end_ms=end, said_at=at)


def _instant(value: object) -> datetime | None:
    since = number(value)
    return moment(value) if since is None or since >= _FIRST_INSTANT else None


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="speaker blocks",
)
