"""A question of the past beside the same question of the present, in one run: what a snapshot costs.

The store comes of generated conversations (bench/generate.py), a tenth of which are read again after they grew: their
sessions are those that a snapshot of the moment in between must index anew. Asked are `why` and `search` of now, as
known at that moment and as of a day in the middle of the conversations: the first question of a process, and the
median of the next ones; then `intent why` on the command line, on that store and on one of 1,000 utterances.
Usage: python bench/past.py [--utterances 100000] [--queries 20] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from generate import questions as generated
from generate import transcripts

from intent_server import questions
from intent_server.config import Settings
from intent_server.embed import bundled
from intent_server.questions_past import opened
from intent_server.store.snapshot import Moment

INTENT = [sys.executable, "-m", "intent_server.cli.main"]
MIDDLE = datetime(2026, 7, 1, tzinfo=UTC)  # the generated sessions are spread over 2026


def main() -> None:
    """Make the stores, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--utterances", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=20)
    parser.add_argument("--keep", type=Path, default=None, help="folder to work in and leave behind")
    chosen = parser.parse_args()
    bundled().embed(["so that loading the model is not timed"])
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary)
        store, known_at, asked = made(folder / "large", chosen.utterances, chosen.queries)
        print(f"{chosen.utterances:,} utterances, {store.stat().st_size / 1e6:,.0f} MB")
        print(f"{'':<10}{'snapshot':>12}{'search, first':>16}{'search':>12}{'why':>12}{'intent why':>14}")
        for label, moment in moments(known_at).items():
            row(store, label, moment, asked)
        store, known_at, asked = made(folder / "small", 1000, 3)
        print("1,000 utterances")
        for label, moment in moments(known_at).items():
            row(store, label, moment, asked)


def moments(known_at: datetime) -> dict[str, Moment]:
    """The moments asked of."""
    return {
        "now": Moment(),
        "known at": Moment(known_at=known_at),
        "as of": Moment(as_of=MIDDLE),
        "both": Moment(MIDDLE, known_at),
    }


def made(folder: Path, utterances: int, queries: int) -> tuple[Path, datetime, list[str]]:
    """The store, the moment between its two runs, and questions that its words answer."""
    source, store = folder / "transcripts", folder / "intent.duckdb"
    source.mkdir(parents=True, exist_ok=True)
    paths = transcripts(source, utterances=utterances, per_session=min(1000, utterances // 10))
    asked = generated(paths, count=queries)
    ingest(store, source)
    known_at = datetime.now(UTC)
    for path in paths[::10]:
        grow(path)
    ingest(store, source)
    return store, known_at, asked


def grow(path: Path) -> None:
    """Append the first fifth of a conversation to its end."""
    session = json.loads(path.read_text(encoding="utf-8"))
    said = session["utterances"]
    end = said[-1]["end_ms"]
    for number, one in enumerate(said[: len(said) // 5], start=len(said)):
        said.append({**one, "id": f"u{number}", "start_ms": end + one["start_ms"], "end_ms": end + one["end_ms"]})
    path.write_text(json.dumps(session, ensure_ascii=False), encoding="utf-8")


def ingest(store: Path, source: Path) -> None:
    """One run of `intent ingest`."""
    subprocess.run([*INTENT, "ingest", str(source), "--store", str(store), "--json"], check=True, capture_output=True)


def row(store: Path, label: str, moment: Moment, asked: list[str]) -> None:
    """One line of figures, in milliseconds."""
    asker = questions.asker(Settings(store=store), bundled)
    when = {"as_of": moment.as_of, "known_at": moment.known_at}

    def snapshot(_: str) -> None:
        with opened(asker, moment):
            pass

    def search(words: str) -> None:
        questions.search(asker, words, **when)

    def why(words: str) -> None:
        questions.why(asker, words, **when)

    alone = median(snapshot, asked)
    first = median(search, asked[:1])
    rest, reasons = median(search, asked[1:]), median(why, asked)
    whole = median(lambda words: command_line(store, words, moment), asked[:3])
    print(f"{label:<10}{alone:>9.0f} ms{first:>13.0f} ms{rest:>9.0f} ms{reasons:>9.0f} ms{whole:>11.0f} ms")


def command_line(store: Path, words: str, moment: Moment) -> None:
    """`intent why` as a process of its own."""
    options = [f"--as-of={moment.as_of.isoformat()}"] if moment.as_of else []
    options += [f"--known-at={moment.known_at.isoformat()}"] if moment.known_at else []
    subprocess.run([*INTENT, "why", words, *options, "--store", str(store)], check=True, capture_output=True)


def median(ask: Callable[[str], object], asked: list[str]) -> float:
    """Milliseconds that the middle one of these questions took."""
    taken = []
    for words in asked:
        start = time.perf_counter()
        ask(words)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


if __name__ == "__main__":
    main()
