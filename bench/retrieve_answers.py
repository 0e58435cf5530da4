"""Part of `retrieve.py`: does `why` show the right decision, and none where none is recorded?

Questions of ours (why_questions.jsonl) over published decision records and samples: how often `why` shows the right
decision (first, at all), and how often it answers what it cannot know: questions with a wrong name in them, about other
things, and all the first ones again with the records that answer them taken out of the store.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ingest.records import Source
from ingest.registry import reader_for
from ingest.sources import Declared, gathered
from intent_server import questions
from intent_server.config import Settings
from intent_server.record import ingest_source, recorder
from intent_server.record_upkeep import forget
from intent_server.store import load_sessions
from intent_server.store.connect import open_reader

SAMPLES = Path(__file__).parents[1] / "data" / "samples"


def answers(data: Path, folder: Path) -> None:
    """Asks `why` what is and what is not recorded, then each question again with the records that answer it removed."""
    settings = Settings(store=folder / "intent.duckdb")
    places = _records(settings, data, folder)
    asker, counts = questions.asker(settings), Counter[str]()
    with open_reader(settings.store, wait_s=5) as db:
        held = {Path(item.source).name for item in load_sessions.sessions(db, limit=1000) if item.decisions}
    for line in (Path(__file__).parent / "why_questions.jsonl").read_text("utf-8").splitlines():
        item = json.loads(line)
        wanted = {places[record].name for record in item["records"]} & held
        if item["records"] and not wanted:
            continue  # the reader finds no decision in those records: nothing `why` could show
        sources = _answering(asker, item["question"])
        _count(counts, item, wanted, sources)
        if wanted and (again := _answering(questions.asker(_without(settings, wanted)), item["question"])):
            counts["removed answered"] += 1
            print(f"answers   with its records removed: {item['question']} -> {again[:1]}")
    known = counts["answerable asked"]
    print(
        f"answers   {known} recorded: first {counts['first']}, found {counts['found']}, "
        f"{counts['shown'] / max(1, known):.2f} shown each; "
        f"without these records answered {counts['removed answered']}; "
        f"{counts['near miss asked']} near misses: answered {counts['near miss answered']}; "
        f"{counts['unrelated asked']} unrelated: answered {counts['unrelated answered']}"
    )


def _records(settings: Settings, data: Path, folder: Path) -> Mapping[str, Path]:
    """Every record by the name that why_questions.jsonl gives it, all of them in the store."""
    places = {f"samples/{path.name}": path for path in sorted(SAMPLES.glob("*/*"))}
    for line in (data / "adrs" / "adrs.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        path = folder / re.sub(r"[^\w.-]", "__", record["id"])
        path.write_text(record["text"], "utf-8")
        places[record["id"]] = path
    for path in places.values():
        _ingest(settings, path)
    return places


def _count(counts: Counter[str], item: Mapping[str, object], wanted: Collection[str], sources: Sequence[str]) -> None:
    counts[f"{item['kind']} asked"] += 1
    counts[f"{item['kind']} answered"] += bool(sources)
    if wanted:
        counts["first"] += sources[:1] != [] and sources[0] in wanted
        counts["found"] += any(source in wanted for source in sources)
        counts["shown"] += len(sources)
    if bool(sources) != bool(wanted) or (wanted and sources[0] not in wanted):
        print(f"answers   missed: {item['question']} -> {sources[:1]}")


def _answering(asker: questions.Asker, question: str) -> list[str]:
    """The file names of the sources of the decisions that `why` shows."""
    decisions = questions.why(asker, question).decisions
    return [Path(decision.choice.quotes[0].place.source).name for decision in decisions]


def _without(settings: Settings, names: Collection[str]) -> Settings:
    """A copy of the store (which nobody has open) that forgot the sessions from files of these names."""
    place = settings.store.with_name("without.duckdb")
    shutil.copyfile(settings.store, place)
    copied = Settings(store=place)
    with open_reader(place, wait_s=5) as db:
        gone = [one.session_id for one in load_sessions.sessions(db, limit=1000) if Path(one.source).name in names]
    for session_id in gone:
        forget(copied, session_id, now=datetime.now(UTC))
    return copied


def _ingest(settings: Settings, path: Path) -> None:
    """A file, or a folder that is one export."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    for source in gathered(path, files, [frozenset(file.name for file in files)], Declared()):
        assert isinstance(source, Source)
        ingest_source(recorder(settings), source, reader_for(source))
