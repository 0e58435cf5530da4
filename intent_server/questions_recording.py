"""Where the words of an evidence row were said: the recording, its place on this machine, and the milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.fingerprint import fingerprint_of_bytes
from intent_server.answers import Quote
from intent_server.errors import BadRequest, RecordingChanged, RecordingMissing
from intent_server.questions import Asker, get
from intent_server.store.connect import open_reader
from intent_server.store.verify import recorded_places

READER = "audio"
_UNSAID_MS = 10_000
"""How long an utterance is taken to be whose end its source does not tell, or puts where it starts."""
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Spoken:
    """Some seconds of a recording, and the words that stand there."""

    quote: Quote
    recording: Path
    start_ms: int
    end_ms: int
    note: str | None = None
    """What to know of the recording before relying on it."""


def spoken(asker: Asker, id: str, *, around_ms: int = 0, recording: Path | None = None) -> Spoken:
    """The seconds in which an evidence row, or a decision's choice, was said, with `around_ms` on both sides.

    `recording`: the file to take, for one that was moved, or for words that a transcript with times holds; None: the
    file that was read, or where it is gone another place that the same bytes were read from.
    Raises: NotFound, AmbiguousId; BadRequest for a session, or words without times or recording; RecordingMissing,
    RecordingChanged.
    """
    quote = _quote(asker, id)
    place = quote.place
    if place.start_ms is None:
        raise BadRequest(
            f"Evidence {quote.evidence_id} has no time in a recording: it was read from '{place.source}', which tells "
            "none. `intent get` shows the words around it."
        )
    note: str | None = None
    file, read = recording, _fingerprints(asker, place.source)
    if file is None:
        file = _own_recording(asker, quote, read)
    elif not file.is_file():
        raise RecordingMissing(quote.evidence_id, file.as_posix())
    elif read and _fingerprint(file) not in read:
        note = f"'{file.as_posix()}' is not, byte for byte, the recording that was read: its times may be others."
    is_told = place.end_ms is not None and place.end_ms > place.start_ms
    end_ms = (place.end_ms or 0) if is_told else place.start_ms + _UNSAID_MS
    return Spoken(quote, file, max(0, place.start_ms - around_ms), end_ms + around_ms, note)


def _quote(asker: Asker, id: str) -> Quote:
    found = get(asker, id, around=0)
    if found.evidence is not None:
        return found.evidence
    if found.decision is None:
        raise BadRequest(f"'{id}' is a session. Give the id of an evidence row or a decision: `intent why` names them.")
    evidence = get(asker, found.decision.choice.quotes[0].evidence_id, around=0).evidence
    assert evidence is not None
    return evidence


def _own_recording(asker: Asker, quote: Quote, read: frozenset[str]) -> Path:
    """The recording that the words were heard in, as it was then."""
    if not read:
        raise BadRequest(
            f"Evidence {quote.evidence_id} was read from '{quote.place.source}', a transcript. Where its recording is, "
            "--recording FILE plays it."
        )
    file = Path(quote.place.source)
    if file.is_file() and _fingerprint(file) in read:
        return file
    for other in _places(asker, read):
        if other.is_file() and _fingerprint(other) in read:
            return other
    if file.is_file():
        raise RecordingChanged(quote.evidence_id, file.as_posix())
    raise RecordingMissing(quote.evidence_id, quote.place.source)


def _fingerprints(asker: Asker, source: str) -> frozenset[str]:
    """What a recording's bytes were when it was read last; nothing for what is no recording."""
    with open_reader(asker.settings.store, wait_s=asker.settings.wait_s) as db:
        places = [one for one in recorded_places(db) if one.uri == source and one.reader == READER]
    return frozenset(str(one.facts["input_fingerprint"]) for one in places)


def _places(asker: Asker, read: frozenset[str]) -> list[Path]:
    """Other files of the same bytes that were read."""
    with open_reader(asker.settings.store, wait_s=asker.settings.wait_s) as db:
        places = [one for one in recorded_places(db) if one.facts["input_fingerprint"] in read]
    return [Path(one.uri) for one in places]


def _fingerprint(file: Path) -> str:
    with file.open("rb") as stream:
        return fingerprint_of_bytes(iter(lambda: stream.read(_CHUNK_BYTES), b""))
