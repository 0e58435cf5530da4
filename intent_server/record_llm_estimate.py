"""Part of the write side: what asking a language model about a source would take, before anything is asked."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.extract.llm_pages import pages
from ingest.extract.redact import redact
from ingest.pipeline import excluded, read
from ingest.records import Draft, Reader, Session, Source
from intent_server.record_llm import is_asked, page_tokens
from intent_server.record_llm_answers import kept, place_of
from intent_server.record_reading import Recorder, admitted, reading_store
from intent_server.store.save import Origin, tombstone_id


@dataclass(frozen=True, slots=True)
class Estimate:
    """Pages of one or more sources, and the tokens sent for those not answered yet."""

    pages: int = 0
    answered_before: int = 0
    input_tokens: int = 0

    def __add__(self, other: Estimate) -> Estimate:
        """Both together."""
        return Estimate(
            self.pages + other.pages,
            self.answered_before + other.answered_before,
            self.input_tokens + other.input_tokens,
        )


def estimated(run_by: Recorder, source: Source, reader: Reader, model: str) -> Estimate:
    """What a run would ask of this source; nothing is written, no store is made.

    Raises: SourceError, StoreError.
    """
    total = Estimate()
    for session in _sessions(run_by, source, reader):
        if is_asked(session):
            total += _of_session(run_by, session, model)
    return total


def _sessions(run_by: Recorder, source: Source, reader: Reader) -> tuple[Session, ...]:
    found = read(source, reader).sessions
    if not run_by.settings.store.exists():
        return tuple(excluded(one) if tombstone_id(one.native_id) in run_by.excluded else one for one in found)
    with reading_store(run_by) as db:
        return admitted(db, run_by, Origin(source.uri, reader.name), found).sessions


def _of_session(run_by: Recorder, session: Session, model: str) -> Estimate:
    held = kept(place_of(run_by.settings.store, session.kind, session.native_id)).answers
    asked = pages(redact(Draft(session)).session)
    due = [page for page in asked if (model, page.fingerprint) not in held]
    return Estimate(len(asked), len(asked) - len(due), sum(map(page_tokens, due)))
