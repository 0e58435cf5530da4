"""What bench/link.py reads: agents' sessions written out of segments, and folders of decision records.

A segment has an agent's turns without their times and without what tools answered: times are made here, fifteen seconds
a turn from the segment's start, never past the next segment's of the same session.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

Kind = Literal["repository", "segments", "files", "absent"]
RECORDS = re.compile(r"(?:^|/)(?:adrs?|decisions|architecture[-_]decision[-_]records?)$", re.IGNORECASE)
_TURN = timedelta(seconds=15)
_HOME = "/home/dev"
_SUBJECTS = {"Read": "file_path", "Edit": "file_path", "Write": "file_path", "Bash": "command", "Grep": "pattern"}


def kind_of(folder: Path) -> Kind:
    """What a folder is for the bench."""
    if not folder.is_dir():
        return "absent"
    if (folder / "segments.jsonl").exists():
        return "segments"
    if (folder / ".git").exists() or (folder / "HEAD").exists():
        return "repository"
    return "files"


def record_folders(repository: Path) -> list[Path]:
    """The folders of decision records in a clone, outermost only."""
    found = [
        path
        for path in sorted(repository.rglob("*"))
        if path.is_dir() and RECORDS.search(path.relative_to(repository).as_posix()) and any(path.glob("*.md"))
    ]
    return [path for path in found if not any(other in path.parents for other in found)]


def segments(folder: Path) -> list[Mapping[str, Any]]:
    """The segments that have a start, by it."""
    lines = (folder / "segments.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted((one for one in map(json.loads, lines) if one["start"]), key=lambda one: str(one["start"]))


def transcripts(folder: Path, into: Path) -> int:
    """Write each session of the segments as a Claude Code file; how many."""
    sessions: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for segment in segments(folder):
        sessions[str(segment["session"])].append(segment)
    into.mkdir(parents=True, exist_ok=True)
    for session, parts in sessions.items():
        rows = list(_rows(session, parts))
        text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        (into / f"{session}.jsonl").write_text(text, encoding="utf-8")
    return len(sessions)


def _rows(session: str, parts: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, object]]:
    folder = _folder(parts)
    starts = [_moment(str(part["start"])) for part in parts]
    for position, part in enumerate(parts):
        limit = starts[position + 1] if position + 1 < len(parts) else datetime.max.replace(tzinfo=UTC)
        for number, turn in enumerate(part["turns"]):
            at = min(starts[position] + number * _TURN, limit)
            name = f"{position:03}-{number:05}"
            yield {
                "type": "user" if turn["role"] == "user" else "assistant",
                "uuid": f"{session}-{name}",
                "sessionId": session,
                "cwd": folder,
                "timestamp": at.isoformat().replace("+00:00", "Z"),
                "message": {"role": "user" if turn["role"] == "user" else "assistant", "content": _content(turn, name)},
            }


def _content(turn: Mapping[str, Any], name: str) -> object:
    if turn["role"] == "user":
        return _at_home(turn["text"])
    if turn["role"] == "assistant":
        return [{"type": "text", "text": _at_home(turn["text"])}]
    given = {_SUBJECTS.get(turn["tool"], "description"): _at_home(turn["arg"])}
    return [{"type": "tool_use", "id": f"call-{name}", "name": turn["tool"], "input": given}]


def _folder(parts: Iterable[Mapping[str, Any]]) -> str:
    """The working directory: what stands before the files touched in the paths that tools were given."""
    found: Counter[str] = Counter()
    for part in parts:
        for turn in part["turns"]:
            given = _at_home(turn.get("arg") or "")
            found.update(given[: -len(file) - 1] for file in part["files_touched"] or () if given.endswith(f"/{file}"))
    return found.most_common(1)[0][0] if found else f"{_HOME}/cli"


def _at_home(text: str) -> str:
    return re.sub(r"(?<![\w/])~(?=/)", _HOME, text)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
