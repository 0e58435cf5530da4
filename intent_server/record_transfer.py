"""Part of the write side: the record out to files and back: Parquet and JSON lines exactly, MADR for people to read.

What is written is only for its owner to read, and is there whole or not at all.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal, TextIO

from intent_server.answers_record import RuleCount, Transferred
from intent_server.config import Settings
from intent_server.embed import Embedder
from intent_server.embed_models import chosen_model
from intent_server.errors import BadRequest, ExportDamaged
from intent_server.record_index import index_anew
from intent_server.record_madr import madr_files
from intent_server.store.connect import Db, open_copy, open_fresh, open_reader, transaction
from intent_server.store.index import sort_postings
from intent_server.store.migrate import migrate
from intent_server.store.transfer import (
    MANIFEST,
    Manifest,
    holds_rows,
    load_json,
    load_parquet,
    manifest_from,
    manifest_of,
    write_json,
    write_parquet,
)

Format = Literal["parquet", "json", "madr"]
_FIRST_LINE_CHARS = 1 << 20
"""A manifest takes some 2,000; a file whose first line is longer is none of ours."""


def export(settings: Settings, format: Format, place: Path) -> Transferred:
    """Write the record to a folder (`parquet`, `madr`) or a file (`json`) that is not there yet, or is empty.

    Raises: BadRequest for a place that holds something, StoreError.
    """
    if format == "json":
        with _new_file(place) as stream:
            told = write_lines(settings, stream)
        return told.model_copy(update={"place": str(place)})
    with _new_folder(place) as folder:
        if format == "madr":
            return _write_madr(settings, folder, place)
        with open_reader(settings.store, wait_s=settings.wait_s):
            pass  # brings an older store up to date
        with open_copy(settings.store, wait_s=settings.wait_s) as db:
            manifest = _manifest(db, settings.store)
            write_parquet(db, manifest, folder)
    return _told(manifest, "parquet", place)


def write_lines(settings: Settings, stream: TextIO) -> Transferred:
    """Write the record as JSON lines; a stream that stands still does not hold the store."""
    with open_reader(settings.store, wait_s=settings.wait_s):
        pass  # brings an older store up to date
    with open_copy(settings.store, wait_s=settings.wait_s) as db:
        manifest = _manifest(db, settings.store)
        write_json(db, manifest, stream)
    return _told(manifest, "json", Path("-"))


def import_(
    settings: Settings,
    place: Path,
    *,
    embedder: Callable[[], Embedder] | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Transferred:
    """Make the store from an export, exactly as it was exported, with its search index made anew; all or nothing.

    `progress`: called with (sessions indexed, sessions).
    Raises: BadRequest for a store that holds something and for what is no export, ExportDamaged, ExportNewer.
    """
    model = embedder or chosen_model(settings)
    if place.is_dir():
        manifest = manifest_from(_folder_manifest(place), str(place))
        _fill(settings, manifest, lambda db: load_parquet(db, manifest, place), model(), progress)
        return _told(manifest, "parquet", place)
    if not place.is_file():
        raise BadRequest(f"No export at '{place}'. Give the folder or file that `intent export` wrote.")
    with place.open(encoding="utf-8", errors="surrogateescape") as lines:
        manifest = manifest_from(lines.readline(_FIRST_LINE_CHARS), str(place))
        _fill(settings, manifest, lambda db: load_json(db, manifest, lines, str(place)), model(), progress)
    return _told(manifest, "json", place)


def _fill(
    settings: Settings,
    manifest: Manifest,
    load: Callable[[Db], None],
    model: Embedder,
    progress: Callable[[int, int], None],
) -> None:
    """The rows into a fresh store of the version that they were exported from, which is then brought up to date."""
    store, now = settings.store, datetime.now(UTC).replace(tzinfo=None)

    def check(db: Db) -> None:
        if holds_rows(db):
            raise BadRequest(f"The store '{store}' is not empty; import into a new one with --store, or move it away.")

    with open_fresh(store, wait_s=settings.wait_s, check=check) as db:
        migrate(db, store, now=now, upto=manifest.schema_version)
        with transaction(db):
            load(db)
        migrate(db, store, now=now)
        with transaction(db):
            index_anew(db, model, progress)
        sort_postings(db)


def _folder_manifest(folder: Path) -> str:
    try:
        return (folder / MANIFEST).read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        if any(folder.glob("*.md")):
            raise BadRequest(
                f"'{folder}' holds Markdown records, which are read as a source: `intent ingest '{folder}'`. "
                "Only a Parquet or JSON export brings a whole store back."
            ) from None
        raise ExportDamaged(str(folder), f"it has no {MANIFEST}: it is no export, or one cut short") from None
    except OSError as error:
        raise ExportDamaged(str(folder), f"its {MANIFEST} cannot be read ({error.strerror})") from error


def _write_madr(settings: Settings, folder: Path, place: Path) -> Transferred:
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        files = madr_files(db)
    for file in files:
        (folder / file.name).write_text(file.text, encoding="utf-8")
    others = sum(not file.is_word_for_word for file in files)
    counts = {"decisions": len(files), "decisions that our reader does not take back word for word": others}
    told = [RuleCount(rule=name, count=count) for name, count in counts.items()]
    return Transferred(format="madr", place=str(place), counts=told)


def _manifest(db: Db, store: Path) -> Manifest:
    return manifest_of(db, store, made_by=f"intent-server {version('intent-server')}")


def _told(manifest: Manifest, format: Format, place: Path) -> Transferred:
    counts = [RuleCount(rule=name, count=table.rows) for name, table in manifest.tables.items()]
    return Transferred(format=format, place=str(place), counts=counts)


@contextmanager
def _new_folder(place: Path) -> Iterator[Path]:
    """A folder of mode 0700 that takes its place when the block ends well; its files get mode 0600."""
    if place.exists() and not (place.is_dir() and not any(place.iterdir())):
        raise BadRequest(f"'{place}' is there already and not an empty folder. Name another one.")
    place.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    try:
        yield made
        for file in made.iterdir():
            file.chmod(0o600)
        if place.is_dir():
            place.rmdir()
        made.rename(place)
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _new_file(place: Path) -> Iterator[TextIO]:
    """A file of mode 0600 that takes its place when the block ends well."""
    if place.is_dir() or (place.exists() and place.stat().st_size):
        raise BadRequest(f"'{place}' is there already and not empty. Name another file.")
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    made = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            yield stream
        made.replace(place)
    finally:
        made.unlink(missing_ok=True)
