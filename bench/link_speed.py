"""How fast commits go in, and how long `why path:line` takes beside git's own answers of the same places."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from intent_server import questions
from intent_server.config import Settings

INTENT = [sys.executable, "-m", "intent_server.cli.main"]
PLACES, COLD = 50, 10


def speed(repository: Path) -> None:
    """Ingest the repository into an empty store, again without change, then ask about lines drawn by chance."""
    if not repository.is_dir():
        print(f"skipped: {repository} is not there")
        return
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "links.duckdb"
        command = [*INTENT, "ingest", "git", str(repository), "--store", str(store)]
        count = int(git(repository, "rev-list", "--count", "HEAD"))
        first, again = seconds(lambda: run(command)), seconds(lambda: run(command))
        bare = seconds(lambda: git(repository, "log", "--raw", "-M", "-z", "--diff-merges=first-parent", "--format=%B"))
        print(f"{count:,} commits: {count / first:,.0f} a second ({first:.1f} s); again without change {again:.1f} s")
        print(f"git log with files and renames alone: {count / bare:,.0f} a second ({bare:.1f} s)")
        latency(repository, store)


def latency(repository: Path, store: Path) -> None:
    """Milliseconds for each place: one warm asker, a process of its own, `git log -L`, `git blame -L`."""
    drawn = places(repository)
    settings = Settings(store=store)
    asker = questions.asker(settings)
    questions.why(asker, f"{drawn[0][0]}:{drawn[0][1]}")
    shown = (
        ("why, warm", [seconds(lambda at=at: questions.why(asker, f"{at[0]}:{at[1]}")) for at in drawn]),
        (f"intent why, {COLD} processes", [seconds(lambda at=at: why(store, at)) for at in drawn[:COLD]]),
        ("git log -L", [seconds(lambda at=at: line_log(repository, at)) for at in drawn]),
        ("git blame -L", [seconds(lambda at=at: blame(repository, at)) for at in drawn]),
    )
    print(f"{len(drawn)} lines of tracked files{'':12}{'median ms':>12}{'p95 ms':>12}")
    for name, taken in shown:
        ordered = sorted(taken)
        late = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
        print(f"{name:38}{1000 * statistics.median(ordered):>12,.1f}{1000 * late:>12,.1f}")


def places(repository: Path) -> list[tuple[str, int]]:
    """Lines of text files, drawn with a fixed seed."""
    chance = random.Random(5)
    tracked = [path for path in git(repository, "ls-files", "-z").split("\0") if path]
    found: list[tuple[str, int]] = []
    for path in chance.sample(tracked, len(tracked)):
        file = repository / path
        if len(found) < PLACES and file.is_file() and not file.is_symlink():
            lines = file.read_bytes().count(b"\n")
            if lines and b"\0" not in file.read_bytes()[:8000]:
                found.append((path, chance.randint(1, lines)))
    return found


def seconds(work: Callable[[], object]) -> float:
    """How long it took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run(command: Sequence[str]) -> None:
    """A process that must end well; what it says else is shown."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.strip()[-2000:]}")


def why(store: Path, at: tuple[str, int]) -> None:
    """The question on the command line; that nothing is known is an answer too."""
    subprocess.run([*INTENT, "why", f"{at[0]}:{at[1]}", "--store", str(store)], check=False, capture_output=True)


def line_log(repository: Path, at: tuple[str, int]) -> str:
    """The commits of one line."""
    return git(repository, "log", "-s", "--format=%H", f"-L{at[1]},{at[1]}:{at[0]}")


def blame(repository: Path, at: tuple[str, int]) -> str:
    """The last commit of one line."""
    return git(repository, "blame", "--porcelain", f"-L{at[1]},{at[1]}", "--", at[0])


def git(repository: Path, *given: str) -> str:
    """What git says."""
    done = subprocess.run(["git", "-C", str(repository), *given], check=True, capture_output=True)
    return done.stdout.decode("utf-8", errors="replace")
