"""The real sessions that two readers labelled, rebuilt from the folders they come from.

The files of `bench/labels` name a session and utterance positions in it, no text. The id of a session says where it
comes from; the words are what our own readers make of the file, secrets masked. `github:OWNER/NAME@COMMIT:PATH` is a
file of a public repository: clone it as OWNER/NAME under one folder and name that folder in INTENT_CLONES.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from ingest.extract.redact import redact
from ingest.pipeline import read, sources_in
from ingest.records import Draft, Role, Session, Source, Utterance
from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from ingest.text import normalise

SPECSTORY = "data/agent_sessions_specstory"
CLAUDE = "data/agent_sessions_claude_jsonl"
SEGMENTS = "data/agent_commit_sessions/segments.jsonl"
ISSUES = "data/oss_issue_infotypes/issues.jsonl"
MEETINGS = "data/ami_icsi_decisions"
_SPOKEN: dict[str, Role] = {"user": "person", "assistant": "assistant", "tool": "tool_call"}
_CLONED = re.compile(r"github:([^@]+)@([0-9a-f]{40}):(.+)")
_INJECTED = re.compile(r"^\s*<(?:command-|local-command|system-reminder|task-notification)|^\[Request interrupted")


def session(shared: Path, name: str) -> Session:
    """The session that a label file names, as extraction is given it: `PATH`, `PATH#NATIVE_ID` or `PATH#KEY`.

    Raises: KeyError when the path holds no such session; OSError when the folder is not there.
    """
    if cloned := _CLONED.fullmatch(name):
        return _masked(_from_clone(*cloned.groups()))
    path, _, key = name.partition("#")
    for place, build in _BUILT.items():
        if path == place or path.startswith(place + "/"):
            return _masked(build(shared / path, key))
    return _masked(_read(shared / path, key))


def is_here(name: str) -> bool:
    """Whether the session can be read: false for one of a repository of which no clone lies in INTENT_CLONES."""
    cloned = _CLONED.fullmatch(name)
    return cloned is None or _clone(cloned[1]).exists()


def _clone(repository: str) -> Path:
    return Path(os.environ.get("INTENT_CLONES", "clones")) / repository


def _from_clone(repository: str, commit: str, path: str) -> Session:
    told = subprocess.run(
        ["git", "-C", str(_clone(repository)), "show", f"{commit}:{path}"], capture_output=True, check=True
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / PurePosixPath(path).name
        file.write_bytes(told.stdout)
        return _read(file, "")


def utterances(turns: Iterator[tuple[Role, str | None, str]]) -> tuple[Utterance, ...]:
    """(role, speaker, text) as utterances; turns without words are left out."""
    kept = [(role, speaker, text) for role, speaker, raw in turns if (text := normalise(raw)).strip()]
    return tuple(
        Utterance(index, text, role, f"turn {index}", speaker) for index, (role, speaker, text) in enumerate(kept)
    )


def _masked(found: Session) -> Session:
    return redact(Draft(found)).session


def _read(path: Path, key: str) -> Session:
    for source in sources_in(path, Declared()) if path.is_dir() else [file_source(path, Declared())]:
        if isinstance(source, Source):
            for one in read(source, reader_for(source)).sessions:
                if isinstance(one, Session) and one.utterances and key in ("", one.native_id):
                    return one
    raise KeyError(f"{path} holds no session {key!r}")


def _segment(path: Path, key: str) -> Session:
    found = _line(path, lambda row: row["segment"] == key)
    turns = (
        (
            "harness" if turn["role"] == "user" and _INJECTED.match(turn["text"]) else _SPOKEN[turn["role"]],
            None,
            turn["text"] if "text" in turn else f"{turn['tool']} {turn['arg']}".strip(),
        )
        for turn in found["turns"]
    )
    spoken = utterances(turns)
    return Session("agent_session", key, spoken, len(spoken))


def _issue(path: Path, key: str) -> Session:
    """Sentences of one author role in a row are one comment: the set does not say where a comment ends."""
    found = _line(path, lambda row: f"{row['project']}-{row['issue']}" == key)
    spoken = utterances(("person", one["author_role"], one["text"]) for one in found["sentences"])
    return Session("issue", key, spoken, len(spoken))


def _meeting(path: Path, key: str) -> Session:
    del key
    found = json.loads(path.read_text(encoding="utf-8"))
    spoken = tuple(
        Utterance(
            i,
            normalise(one["text"]).strip() or "-",
            "person",
            f"utterance {i}",
            one["spk"],
            start_ms=int(one["t"] * 1000),
        )
        for i, one in enumerate(found["utterances"])
    )
    return Session("meeting", path.stem, spoken, len(spoken))


def _line(path: Path, is_meant: Callable[[dict], bool]) -> dict:
    with path.open(encoding="utf-8") as lines:
        return next(row for row in map(json.loads, lines) if is_meant(row))


_BUILT = {SEGMENTS: _segment, ISSUES: _issue, MEETINGS: _meeting}
