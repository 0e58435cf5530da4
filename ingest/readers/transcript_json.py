"""Transcript JSON, this product's own interchange format: write it when no reader knows your tool.

    {
      "title": "Orders planning",
      "started_at": "2026-03-03T09:00:00Z",
      "utterances": [
        {"id": "u1", "speaker": "Mara Lindqvist", "text": "Let's keep the nightly run.", "start_ms": 0, "end_ms": 2400}
      ]
    }

The document is one JSON object in UTF-8:
  `utterances`  required: a list of objects, in the order they were said
  `title`       text or null
  `started_at`  ISO 8601 text or null; without a zone it is UTC. Without it the date is --date, the name's, the file's
  `ended_at`    the same; optional
  `id`          text: the meeting's own id; optional. With it, a corrected export is the same meeting; without it a
                meeting is known by its content
Each utterance:
  `text`        required: what was said
  `speaker`     text or null; the name as it is to be shown
  `id`          text or whole number: the record's own id; optional
  `start_ms`    whole milliseconds from the start of the recording, 0 or more, or null; optional
  `end_ms`      the same, not before `start_ms`
  `said_at`     ISO 8601 text or null: the moment by the clock; optional
  `role`        `person` (when not given), `assistant`, `tool_call`, `tool_result`, `reasoning`, `summary`, `harness`
                or `document`
Other keys are ignored and named in the session's notes; so is a `title`, `started_at`, `ended_at` or `id` of another
type than this.

Unit: an item of `utterances`. It is kept, set aside as `no words` (its text is blank), or rejected with its JSON
pointer when it is no object, has no text, or has a known key of another type. A document that is not such an object
is an error as a whole.

Locator: the JSON pointer, `/utterances/3`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import get_args

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.fingerprint import fingerprint
from ingest.records import Reader, Rejected, Role, Session, Source, Utterance
from ingest.text import folded, glimpse, head_text, normalise, whole_text
from ingest.times import session_start, utc

_NAME = "transcript_json"
_TOP_KEYS = frozenset({"title", "started_at", "ended_at", "id", "utterances"})
_ITEM_KEYS = frozenset({"id", "speaker", "text", "start_ms", "end_ms", "said_at", "role"})
_ROLES: dict[str, Role] = {role: role for role in get_args(Role)}
_MAX_MS = 10**12
"""Some 30 years; beyond it a number is an instant, not a place in a recording."""
_OPENING = re.compile(r'"utterances"\s*:\s*\[\s*(?:\{|\])')
_OURS = re.compile(r'"(?:start_ms|said_at|started_at)"\s*:')
_OTHERS = re.compile(r'"(?:start|words|transcript|confidence|results|segments)"\s*:')


class _BadItem(ValueError):
    """An utterance breaks the format; its text is the reason."""


def accepts(source: Source) -> int:
    """60 for an object with `utterances` and a key only we use; 47 where no other engine's keys are beside it."""
    text = head_text(source)
    opening = _OPENING.search(text) if text.lstrip().startswith("{") else None
    if opening is None or "\x00" in text:
        return 0
    around = text[: opening.end() + 4_000]
    if _OTHERS.search(around):
        return 0
    return 60 if _OURS.search(around) else 47 if '"text"' in around else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting, after the items that break the format.

    Raises: SourceMalformed when the document is not an object with a list `utterances`; SourceEmpty for no items.
    """
    document, items = _document(source)
    if not items:
        raise SourceEmpty(source.uri)
    utterances: list[Utterance] = []
    notes = _ignored(document, items)
    blank = 0
    for at, item in enumerate(items):
        try:
            utterance = _utterance(item, len(utterances), f"/utterances/{at}")
        except _BadItem as error:
            yield Rejected(str(error), f"/utterances/{at}", glimpse(item))
            continue
        if utterance is None:
            blank += 1
        else:
            utterances.append(utterance)
    if utterances or blank:
        yield _session(source, document, tuple(utterances), blank, notes)


def count(source: Source) -> int:
    """The items of `utterances`."""
    return len(_document(source)[1])


def _session(
    source: Source, document: Mapping[str, object], utterances: tuple[Utterance, ...], blank: int, notes: list[str]
) -> Session:
    began, ended = (_moment_or_note(document, key, notes) for key in ("started_at", "ended_at"))
    title, own_id = (_text_or_note(document, key, notes) for key in ("title", "id"))
    started_at, basis = session_start(source, began)
    said = [[item.native_id, item.speaker, item.role, item.start_ms, item.said_at, item.text] for item in utterances]
    return Session(
        kind="meeting",
        native_id=own_id or fingerprint(said or [title, blank]),
        identity="native" if own_id else "content",
        utterances=utterances,
        kept=len(utterances),
        set_aside=(("no words", blank),) if blank else (),
        title=folded(title) if title else None,
        started_at=started_at,
        ended_at=ended,
        time_basis=basis,
        notes=tuple(notes),
    )


def _document(source: Source) -> tuple[Mapping[str, object], list[object]]:
    text = whole_text(source, reader=_NAME)
    try:
        document: object = json.loads(text)
    except RecursionError as error:
        raise SourceMalformed(source.uri, reader=_NAME, where="the top", problem="JSON nested too deep") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise SourceMalformed(source.uri, reader=_NAME, where=where, problem=f"bad JSON ({error.msg})") from error
    except ValueError as error:  # a number of more digits than Python converts
        raise SourceMalformed(source.uri, reader=_NAME, where="a number", problem="a number too long") from error
    if not isinstance(document, dict):
        raise SourceMalformed(source.uri, reader=_NAME, where="the top", problem="the document is not an object")
    items = document.get("utterances")
    if not isinstance(items, list):
        raise SourceMalformed(source.uri, reader=_NAME, where="/utterances", problem="no list of utterances")
    return document, items


def _utterance(item: object, index: int, pointer: str) -> Utterance | None:
    """The utterance of an item, None where its text is blank.

    Raises: _BadItem.
    """
    if not isinstance(item, dict):
        raise _BadItem("not an object")
    text = item.get("text")
    if not isinstance(text, str):
        raise _BadItem("no text")
    start_ms, end_ms = _milliseconds(item, "start_ms"), _milliseconds(item, "end_ms")
    if start_ms is not None and end_ms is not None and end_ms < start_ms:
        raise _BadItem(f"end_ms {end_ms} is before start_ms {start_ms}")
    role = _ROLES.get(_text(item, "role") or "person")
    if role is None:
        raise _BadItem(f"role is none of {', '.join(_ROLES)}")
    said_at, speaker = _moment(item), _text(item, "speaker")
    native_id = item.get("id")
    if not isinstance(native_id, (str, int, type(None))) or isinstance(native_id, bool):
        raise _BadItem("id is neither text nor a whole number")
    words = normalise(text).strip()
    if not words:
        return None
    return Utterance(
        index=index,
        text=words,
        role=role,
        locator=pointer,
        speaker=" ".join(speaker.split()) or None if speaker else None,
        native_id=normalise(str(native_id)).strip() or None if native_id is not None else None,
        said_at=said_at,
        start_ms=start_ms,
        end_ms=end_ms,
    )


def _milliseconds(item: Mapping[str, object], key: str) -> int | None:
    value = item.get(key)
    if value is None:
        return None
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole or not isinstance(value, (int, float)) or not 0 <= value <= _MAX_MS:
        raise _BadItem(f"{key} is not a whole number of milliseconds from 0 to {_MAX_MS}")
    return int(value)


def _text(item: Mapping[str, object], key: str) -> str | None:
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        raise _BadItem(f"{key} is not text")
    return normalise(value) if value is not None else None


def _moment(item: Mapping[str, object]) -> datetime | None:
    written = _text(item, "said_at")
    moment = _utc(written) if written is not None else None
    if written is not None and moment is None:
        raise _BadItem("said_at is not an ISO 8601 time")
    return moment


def _moment_or_note(document: Mapping[str, object], key: str, notes: list[str]) -> datetime | None:
    written = _text_or_note(document, key, notes)
    moment = _utc(written) if written is not None else None
    if written is not None and moment is None:
        notes.append(f"{key} ignored: not an ISO 8601 time")
    return moment


def _utc(written: str) -> datetime | None:
    try:
        return utc(written)
    except OverflowError:  # a zone that leads out of years 1 to 9999
        return None


def _text_or_note(document: Mapping[str, object], key: str, notes: list[str]) -> str | None:
    value = document.get(key)
    if value is not None and not isinstance(value, str):
        notes.append(f"{key} ignored: not text")
        return None
    return normalise(value).strip() or None if value is not None else None


def _ignored(document: Mapping[str, object], items: list[object]) -> list[str]:
    unknown = Counter(key for item in items if isinstance(item, dict) for key in item if key not in _ITEM_KEYS)
    unknown.update(key for key in document if key not in _TOP_KEYS)
    return [f"ignored keys: {folded(normalise(', '.join(sorted(unknown))))}"] if unknown else []


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="utterances",
)
