"""100k generated utterances: ingest rate, peak memory, file size; search and why latency over stdio, with baselines.

First one transcript of 1,000 utterances from file to searchable, process start included (aim: under 2 s). Then the
100k, in sessions of 1,000 (aims: search and why 50 ms at p50, 150 ms at p99). Prints, in one run, our figures beside
SQLite FTS5 (keyword only) and a brute-force NumPy scan (vectors only) on the same utterance windows.
Usage: python bench/scale.py [--utterances 100000] [--queries 200] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import anyio
import numpy as np
from mcp import Client, StdioServerParameters

sys.path.insert(0, str(Path(__file__).parent))
from generate import questions, transcripts

from ingest.pipeline import read
from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import search
from intent_server.embed import bundled

INTENT = [sys.executable, "-m", "intent_server.cli.main"]


def main() -> None:
    """Generate, ingest, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--utterances", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--keep", type=Path, default=None, help="folder to work in and leave behind")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / "transcripts"
        source.mkdir(exist_ok=True)
        one_transcript(folder)
        paths = transcripts(source, utterances=chosen.utterances)
        store = folder / "intent.duckdb"
        ingest(store, source, chosen.utterances)
        asked = questions(paths, count=chosen.queries)
        anyio.run(over_stdio, store, asked)
        baselines(paths, asked)


def one_transcript(folder: Path) -> None:
    """A 1,000-utterance file into a new store by `intent ingest`; median of five, beside a bare Python start."""
    single = folder / "single"
    single.mkdir(exist_ok=True)
    [path] = transcripts(single, utterances=1000, seed=3)
    taken = []
    for number in range(5):
        store = single / f"store-{number}.duckdb"
        taken.append(ran([*INTENT, "ingest", str(path), "--store", str(store)]))
    bare = statistics.median(ran([sys.executable, "-c", "import duckdb, numpy, tokenizers"]) for _ in range(5))
    print(f"1,000 utterances from file to searchable {statistics.median(taken):.2f} s (bare imports {bare:.2f} s)")


def ran(command: list[str]) -> float:
    """Seconds that a process took."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def ingest(store: Path, source: Path, utterances: int) -> None:
    """One `intent ingest` process over all files, and the same again."""
    for label in ("ingest", "ingest again"):
        start = time.perf_counter()
        subprocess.run(
            [*INTENT, "ingest", str(source), "--store", str(store), "--json"], check=True, capture_output=True
        )
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        size = store.stat().st_size / 1e6
        rate = f"{utterances / seconds:>10,.0f} utterances/s   {seconds:6.1f} s"
        print(f"{label:<14}{rate}   peak {peak:,.0f} MB   file {size:,.0f} MB")


async def over_stdio(store: Path, asked: list[str]) -> None:
    """Latency of `search` and `why` through a real server process, first call and the rest."""
    environment = {**os.environ, "INTENT_STORE": str(store)}
    server = StdioServerParameters(command=INTENT[0], args=[*INTENT[1:], "serve"], env=environment)
    start = time.perf_counter()
    async with Client(server) as client:
        await client.call_tool("search", {"query": asked[0]})
        print(f"spawn to first search answer {time.perf_counter() - start:.2f} s")
        for tool, argument in (("search", "query"), ("why", "question")):
            taken = []
            for words in asked:
                began = time.perf_counter()
                result = await client.call_tool(tool, {argument: words})
                taken.append(time.perf_counter() - began)
                assert not result.is_error, result.content
            report(f"{tool} (stdio)", taken)


def baselines(paths: list[Path], asked: list[str]) -> None:
    """SQLite FTS5 and a brute-force vector scan over the same windows, in process."""
    windows = []
    for path in paths:
        item = file_source(path, Declared())
        for session in read(item, reader_for(item)).sessions:
            windows.extend(window.text for window in search.windows(session))
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE documents USING fts5(body)")
    db.executemany("INSERT INTO documents VALUES (?)", ((text,) for text in windows))
    match = "SELECT rowid FROM documents WHERE documents MATCH ? ORDER BY bm25(documents) LIMIT 10"
    report(
        "SQLite FTS5",
        timed(lambda words: db.execute(match, [" OR ".join(re.findall(r"\w+", words))]).fetchall(), asked),
    )
    embedder = bundled()
    start = time.perf_counter()
    matrix = embedder.embed(windows)
    print(f"embedding      {len(windows) / (time.perf_counter() - start):>10,.0f} windows/s ({len(windows):,} windows)")
    report("vector scan", timed(lambda words: np.argpartition(-(matrix @ embedder.embed([words])[0]), 10)[:10], asked))


def timed(ask: Callable[[str], object], asked: list[str]) -> list[float]:
    """Seconds each question took."""
    taken = []
    for words in asked:
        start = time.perf_counter()
        ask(words)
        taken.append(time.perf_counter() - start)
    return taken


def report(label: str, taken: list[float]) -> None:
    """p50 and p99 in milliseconds."""
    cuts = statistics.quantiles(taken, n=100)
    print(f"{label:<16}p50 {cuts[49] * 1000:7.1f} ms   p99 {cuts[98] * 1000:7.1f} ms   ({len(taken)} queries)")


if __name__ == "__main__":
    main()
