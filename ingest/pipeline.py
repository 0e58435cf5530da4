"""A source's bytes to sessions ready to be recorded: find the reader, read, count, extract.

PASSES is the order of extraction as data. Every pass takes a Draft and returns a Draft.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from ingest.errors import SourceError, UnitsUnaccounted
from ingest.extract.cues import cues
from ingest.extract.detect import detect
from ingest.extract.ground import ground
from ingest.extract.propose import propose
from ingest.extract.reasons import reasons
from ingest.extract.redact import mask, redact
from ingest.extract.redact_ids import without_secret_ids
from ingest.fingerprint import fingerprint, fingerprint_of_bytes
from ingest.language import of_session
from ingest.records import Candidate, Draft, Ingested, Part, Reader, Rejected, Session, Source, Span
from ingest.registry import reader_for, readers
from ingest.sources import Declared, file_source, files_under, gathered
from ingest.text import irregular

PASSES: tuple[Callable[[Draft], Draft], ...] = (redact, cues, detect, propose, reasons, ground)
EXTRACTION_VERSION = 10
"""Raised when the same session gives other candidates; part of every batch's extractor fingerprint."""

OFF_THE_RECORD = "off_the_record"
"""Set-aside rule of a session that asked to be left out, by its marker line or by --exclude-session."""
COPIED = "copied_from_other_session"
"""Set-aside rule of records that another session already holds (a fork copies its parent's)."""

_CAN_MARK = frozenset({"person", "document"})
"""Whose words may keep a session out: what a tool read aloud, or an agent, may not."""
_MARKER = re.compile(r"^\s*\[?intent:\s*off the record\]?\s*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one source gave. Units: `read` = `kept` + `set_aside` + `rejected`, checked when it was made."""

    sessions: tuple[Session, ...]
    rejected: tuple[Rejected, ...]
    read: int
    set_aside: tuple[tuple[str, int], ...]

    @property
    def kept(self) -> int:
        """Units that the sessions stand for."""
        return sum(session.kept for session in self.sessions)


def sources_in(folder: Path, declared: Declared) -> Iterator[Source | tuple[Path, SourceError]]:
    """Every source under a folder; files that together are one export come as one source.

    A file that cannot be opened, or is empty, comes as (path, error) so that the walk goes on.
    """
    by_folder: dict[Path, list[Path]] = {}
    for path in files_under(folder):
        by_folder.setdefault(path.parent, []).append(path)
    for parent, paths in by_folder.items():
        names = frozenset(path.name for path in paths)
        owners = {group: reader for reader in readers() if (group := reader.gathers(names))}
        for item in gathered(parent, paths, list(owners), declared):
            if isinstance(item, Source) and item.members and not _is_owned(item, owners):
                yield from item.members  # the names only looked like an export's
            else:
                yield item


def _is_owned(folder: Source, owners: Mapping[frozenset[str], Reader]) -> bool:
    names = {member.name for member in folder.members}
    return any(names <= group and reader.accepts(folder) for group, reader in owners.items())


def read(source: Source, reader: Reader) -> Reading:
    """Everything a reader finds in a source, counted both ways; excluded sessions are emptied, counts kept.

    Raises: SourceError for a file broken as a whole; UnitsUnaccounted when the counts differ.
    """
    try:
        items, units = list(reader.read(source)), reader.count(source)
    except SourceError as error:
        error.args = (mask(str(error)).text,)  # it may quote the source
        raise
    sessions = tuple(_off_the_record(without_secret_ids(item)) for item in items if isinstance(item, Session))
    rejected = tuple(mask_rejected(item) for item in items if isinstance(item, Rejected))
    aside = Counter[str]()
    for session in sessions:
        aside.update(dict(session.set_aside))
    reading = Reading(sessions, rejected, units, tuple(sorted(aside.items())))
    refused = sum(item.units for item in rejected)
    if reading.read != reading.kept + aside.total() + refused:
        raise UnitsUnaccounted(
            source.uri,
            reader=reader.name,
            read=reading.read,
            kept=reading.kept,
            set_aside=aside.total(),
            rejected=refused,
        )
    return reading


def ingest_file(path: Path, declared: Declared | None = None, *, reader_name: str | None = None) -> list[Ingested]:
    """One Ingested per session of a file that has any words: the whole way, without a store."""
    source = file_source(path, declared or Declared())
    reading = read(source, reader_for(source, name=reader_name))
    return [extract(session) for session in reading.sessions if session.utterances]


def extract(session: Session) -> Ingested:
    """A session through all passes: secrets masked, decisions proposed, every claim grounded; its language told."""
    draft = Draft(replace(session, language=of_session(session)), candidates=session.stated)
    for step in PASSES:
        draft = step(draft)
    return Ingested(
        session=replace(draft.session, stated=()),
        candidates=draft.candidates,
        rejected=draft.rejected,
        masked=draft.masked,
        irregular=irregular(draft.session.utterances),
    )


def extractor_fingerprint(reader: Reader) -> str:
    """What stands behind an output besides its input: the reader and the passes, with versions and learned weights."""
    told = {"passes": [step.__name__ for step in PASSES], "version": EXTRACTION_VERSION, "weights": _weights()}
    return fingerprint({"reader": [reader.name, reader.version], **told})


@cache
def _weights() -> str:
    """The fingerprint of everything that the passes have learned."""
    kept = [one for one in (files("ingest.extract") / "model").iterdir() if not one.name.endswith(".md")]
    return fingerprint_of_bytes(one.read_bytes() for one in sorted(kept, key=lambda one: one.name))


def mask_rejected(item: Rejected) -> Rejected:
    """A refused item with its secrets masked, as every stored text must be."""
    return replace(item, reason=mask(item.reason).text, where=mask(item.where).text, text=mask(item.text).text)


def excluded(session: Session) -> Session:
    """The session emptied of words: its units are set aside as off the record, nothing else is known of it."""
    aside = Counter(dict(session.set_aside))
    aside[OFF_THE_RECORD] += session.kept
    return Session(
        kind=session.kind,
        native_id=session.native_id,
        identity=session.identity,
        utterances=(),
        kept=0,
        set_aside=tuple(sorted(aside.items())),
    )


def without(session: Session, dropped: Iterable[int], rule: str = COPIED) -> Session:
    """The session without the utterances at these positions; its kept units shrink with the records they came from.

    A unit (one locator) is set aside under `rule` when all its utterances are dropped. Candidates resting on a
    dropped utterance go with it; the others follow their utterances to their new positions.
    """
    gone = frozenset(dropped)
    if not gone:
        return session
    left = [utterance for utterance in session.utterances if utterance.index not in gone]
    moved = {utterance.index: position for position, utterance in enumerate(left)}
    units = {u.locator for u in session.utterances} - {u.locator for u in left}
    count = min(len(units), session.kept)
    aside = Counter(dict(session.set_aside)) + Counter({rule: count})
    return replace(
        session,
        utterances=tuple(replace(utterance, index=moved[utterance.index]) for utterance in left),
        kept=session.kept - count,
        set_aside=tuple(sorted(aside.items())),
        stated=tuple(_moved(candidate, moved) for candidate in session.stated if _stands(candidate, moved)),
    )


def _off_the_record(session: Session) -> Session:
    spoken = (utterance.text for utterance in session.utterances if utterance.role in _CAN_MARK)
    return excluded(session) if any(map(_MARKER.search, spoken)) else session


def _spans(parts: Sequence[Part]) -> Iterator[Span]:
    return (span for part in parts for span in part.spans)


def _stands(candidate: Candidate, moved: dict[int, int]) -> bool:
    return all(span.utterance_index in moved for span in _spans(candidate.parts))


def _moved(candidate: Candidate, moved: dict[int, int]) -> Candidate:
    parts = tuple(
        replace(part, spans=tuple(replace(span, utterance_index=moved[span.utterance_index]) for span in part.spans))
        for part in candidate.parts
    )
    return replace(candidate, parts=parts)
