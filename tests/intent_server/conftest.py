"""A store of a few sessions for the read side, and a model that knows words but no meaning."""

import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from ingest.records import Candidate, Ingested, Session
from intent_server.embed import Embedder
from intent_server.search import terms
from intent_server.search_documents import index_documents
from intent_server.store.connect import Db, open_writer
from intent_server.store.index import Model
from intent_server.store.rows import insert, stamp
from intent_server.store.save import Origin, Prepared, outline, save_session

Kept = tuple[Session, Sequence[Candidate]]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STORES_KEPT = 20
"""Of those that tests began with; each takes a few megabytes."""


@pytest.fixture
def hashed() -> Embedder:
    """Each term has a random direction of its own."""

    def embed(texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), 256), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for term in terms(text):
                row += np.random.default_rng(list(term.encode())).standard_normal(256).astype(np.float32)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, norms, out=rows, where=norms > 0)

    return Embedder("hashed", "b2:hashed", 256, embed)


@pytest.fixture(scope="session")
def kept_before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Path]]:
    """A folder for stores that tests began with, and where each lies, by what was put into it."""
    return tmp_path_factory.mktemp("kept"), {}


@pytest.fixture
def keep(
    tmp_path: Path, hashed: Embedder, blank: Path, kept_before: tuple[Path, dict[str, Path]]
) -> Callable[..., Path]:
    """Puts sessions with their decisions into one store, links what supersedes what, and gives the store's place.

    What a test puts into an empty store, as one of the tests before did, is copied: most tests of a module begin alike.
    """
    place = tmp_path / "intent.duckdb"
    used: list[Embedder] = []
    folder, made = kept_before

    def put(*kept: Kept, model: Embedder | None = None, supersedes: tuple[str, str] | None = None) -> Path:
        used.append(model or (used[-1] if used else hashed))
        if place.exists():
            return add(kept, supersedes)
        key = repr((kept, used[-1].name, used[-1].revision, supersedes))
        if key in made:
            shutil.copyfile(made[key], place)
            return place
        shutil.copyfile(blank, place)
        add(kept, supersedes)
        if len(made) == STORES_KEPT:
            made.pop(next(iter(made))).unlink()
        made[key] = Path(shutil.copyfile(place, folder / f"{tmp_path.name}.duckdb"))
        return place

    def add(kept: Sequence[Kept], supersedes: tuple[str, str] | None) -> Path:
        with open_writer(place, wait_s=5) as db:
            for session, candidates in kept:
                origin = Origin(f"/talks/{session.native_id}.vtt", "vtt")
                save_session(db, prepared(session, candidates, used[-1]), origin, now=NOW, actor="test")
            if supersedes:
                _supersede(db, *supersedes)
        return place

    return put


def prepared(session: Session, candidates: Sequence[Candidate], model: Embedder) -> Prepared:
    ingested = Ingested(session, tuple(candidates))
    documents = index_documents(session.utterances, enumerate(candidates), model)
    return Prepared(ingested, outline(ingested), documents, Model(model.name, model.revision))


def _supersede(db: Db, newer: str, older: str) -> None:
    row = {"link_id": "z", "decision_id": newer, "relation": "supersedes", "target_kind": "decision", "target": older}
    insert(db, "links", [row | {"method": "explicit", "recorded_from": stamp(NOW)}])
    db.execute("UPDATE decisions SET status = 'superseded' WHERE decision_id = ?", [older])
