"""Stores from a thousand to a million decisions, loaded in bulk: size, memory, start, latency and freshness by size.

Real ingest is measured by bench/scale.py up to 100,000 utterances; here rows are appended in bulk (generate_store.py),
with a window of conversation for each decision and a session of a source of its own for ten of them, unless told. For
each size, in one run: how long loading took, the file, the memory of `intent serve`, spawn to first answer cold and
warm, `search` and `why` over stdio, `why` of a named source, and the answer after another process ingested a session;
beside them SQLite FTS5 (words) and brute-force NumPy in float32 (vectors) over the same documents, in process.
Usage: python bench/scale_bulk.py [--sizes 1000 10000 100000 1000000] [--windows-per-decision 1]
       [--windows-per-session 10] [--queries 200] [--keep FOLDER] [--bare]
"""

from __future__ import annotations

import argparse
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import anyio
import numpy as np
from generate import transcripts
from generate_store import WINDOWS_A_SESSION, Pool, asked, bulk, pool
from mcp import Client, StdioServerParameters
from scale import INTENT, report, timed

from intent_server.embed import bundled
from intent_server.store.connect import open_reader


def main() -> None:
    """Load, ask, print, for one size after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--windows-per-decision", type=float, default=1.0)
    parser.add_argument("--windows-per-session", type=int, default=WINDOWS_A_SESSION)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument(
        "--keep", type=Path, default=None, help="folder to work in and leave behind; what is there stays"
    )
    parser.add_argument("--bare", action="store_true", help="without FTS5 and brute force")
    chosen = parser.parse_args()
    made = pool(7, bundled())
    questions = asked(made, seed=7, count=chosen.queries)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for size in chosen.sizes:
            windows = int(size * chosen.windows_per_decision)
            one_size(folder, made, (size, windows, chosen.windows_per_session), questions)
            if not chosen.bare:
                baselines(folder / f"{size}.duckdb", questions)


def one_size(folder: Path, made: Pool, size: tuple[int, int, int], questions: Sequence[str]) -> None:
    """Load a store and ask it. `size`: decisions, windows, windows a session."""
    decisions, windows, a_session = size
    store = folder / f"{decisions}.duckdb"
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    held = f"{decisions:,} decisions, {windows:,} windows, {-(-windows // a_session):,} sessions"
    print(f"\n== {held} (load of the machine {load}, {os.cpu_count()} cores)")
    if not store.exists():
        taken = bulk(store, decisions=decisions, windows=windows, windows_a_session=a_session, made=made)
        print(f"bulk load      {(decisions + windows) / taken:>10,.0f} documents/s   {taken:6.1f} s")
    print(f"file           {store.stat().st_size / 1e6:>10,.0f} MB", flush=True)
    anyio.run(served, store, list(questions), folder / f"fresh-{decisions}")


async def served(store: Path, questions: list[str], fresh: Path) -> None:
    """A real server process: starts, latencies, memory, and its answer after another process wrote."""
    environment = {**os.environ, "INTENT_STORE": str(store)}
    server = StdioServerParameters(command=INTENT[0], args=[*INTENT[1:], "serve"], env=environment)
    for label in ("cold", "warm"):
        if label == "cold":
            forget_pages(store)
        start = time.perf_counter()
        async with Client(server) as client:
            await client.call_tool("search", {"query": questions[0]})
            print(
                f"{label} start     {time.perf_counter() - start:>10.2f} s from spawn to the first answer", flush=True
            )
            if label == "cold":
                continue
            for tool, argument in (("search", "query"), ("why", "question")):
                report(f"{tool} (stdio)", [await asked_once(client, tool, {argument: words}) for words in questions])
            named = [{"question": words, "subject": f"bulk/{at}.json"} for at, words in enumerate(questions[:50])]
            report("why of a file", [await asked_once(client, "why", arguments) for arguments in named])
            print(f"memory         {resident():>10,.0f} MB resident")
            ingested(store, fresh)
            after = [await asked_once(client, "search", {"query": words}) for words in questions[:5]]
            print(
                f"after a write  {after[0] * 1000:>10.0f} ms the next answer, then {after[1] * 1000:.0f} ms", flush=True
            )


async def asked_once(client: Client, tool: str, arguments: Mapping[str, str]) -> float:
    """Seconds for one call."""
    began = time.perf_counter()
    result = await client.call_tool(tool, dict(arguments))
    assert not result.is_error, result.content
    return time.perf_counter() - began


def forget_pages(store: Path) -> None:
    """Have the system forget the file's pages, as far as it lets us."""
    with store.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def resident() -> float:
    """Memory of our only child that serves, in MB."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text(encoding="ascii", errors="replace")
        except OSError:  # it ended meanwhile
            continue
        command = (status.parent / "cmdline").read_bytes() if f"PPid:\t{os.getpid()}\n" in text else b""
        if b"serve" in command.split(b"\0"):
            return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024  # type: ignore[index]  # a living process has it
    raise SystemExit("no server runs")


def ingested(store: Path, fresh: Path) -> None:
    """One session of 50 utterances into the store, by another process."""
    fresh.mkdir(exist_ok=True)
    [path] = transcripts(fresh, utterances=50, per_session=50, seed=int(time.time()))
    start = time.perf_counter()
    subprocess.run([*INTENT, "ingest", str(path), "--store", str(store)], check=True, capture_output=True)
    print(f"ingest         {time.perf_counter() - start:>10.2f} s for 50 utterances by another process")


def baselines(store: Path, questions: Sequence[str]) -> None:
    """SQLite FTS5 and a float32 scan over the same documents."""
    with open_reader(store, wait_s=60) as db:
        texts = db.execute("SELECT text FROM utterances").fetchall()
        texts += db.execute("SELECT string_agg(text, ' ') FROM parts GROUP BY decision_id").fetchall()
        codes = b"".join(row[0] for row in db.execute("SELECT code FROM vectors").fetchall())
    full = sqlite3.connect(":memory:")
    full.execute("CREATE VIRTUAL TABLE documents USING fts5(body)")
    full.executemany("INSERT INTO documents VALUES (?)", texts)
    match = "SELECT rowid FROM documents WHERE documents MATCH ? ORDER BY bm25(documents) LIMIT 10"
    words = [" OR ".join(re.findall(r"\w+", one)) for one in questions]
    report("SQLite FTS5", timed(lambda one: full.execute(match, [one]).fetchall(), words))
    model = bundled()
    matrix = np.frombuffer(codes, dtype=np.int8).reshape(-1, model.dimensions).astype(np.float32)
    vectors = {one: model.embed([one])[0] for one in questions}
    report("vector scan", timed(lambda one: np.argpartition(-(matrix @ vectors[one]), 10)[:10], list(questions)))


if __name__ == "__main__":
    sys.exit(main())
