"""Questions asked of a store with the records that answer them, and of one without: what the product sees of each."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from verdict_questions import Document, Question, documents, questions

from ingest.errors import NoReader
from ingest.records import Source
from ingest.registry import reader_for
from ingest.sources import Declared, gathered
from intent_server import questions as product
from intent_server.config import Settings
from intent_server.embed_models import chosen_model
from intent_server.questions_asker import in_names_of
from intent_server.questions_index import KEPT_HITS, find
from intent_server.questions_judge import candidates, fits
from intent_server.questions_scan import keyword_hits
from intent_server.record import ingest_source, recorder
from intent_server.record_upkeep import forget
from intent_server.search_fit import decision_relevance, features
from intent_server.search_relevance import asked
from intent_server.store import load_sessions
from intent_server.store.connect import Db, open_reader

SAMPLES = "samples/"  # all of them tell of the same shop: what one says another one may say too


@dataclass(frozen=True, slots=True)
class Candidate:
    """A decision that is judged: what it meets the question by, how likely it is held, and whether it is right."""

    features: tuple[float, ...]
    likely: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked in one condition. `verdict`: the product's; `first_is_right`: of the decisions it shows.

    `group`: the document by which folds are made. `words`, `nearness`: the highest BM25 score and cosine of a decision.
    """

    text: str
    corpus: str
    source: str
    group: str
    condition: Literal["recorded", "removed", "near miss", "unrelated"]
    candidates: tuple[Candidate, ...]
    verdict: str
    first_is_right: bool
    words: float
    nearness: float

    @property
    def is_answerable(self) -> bool:
        """Whether a record in the store answers."""
        return self.condition == "recorded"


def gathered_cases(data: Path, folder: Path, embedder: str | None) -> Iterator[Case]:
    """Every question in each condition, one corpus after the other."""
    held = documents(data, folder / "files")
    for corpus, listed in held.items():
        settings = Settings(store=folder / f"{corpus}.duckdb", embedder=embedder)
        for document in listed:
            _ingest(settings, document.path)
        yield from _of_corpus(settings, listed, [one for one in questions(data) if one.corpus == corpus])


def write_cases(cases: Sequence[Case], place: Path) -> None:
    """One case a line."""
    place.write_text("".join(json.dumps(asdict(case)) + "\n" for case in cases), "utf-8")


def read_cases(place: Path) -> list[Case]:
    """What `write_cases` wrote."""
    return [_case(json.loads(line)) for line in place.read_text("utf-8").splitlines()]


def _case(row: dict[str, object]) -> Case:
    listed = row.pop("candidates")
    assert isinstance(listed, list)
    made = tuple(Candidate(tuple(one["features"]), one["likely"], one["is_right"]) for one in listed)
    return Case(candidates=made, **row)  # type: ignore[arg-type]  # as written


def _of_corpus(settings: Settings, listed: Sequence[Document], put: Sequence[Question]) -> Iterator[Case]:
    with open_reader(settings.store, wait_s=30) as db:
        sessions = _sessions(db, listed)
        decided = {one.session_id for one in load_sessions.sessions(db, limit=10_000) if one.decisions}
    asker = _asker(settings)
    groups: dict[frozenset[str], list[Question]] = {}
    for question in put:
        right = {one for name in question.documents for one in sessions.get(name, ())} & decided
        if question.documents and not right:
            continue  # the reader finds no decision in those records: nothing `why` could show
        yield _asked(asker, question, right, "recorded" if right else question.kind)
        if right:
            groups.setdefault(_gone(question, listed), []).append(question)
    for names, group in groups.items():
        without = _without(settings, [one for name in names for one in sessions.get(name, ())])
        asker = _asker(without)
        yield from (_asked(asker, question, set(), "removed") for question in group)


def _gone(question: Question, listed: Sequence[Document]) -> frozenset[str]:
    """The documents that are taken out: those that answer, and of our samples all."""
    if any(name.startswith(SAMPLES) for name in question.documents):
        return question.documents | {one.name for one in listed if one.name.startswith(SAMPLES)}
    return question.documents


def _asker(settings: Settings) -> product.Asker:
    return product.Asker(settings, chosen_model(settings))


def _asked(asker: product.Asker, question: Question, right: set[str], condition: str) -> Case:
    words = asked(question.text)
    answer = product.why(asker, question.text)
    with open_reader(asker.settings.store, wait_s=30) as db:
        store = asker.held(db)
        words = in_names_of(store, words)
        vector = asker.vector(words.about)
        found = find(db, store, words, vector)
        ids = candidates(store, found)
        met = fits(db, store, asker.embedder(), found, vector, ids)
        known = store.statistics(db, words.terms)
        terms, weights = store.index.postings, found.weighed.term_weights()
        given = db, store.rows, terms, known, words, weights
        hits = keyword_hits(*given, allowed=~store.hidden, limit=KEPT_HITS)
    judged = tuple(
        Candidate(tuple(features(fit).values()), decision_relevance(fit), store.cores[one].session_id in right)
        for one, fit in met.items()
    )
    return Case(
        text=question.text,
        corpus=question.corpus,
        source=question.source,
        group=min(question.documents, default=question.text),
        condition=condition,  # type: ignore[arg-type]  # a Question's kind, or one of the two others
        candidates=judged,
        verdict=answer.verdict,
        first_is_right=bool(answer.decisions) and answer.decisions[0].session_id in right,
        words=max((hit.score for hit in hits if hit.document_no in found.decisions), default=0.0),
        nearness=max((found.cosines[one] for one in found.decisions), default=0.0),
    )


def _sessions(db: Db, listed: Sequence[Document]) -> Mapping[str, list[str]]:
    """The sessions of each document: of its file, or of a file in its folder."""
    by_place = {one.path.as_posix(): one.name for one in listed}
    found: dict[str, list[str]] = {}
    for head in load_sessions.heads_named(db, ""):
        place = Path(head.source.removeprefix("file://"))
        name = next((by_place[at.as_posix()] for at in (place, *place.parents) if at.as_posix() in by_place), None)
        if name is not None:
            found.setdefault(name, []).append(head.session_id)
    return found


def _without(settings: Settings, session_ids: Sequence[str]) -> Settings:
    """A copy of the store (which nobody has open) that forgot these sessions."""
    place = settings.store.with_name("without.duckdb")
    shutil.copyfile(settings.store, place)
    copied = Settings(store=place, embedder=settings.embedder)
    for session_id in session_ids:
        forget(copied, session_id, now=datetime.now(UTC))
    return copied


def _ingest(settings: Settings, path: Path) -> None:
    """A file, or a folder that is one export; what no reader takes is left out."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    for source in gathered(path, files, [frozenset(file.name for file in files)], Declared()):
        assert isinstance(source, Source)
        try:
            reader = reader_for(source)
        except NoReader:
            continue
        ingest_source(recorder(settings, embedder=chosen_model(settings)), source, reader)
