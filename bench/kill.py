"""`kill -9` at random moments of `intent ingest`: the store opens, verifies, and a re-run completes it.

Every second round kills the first reading of a folder, the others its reading again after some files grew and some
changed. The moment is drawn over the whole run, or, half of the time, just after a write-ahead log came, grew or went.
Each round then opens the store, runs `intent verify`, ingests again, verifies again, and compares the content of the
views (without ids and times of recording) with that of a run that nobody disturbed. Prints a line a round: when, where
the run was, the outcome. Exit code 1 when a round fails.
Usage: python bench/kill.py [--rounds 50] [--seed 9] [--sessions 24] [--utterances 60]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from generate import transcripts

from ingest.errors import IntentError
from intent_server.config import Settings
from intent_server.record_upkeep import verify
from intent_server.store.connect import open_reader

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
INTENT = [sys.executable, "-m", "intent_server.cli.main"]
CONTENT = {
    "sessions": "SELECT * EXCLUDE (session_id) FROM intent.sessions",
    "utterances": """
        SELECT s.native_id, u.* EXCLUDE (session_id)
        FROM intent.utterances AS u JOIN intent.sessions AS s ON s.session_id = u.session_id
    """,
    "decisions": """
        SELECT s.native_id, d.* EXCLUDE (decision_id, session_id, recorded_from, recorded_to)
        FROM intent.decisions AS d JOIN intent.sessions AS s ON s.session_id = d.session_id
        WHERE d.recorded_to IS NULL
    """,
    "evidence": """
        SELECT d.choice, p.kind, p.text, e.utterance_index, e.start_char, e.end_char, e.quote
        FROM intent.evidence AS e
        JOIN intent.parts AS p ON p.part_id = e.part_id AND p.recorded_to IS NULL
        JOIN intent.decisions AS d ON d.decision_id = e.decision_id AND d.recorded_to IS NULL
    """,
    "people": """
        SELECT d.choice, p.person, p.role
        FROM intent.people AS p
        JOIN intent.decisions AS d ON d.decision_id = p.decision_id AND d.recorded_to IS NULL
        WHERE p.recorded_to IS NULL
    """,
    "links": """
        SELECT d.choice, l.relation, l.target_kind, coalesce(t.choice, l.target), l.method
        FROM intent.links AS l
        JOIN intent.decisions AS d ON d.decision_id = l.decision_id AND d.recorded_to IS NULL
        LEFT JOIN intent.decisions AS t ON t.decision_id = l.target AND t.recorded_to IS NULL
        WHERE l.recorded_to IS NULL
    """,
    "quarantine": "SELECT source_uri, stage, reason, place, text, unit_count FROM intent.quarantine",
    "signatures": "SELECT DISTINCT source_uri, reader, signature FROM intent.batches",
    "documents": "SELECT kind, first_utterance, last_utterance, term_count FROM main.documents",
    "terms": "SELECT term, document_count FROM main.terms WHERE document_count > 0",
    "vectors": "SELECT model_name, md5(code), md5(vector) FROM main.vectors",
}
Rows = list[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Scene:
    """One kind of run to be killed: what is in the store and the folder before it."""

    name: str
    folder: Path
    before: Path | None
    """The store to begin with."""
    whole: dict[str, Rows]
    """What the store holds after a run that nobody disturbed."""
    took_s: float
    """How long that run took."""
    due: frozenset[tuple[object, ...]]
    """The signatures that the run adds."""


def main() -> None:
    """Run the rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--sessions", type=int, default=24)
    parser.add_argument("--utterances", type=int, default=60)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as name:
        scenes = made(Path(name), asked.sessions, asked.utterances)
        places: Counter[str] = Counter()
        good = 0
        for number in range(1, asked.rounds + 1):
            scene = scenes[number % 2]
            when, where, problems = one_round(scene, Path(name) / "store" / "intent.duckdb", rng)
            places[phase(where)] += 1
            good += not problems
            outcome = "; ".join(problems) or "opens, verifies, completes, equal"
            print(f"{number:>3}  {scene.name:<7} killed after {when:5.2f} s  {where:<34} {outcome}", flush=True)
    print(f"{good} of {asked.rounds} good. Where: " + ", ".join(f"{count} {at}" for at, count in places.most_common()))
    sys.exit(good != asked.rounds)


def made(root: Path, sessions: int, utterances: int) -> list[Scene]:
    """Both scenes, with their undisturbed runs timed."""
    first, second = root / "first", root / "second"
    first.mkdir()
    transcripts(first, utterances=sessions * utterances, per_session=utterances)
    for sample in ("decision_record", "claude_code", "vtt", "pull_request"):
        shutil.copytree(SAMPLES / sample, first / sample)
    scene = undisturbed("first", first, None, root / "first.duckdb")
    shutil.copytree(first, second)
    before = root / "before.duckdb"
    ingest(second, before)
    for path in sorted(second.glob("session-*.json"))[::2]:
        held = json.loads(path.read_text(encoding="utf-8"))
        said = held["utterances"]
        if path.name[-6] in "048":
            said[0]["text"] += " And something else."  # changed: the session is replaced
        said.append({**said[-1], "id": "new", "text": f"One more thing about {path.stem}: we keep it."})
        path.write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
    return [scene, undisturbed("again", second, before, root / "second.duckdb")]


def undisturbed(name: str, folder: Path, before: Path | None, store: Path) -> Scene:
    """The scene, from a run that nobody disturbs."""
    if before is not None:
        shutil.copy(before, store)
    start = time.perf_counter()
    ingest(folder, store)
    took_s = time.perf_counter() - start
    whole = content(store)
    known = content(before)["signatures"] if before is not None else []
    return Scene(name, folder, before, whole, took_s, frozenset(whole["signatures"]).difference(known))


def ingest(folder: Path, store: Path) -> int:
    """One whole run; its exit code (4: something is in quarantine, which the samples have)."""
    return subprocess.run([*INTENT, "ingest", str(folder), "--store", str(store)], capture_output=True).returncode


def one_round(scene: Scene, store: Path, rng: random.Random) -> tuple[float, str, list[str]]:
    """(seconds until the kill, where the run was, what went wrong)."""
    shutil.rmtree(store.parent, ignore_errors=True)
    store.parent.mkdir()
    if scene.before is not None:
        shutil.copy(scene.before, store)
    when = killed(scene, store, rng)
    where = reached(store, scene)
    told = found_by_verify(store)
    if scene.before is not None:  # what the run did not come to is a source that changed since it was read
        told = [problem for problem in told if not problem.startswith("source changed")]
    problems = [f"after the kill: {problem}" for problem in told]
    if ingest(scene.folder, store) not in (0, 4):
        problems.append("the re-run failed")
    problems += [f"after the re-run: {problem}" for problem in found_by_verify(store)]
    now = content(store)
    problems += [f"{name} differ" for name, rows in scene.whole.items() if now[name] != rows]
    return when, where, problems


def killed(scene: Scene, store: Path, rng: random.Random) -> float:
    """Start a run, kill it with SIGKILL at a moment drawn, and tell how long it ran."""
    log = store.with_name(store.name + ".wal")
    at_log = rng.random() < 0.5
    wait_s = rng.uniform(0.15, 1.0) * scene.took_s
    jitter_s = rng.uniform(0, 0.02)
    start = time.perf_counter()
    command = [*INTENT, "ingest", str(scene.folder), "--store", str(store)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait(wait_s, process)
        if at_log:
            seen = size(log)
            until(lambda: size(log) != seen, process)
            wait(jitter_s, process)
        process.kill()
    return time.perf_counter() - start


def wait(seconds: float, process: subprocess.Popen[bytes]) -> None:
    """Until the time is over or the process ended."""
    end = time.perf_counter() + seconds
    until(lambda: time.perf_counter() >= end, process)


def until(is_so: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Until it is so, or the process ended."""
    while not is_so() and process.poll() is None:
        time.sleep(0.0005)


def size(path: Path) -> int:
    """Bytes of a file; -1 where there is none."""
    try:
        return os.stat(path).st_size  # noqa: PTH116  as often as can be
    except FileNotFoundError:
        return -1


def reached(store: Path, scene: Scene) -> str:
    """Where the killed run was, as the store tells, and whether a write-ahead log was left."""
    left = ", log to replay" if size(store.with_name(store.name + ".wal")) > 0 else ""
    if size(store) <= 0:
        return "before the store was made" + left
    done = len(scene.due.intersection(content(store)["signatures"]))
    return f"{done} of {len(scene.due)} sources done{left}"


def phase(where: str) -> str:
    """Where a run was, in a few words."""
    done = where.split(" ", 1)[0]
    start = "in the first source" if done == "0" else "between the first source and the last"
    return (start if done.isdigit() else "before the store was made") + (" with a log" if "log" in where else "")


def found_by_verify(store: Path) -> list[str]:
    """What does not hold; a store that does not open is that."""
    if size(store) <= 0:
        return []
    try:
        return [f"{item.check}: {item.where}: {item.problem}" for item in verify(Settings(store=store)).findings]
    except IntentError as error:
        return [str(error)]


def content(store: Path) -> dict[str, Rows]:
    """The views' rows without ids and times of recording, in an order of their own."""
    if size(store) <= 0:
        return {name: [] for name in CONTENT}
    with open_reader(store, wait_s=30) as db:
        return {name: db.execute(f"{query} ORDER BY ALL").fetchall() for name, query in CONTENT.items()}


if __name__ == "__main__":
    main()
