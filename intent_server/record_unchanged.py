"""Part of the write side: a source whose bytes, readers and rows are those of its newest batch need not be read again.

What a source gives follows from its bytes, from what was declared of it, and from the reader and the passes; a batch
keeps a fingerprint of each, and one of what came out. Where the first three are the same and the rows held still give
the fourth, reading it once more could change nothing. Whatever else may play a part (another session that holds some
of its records, a review, a language model's answers, files that lie beside it) makes it be read in full.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.fingerprint import fingerprint
from ingest.pipeline import COPIED, extractor_fingerprint
from ingest.records import Reader, Source
from intent_server.answers_record import IrregularCount, RuleCount, SourceReport
from intent_server.record_links import due_supersessions
from intent_server.record_llm_answers import place_of
from intent_server.record_reading import (
    FORGOTTEN,
    Recorder,
    declared_of,
    input_fingerprint,
    is_only_reader,
    reading_store,
)
from intent_server.store.connect import Db
from intent_server.store.migrate import schema_fingerprint
from intent_server.store.quarantine import lost_words_count
from intent_server.store.rows import Row, content_fingerprint, fetched, utterances_fingerprint
from intent_server.store.verify import session_columns

_ELSEWHERE = frozenset({COPIED, FORGOTTEN})
"""Set-aside rules that depend on what else the store holds."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What the store holds of a place now."""

    sessions: tuple[Row, ...]
    decisions: tuple[Row, ...]
    lost: int
    """Reviewed decisions whose words are gone from the source."""


def unchanged(run_by: Recorder, source: Source, reader: Reader) -> SourceReport | None:
    """The report of a source that would give what is held of it; None where it has to be read to know.

    Nothing is extracted and no row is written. Raises: SourceError, StoreError.
    """
    if reader.reads_beside or source.hearing is not None or run_by.excluded or not run_by.settings.store.exists():
        return None
    made_of = {
        "input_fingerprint": input_fingerprint(source),
        "schema_fingerprint": schema_fingerprint(),
        "extractor_fingerprint": extractor_fingerprint(reader),
        "reader": reader.name,
    }
    with reading_store(run_by) as db:
        place = {"uri": source.uri, "reader": reader.name, "is_file": is_only_reader(source)}
        batch = next(iter(fetched(db, "batch_at", **place)), None)
        if batch is None or any(batch[name] != value for name, value in made_of.items()):
            return None
        if _declared(batch) != declared_of(run_by, source) or _set_aside(batch).keys() & _ELSEWHERE:
            return None
        held = _held(db, run_by, place)
        if held is None or _output(db, held, place) != batch["output_fingerprint"] or due_supersessions(db):
            return None
    return _report(source.uri, batch, held)


def _held(db: Db, run_by: Recorder, place: Mapping[str, object]) -> _Held | None:
    """The sessions and decisions of a place; None where somebody reviewed one, or a model answered about one."""
    sessions = tuple(fetched(db, "sessions_at", **place))
    store = run_by.settings.store
    if any(place_of(store, str(row["source_kind"]), str(row["native_id"])).exists() for row in sessions):
        return None
    ids = json.dumps([row["session_id"] for row in sessions])
    decisions = tuple(fetched(db, "marks_of_sessions", sessions=ids)) if sessions else ()
    if any(row["is_reviewed"] for row in decisions):
        return None
    return _Held(sessions, decisions, lost_words_count(db, str(place["uri"])))


def _output(db: Db, held: _Held, place: Mapping[str, object]) -> str:
    """The output's fingerprint made from the rows held, as `record_reading.batch_of` makes it from what was read."""
    return fingerprint(
        {
            "sessions": sorted(_content(db, row) for row in held.sessions),
            "decisions": sorted({str(row["fingerprint"]) for row in held.decisions}),
            "refused": sorted(str(row["fingerprint"]) for row in fetched(db, "held_quarantine", **place)),
        }
    )


def _content(db: Db, session: Row) -> str:
    words = fetched(db, "held_utterances", session_id=session["session_id"])
    return content_fingerprint(session_columns(session), utterances_fingerprint(words, session["time_basis"]))


def _report(uri: str, batch: Row, held: _Held) -> SourceReport:
    waiting = len({(row["session_id"], row["fingerprint"]) for row in held.decisions if row["is_doubtful"]})
    bases = [str(row["time_basis"]) for row in held.sessions]
    notes = [note for row in held.sessions for note in _listed(row["notes"])]
    return SourceReport(
        source=uri,
        reader=str(batch["reader"]),
        unit=str(batch["unit"]),
        outcome="unchanged",
        read=_number(batch["read_count"]),
        kept=_number(batch["kept_count"]),
        set_aside=_number(batch["set_aside_count"]),
        quarantined=_number(batch["quarantined_count"]),
        set_aside_by_rule=_counts(batch["set_aside"]),
        masked=_counts(batch["masked"]),
        irregular=[IrregularCount.model_validate(item) for item in _listed(batch["irregular"])],
        sessions=_number(batch["session_count"]),
        decisions=_number(batch["decision_count"]) - waiting,
        waiting=waiting,
        signature=str(batch["signature"]),
        notes=[*dict.fromkeys(map(str, notes)), *lost_note(held.lost)],
        date_basis="assumed" if "assumed" in bases else next(iter(bases), None),
    )


def lost_note(count: int) -> Sequence[str]:
    """What a person must see to where reviewed decisions lost their words; nothing where none did."""
    if not count:
        return ()
    lost = "1 reviewed decision lost its" if count == 1 else f"{count} reviewed decisions lost their"
    return (f"{lost} words in the source (`intent quarantine list`)",)


def _declared(batch: Row) -> object:
    return None if batch["declared"] is None else json.loads(str(batch["declared"]))


def _set_aside(batch: Row) -> Mapping[str, int]:
    return {str(rule): _number(count) for rule, count in json.loads(str(batch["set_aside"])).items()}


def _counts(told: object) -> list[RuleCount]:
    return [RuleCount(rule=rule, count=count) for rule, count in json.loads(str(told)).items()]


def _listed(told: object) -> list[object]:
    return list(json.loads(str(told)))


def _number(value: object) -> int:
    return int(str(value))
