"""What agents' sessions are known to have led to, by the trailers of commits: truth beside hand judgements."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from link_material import segments
from link_rows import Link

from intent_server.store.connect import open_reader

_TRAILER = re.compile(r'"Entire-Checkpoint",\s*"([0-9a-f]{12})"')
_MADE = "SELECT sha, CAST(trailers AS VARCHAR), repository FROM commits WHERE repository LIKE '%/entireio/cli'"
_FILES = "SELECT sha, path FROM commit_files WHERE repository LIKE '%/entireio/cli'"


def truth(
    store: Path, place: Path, links: Sequence[Link], based: Iterable[Link], commits: Iterable[tuple[str, str, str]]
) -> None:
    """Print how many of the links of agents' sessions lead to commits, and to files of commits, that they made."""
    made, files = _made(store, place)
    if not made:
        print("truth: the repository of the sessions is not among the folders")
        return
    ours = [one for one in links if one.session in made and one.method == "same_change"]
    print(f"known truth of {place.name} ({len(made)} sessions that made {sum(map(len, made.values()))} commits):")
    pairs = {(one.session, one.name) for one in ours if one.kind == "commit"}
    _line("commits by same_change", [sha in made[session] for session, sha in pairs])
    near = {(session, sha) for session, repository, sha in commits if session in made}
    _line("baseline: commits of the days", [sha in made[session] for session, sha in near])
    edited = {(one.session, one.name) for one in ours if one.kind == "file"}
    _line("files by same_change, in a commit made", [path in files[session] for session, path in edited])
    named = {(one.session, one.name) for one in based if one.session in made}
    _line("baseline: files by name, in a commit made", [path in files[session] for session, path in named])


def _line(name: str, verdicts: Sequence[bool]) -> None:
    share = f"{sum(verdicts) / len(verdicts):.3f}" if verdicts else "-"
    print(f"  {name:44}{sum(verdicts):>6} of {len(verdicts):<6}{share}")


def _made(store: Path, place: Path) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Commits and their files by session: those that bear a checkpoint of it, or that the ground truth gives it."""
    of = {str(one["checkpoint"]): str(one["session"]) for one in segments(place)}
    of_segment = {str(one["segment"]): str(one["session"]) for one in segments(place)}
    made: dict[str, set[str]] = defaultdict(set)
    files: dict[str, set[str]] = defaultdict(set)
    with open_reader(store, wait_s=10.0) as db:
        shas = db.execute(_MADE).fetchall()
        changed: dict[str, set[str]] = defaultdict(set)
        for sha, path in db.execute(_FILES).fetchall():
            changed[sha].add(path)
    full = {sha[:12]: sha for sha, _, _ in shas}
    for sha, trailers, _ in shas:
        for checkpoint in _TRAILER.findall(trailers):
            if checkpoint in of:
                made[of[checkpoint]].add(sha)
    for line in (place / "commits.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for segment in row["gold_segments"]:
            if segment in of_segment and row["commit"] in full:
                made[of_segment[segment]].add(full[row["commit"]])
    for session, known in made.items():
        files[session] = {path for sha in known for path in changed[sha]}
    return made, files
