"""Part of the vtt reader: cues whose payload is a JSON object, as the Graph API's `metadataContent` gives for Teams."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from ingest.language_names import tag
from ingest.text import normalise
from ingest.times import utc
from ingest.turns import named

NOTE = "unconfirmed format: Teams metadataContent"
_LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one payload says: who, the words (which may be none), and when by the clock."""

    speaker: str | None
    words: str
    said_at: datetime | None
    language: str | None


def spoken(payload: str) -> Spoken | None:
    """The words inside a payload; None when it is no JSON object with `spokenText`."""
    plain = payload.strip()
    if plain[:1] != "{" or plain[-1:] != "}" or '"spokenText"' not in plain or len(plain) > _LONGEST:
        return None
    try:
        item: object = json.loads(plain)
    except (ValueError, RecursionError):
        return None
    if not isinstance(item, dict):
        return None
    words, speaker, started = item.get("spokenText"), item.get("speakerName"), item.get("startDateTime")
    if not isinstance(words, str):
        return None
    return Spoken(
        speaker=named(normalise(speaker)) if isinstance(speaker, str) else None,
        words=" ".join(normalise(words).split()),
        said_at=utc(started) if isinstance(started, str) else None,
        language=tag(item.get("spokenLanguage")),
    )
