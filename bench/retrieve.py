"""How well search and `why` find things, by the product's own code on a store made for it.

    python bench/retrieve.py --data ../shared/data

"meetings": the specific queries of the 33 official QMSum validation meetings, each asked within its meeting; windows
that overlap the annotated turns are right. nDCG@10 over all queries, hit@5 over those that ask about a decision or a
reason, for BM25 alone, vectors alone and both fused. The bundled embedder was not trained on these meetings.
"answers": questions of ours (why_questions.jsonl) over published decision records, half of them about things that no
record tells of: how often `why` shows the right decision (first, at all) and how often it answers what it cannot know.

Reads `qmsum/*.json` and `adrs/adrs.jsonl` under --data and scores with `metrics.py` from the folder above it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import questions
from intent_server.config import Settings
from intent_server.embed import bundled
from intent_server.questions_index import Cache, find, vectors
from intent_server.record import ingest_source, recorder
from intent_server.search_relevance import asked
from intent_server.store import load_index, load_sessions
from intent_server.store.connect import Db, open_reader

Rankings = Mapping[str, Sequence[int]]


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
    metrics = _metrics(data)
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
    """Asks `why` what is and what is not recorded."""
    settings = Settings(store=folder / "intent.duckdb")
    for line in (data / "adrs" / "adrs.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        path = folder / re.sub(r"[^\w.-]", "__", record["id"])
        path.write_text(record["text"], "utf-8")
        _ingest(settings, path)
    with open_reader(settings.store, wait_s=5) as db:
        held = {Path(item.source).name for item in load_sessions.sessions(db, limit=1000) if item.decisions}
    asker, counts = (
        questions.asker(settings),
        {"known": 0, "first": 0, "found": 0, "shown": 0, "unknown": 0, "wrong": 0},
    )
    for line in (Path(__file__).parent / "why_questions.jsonl").read_text("utf-8").splitlines():
        item = json.loads(line)
        wanted = re.sub(r"[^\w.-]", "__", item["decision"]) if item["decision"] else None
        if wanted is not None and wanted not in held:
            continue  # the reader finds no decision in that record: nothing `why` could show
        answer = questions.why(asker, item["question"])
        sources = [Path(decision.choice.quotes[0].place.source).name for decision in answer.decisions]
        if wanted is None:
            counts["unknown"] += 1
            counts["wrong"] += bool(sources)
        else:
            counts["known"] += 1
            counts["first"] += sources[:1] == [wanted]
            counts["found"] += wanted in sources
            counts["shown"] += len(sources)
        if bool(sources) != bool(wanted) or (wanted and sources[0] != wanted):
            print(f"answers   missed: {item['question']} -> {sources[:1] or answer.verdict}")
    print(
        f"answers   {counts['known']} recorded: first {counts['first']}, found {counts['found']}, "
        f"{counts['shown'] / max(1, counts['known']):.2f} shown each; "
        f"{counts['unknown']} unrecorded: answered {counts['wrong']}"
    )


def _rankings(db: Db, settings: Settings, query: Query) -> tuple[Rankings, set[int]]:
    """Windows by each ranking, and those that are right."""
    model, words = bundled(), asked(query.text)
    held = vectors(_CACHE, db, settings.store, model.revision)
    session_id = load_sessions.session_id(db, query.meeting)
    found = find(db, held, words, model.embed([query.text])[0], session_id=session_id)
    known = load_index.statistics(db, words.terms)
    weights = found.weighed.term_weights()
    hits = load_index.keyword_hits(db, known, weights, session_id=session_id, limit=1000)
    windows = {
        number: document
        for number, document in load_index.documents(db, list(found.scores)).items()
        if document.kind == "conversation"
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


_CACHE = Cache()


def _sorted(numbers: Mapping[int, object], score: Callable[[int], float]) -> list[int]:
    return sorted(numbers, key=lambda number: -score(number))


def _ingest(settings: Settings, path: Path) -> None:
    source = file_source(path, Declared())
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


def _metrics(data: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("metrics", data.parent / "metrics.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
