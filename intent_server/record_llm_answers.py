"""Part of the write side: a language model's answers, kept beside the store so that no page is paid for twice.

One file a session, JSON Lines, in `<store>.llm`: each line is one page's answer, written when it comes; a line cut off
by a kill counts for nothing. What is in it are quotes of masked text. The last line names the model whose answers
count: reading the source again without `--llm`, and `intent verify`, use them and ask nobody.
The name of a file tells neither the session nor its id, and stays the same when the session grows.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ingest.extract.llm_answer import PageAnswer
from ingest.extract.llm_pages import Page
from ingest.fingerprint import fingerprint
from intent_server.store.connect import Db
from intent_server.store.rows import fetched
from intent_server.store.save import tombstone_id
from intent_server.store.workplace import make_home


@dataclass(frozen=True, slots=True)
class Kept:
    """The answers held for one session."""

    model: str | None
    """Whose answers count; None for nobody's."""
    answers: Mapping[tuple[str, str], PageAnswer]
    """By model and page fingerprint."""


def place_of(store: Path, kind: str, native_id: str) -> Path:
    """The file of a session's answers, whether or not there is one."""
    return _file(store, kind, tombstone_id(native_id))


def kept(place: Path) -> Kept:
    """What a file holds; nothing where there is none."""
    model: str | None = None
    answers: dict[tuple[str, str], PageAnswer] = {}
    for facts in _lines(place):
        named = facts.get("model")
        model = named if isinstance(named, str) else None
        if model is not None and "page" in facts:
            try:
                answers[model, str(facts["page"])] = PageAnswer.model_validate(facts.get("answer"))
            except ValidationError:
                continue  # of another version, or edited: the page is asked again
    return Kept(model, answers)


def keep(place: Path, model: str, page: Page, answer: PageAnswer, tokens: tuple[int, int]) -> None:
    """Put an answer down, on the disk when this returns."""
    facts = {"page": page.fingerprint, "tokens": tokens, "answer": answer.model_dump(exclude_defaults=True)}
    _append(place, {"model": model, **facts})


def choose(place: Path, model: str | None) -> None:
    """From now on this model's answers count for the session."""
    _append(place, {"model": model})


def places_of_session(db: Db, store: Path, session_id: str) -> list[Path]:
    """The files of a session and of those that its place gave before it, also of one that was forgotten."""
    before = [str(row["session_id"]) for row in fetched(db, "predecessors", session_id=session_id)]
    rows = [row for one in (*before, session_id) for row in fetched(db, "session_rows", session_id=one)]
    marks = {
        (
            str(row["source_kind"]),
            str(row["native_id"]) if row["identity"] == "forgotten" else tombstone_id(str(row["native_id"])),
        )
        for row in rows
    }
    return [_file(store, kind, mark) for kind, mark in sorted(marks)]


def _file(store: Path, kind: str, mark: str) -> Path:
    name = fingerprint([kind, mark]).rpartition(":")[2][:32]
    return store.with_suffix(".llm") / f"{name}.jsonl"


def _lines(place: Path) -> Iterator[Mapping[str, object]]:
    if not place.exists():
        return
    for line in place.read_bytes().splitlines():
        try:
            facts = json.loads(line)
        except ValueError:
            continue  # cut off by a kill
        if isinstance(facts, dict):
            yield facts


def _append(place: Path, facts: Mapping[str, object]) -> None:
    make_home(place.parent)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    line = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    opened = os.open(place, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(opened).st_size
        is_torn = size > 0 and os.pread(opened, 1, size - 1) != b"\n"
        os.write(opened, b"\n" + line if is_torn else line)
        os.fsync(opened)
    finally:
        os.close(opened)
