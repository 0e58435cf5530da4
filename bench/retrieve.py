"""How well search and `why` find things, by the product's own code on a store made for it.

    python bench/retrieve.py --data ../shared/data

"meetings": the specific queries of the 33 official QMSum validation meetings, each asked within its meeting; windows
that overlap the annotated turns are right. nDCG@10 over all queries, hit@5 over those that ask about a decision or a
reason, for BM25 alone, vectors alone and both fused. The bundled embedder was not trained on these meetings.
"answers": questions of ours (why_questions.jsonl) over published decision records and data/samples: how often `why`
shows the right decision (first, at all), and how often it answers what it cannot know: questions with a wrong name in
them, about other things, and all the first ones again with the records that answer them taken out of the store.

Reads `qmsum/*.json` and `adrs/adrs.jsonl` under --data and scores with `metrics.py` from the folder above it.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from metrics_beside import metrics_beside

from ingest.records import Source
from ingest.registry import reader_for
from ingest.sources import Declared, gathered
from intent_server import questions
from intent_server.config import Settings
from intent_server.embed import bundled
from intent_server.questions_index import find
from intent_server.record import ingest_source, recorder
from intent_server.record_upkeep import forget
from intent_server.search_relevance import asked
from intent_server.store import load_index, load_sessions
from intent_server.store.connect import Db, open_reader

Rankings = Mapping[str, Sequence[int]]
SAMPLES = Path(__file__).parents[1] / "data" / "samples"


@dataclass(frozen=True, slots=True)
class Query:
    """A query of one meeting; `spans` are inclusive turn ranges."""

    meeting: str
    text: str
    spans: tuple[tuple[int, int], ...]
    is_why: bool


def main() -> None:
    """Runs both parts and prints their figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    for needed, part in ((data / "qmsum", meetings), (data / "adrs" / "adrs.jsonl", answers)):
        if needed.exists() and (data.parent / "metrics.py").exists():
            with TemporaryDirectory() as folder:
                part(data, Path(folder))
        else:
            print(f"skipped: no {needed}, or no metrics.py beside {data}")


def meetings(data: Path, folder: Path) -> None:
    """Ranks windows within each validation meeting."""
    metrics = metrics_beside(data)
    settings, queries = Settings(store=folder / "intent.duckdb"), []
    for path in sorted((data / "qmsum").glob("*.json")):
        meeting = json.loads(path.read_text("utf-8"))
        if meeting["official_split"] == "val":
            _ingest(settings, _transcript(folder / path.name, meeting))
            queries += list(_queries(path.stem, meeting))
    scores: dict[str, tuple[list[float], list[float]]] = {}
    with open_reader(settings.store, wait_s=5) as db:
        for query in queries:
            rankings, relevant = _rankings(db, settings, query)
            for name, ranking in rankings.items():
                gains, hits = scores.setdefault(name, ([], []))
                gains.append(metrics.ndcg_at(ranking, relevant, 10))
                if query.is_why:
                    hits.append(float(metrics.hit_at(ranking, relevant, 5)))
    for name, (gains, hits) in scores.items():
        print(
            f"meetings  {name:8} nDCG@10 {statistics.mean(gains):.3f} ({len(gains)} queries)  "
            f"hit@5 on decisions and reasons {statistics.mean(hits):.3f} ({len(hits)})"
        )


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


def _rankings(db: Db, settings: Settings, query: Query) -> tuple[Rankings, set[int]]:
    """Windows by each ranking, and those that are right."""
    model, words = bundled(), asked(query.text)
    asker = _ASKERS.setdefault(settings.store, questions.asker(settings))
    store = asker.held(db)
    session_id = load_sessions.session_id(db, query.meeting)
    found = find(db, store, words, model.embed([query.text])[0], session_id=session_id)
    known = store.statistics(db, words.terms)
    weights = found.weighed.term_weights()
    hits = load_index.keyword_hits(db, known, weights, session_id=session_id, limit=1000)
    windows = {
        number: document
        for number, document in store.documents(list(found.scores)).items()
        if document.decision_id is None
    }
    rankings = {
        "BM25": [hit.document_no for hit in hits if hit.document_no in windows],
        "vectors": _sorted(windows, lambda number: found.cosines[number]),
        "fused": _sorted(windows, lambda number: found.scores[number]),
    }
    relevant = {
        number
        for number, window in windows.items()
        if any(window.first_utterance <= last and window.last_utterance >= first for first, last in query.spans)
    }
    return rankings, relevant


_ASKERS: dict[Path, questions.Asker] = {}


def _sorted(numbers: Mapping[int, object], score: Callable[[int], float]) -> list[int]:
    return sorted(numbers, key=lambda number: -score(number))


def _ingest(settings: Settings, path: Path) -> None:
    """A file, or a folder that is one export."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    for source in gathered(path, files, [frozenset(file.name for file in files)], Declared()):
        assert isinstance(source, Source)
        ingest_source(recorder(settings), source, reader_for(source))


def _transcript(path: Path, meeting: Mapping[str, object]) -> Path:
    """The meeting in our own transcript format; blank turns keep their place so that turn numbers hold."""
    turns = meeting["meeting_transcripts"]
    assert isinstance(turns, list)
    said = [
        {
            "id": str(number),
            "speaker": turn["speaker"],
            "text": turn["content"].strip() or "…",
            "start_ms": number * 1000,
        }
        for number, turn in enumerate(turns)
    ]
    path.write_text(json.dumps({"title": path.stem, "started_at": "2026-01-05T09:00:00Z", "utterances": said}), "utf-8")
    return path


def _queries(name: str, meeting: Mapping[str, object]) -> Sequence[Query]:
    listed = meeting["specific_query_list"]
    assert isinstance(listed, list)
    return [
        Query(
            name,
            item["query"],
            tuple((int(first), int(last)) for first, last in item["relevant_text_span"]),
            bool(item["decision_query"] or item["why_query"]),
        )
        for item in listed
    ]


if __name__ == "__main__":
    main()
