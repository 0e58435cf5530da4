"""Spawn to first answer over stdio: our server beside a bare server of one tool, in turns, on this machine.

    python bench/start.py [--store FILE] [--runs 9]

Aim: our first answer within 0.3 s of the bare one's. Prints medians in seconds for the answer to `initialize`, to
`tools/list` and to the first tool call, each from the spawn, and the time to end after the client has left.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BARE = """
from mcp.server import MCPServer

server = MCPServer("bare", log_level="WARNING")


@server.tool()
def why(question: str) -> str:
    return question


server.run("stdio")
"""
HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "bench", "version": "1"},
}
STEPS = (
    ("initialize", HELLO),
    ("tools/list", {}),
    ("tools/call", {"name": "why", "arguments": {"question": "why DuckDB and not Postgres?"}}),
)


def timed(command: list[str]) -> list[float]:
    """Seconds from the spawn to the answer to each step, then those from closing the pipe to the end."""
    started = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        seconds = []
        for number, (method, params) in enumerate(STEPS):
            request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
            server.stdin.write(json.dumps(request).encode() + b"\n")
            server.stdin.flush()
            answer = json.loads(server.stdout.readline())
            if "result" not in answer or answer["result"].get("isError"):
                raise SystemExit(f"{command}: {answer}")
            seconds.append(time.perf_counter() - started)
            if method == "initialize":
                server.stdin.write(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}\n')
        left = time.perf_counter()
        server.stdin.close()
        server.wait()
        return [*seconds, time.perf_counter() - left]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="a store to ask; else an empty one is made")
    parser.add_argument("--runs", type=int, default=9)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = chosen.store or Path(folder) / "intent.duckdb"
        intent = [sys.executable, "-m", "intent_server.cli.main"]
        if chosen.store is None:
            subprocess.run([*intent, "init", "--store", str(store)], check=True, capture_output=True, cwd=ROOT)
        commands = {"bare": [sys.executable, "-c", BARE], "intent serve": [*intent, "serve", "--store", str(store)]}
        runs: dict[str, list[list[float]]] = {name: [] for name in commands}
        for _ in range(chosen.runs):
            for name, command in commands.items():
                runs[name].append(timed(command))
    medians = {name: [statistics.median(step) for step in zip(*times, strict=True)] for name, times in runs.items()}
    print(f"{'':14}{'initialize':>12}{'tools/list':>12}{'first call':>12}{'ending':>12}   medians of {chosen.runs}, s")
    for name, seconds in medians.items():
        print(f"{name:14}" + "".join(f"{value:12.3f}" for value in seconds))
    ours, bare = medians["intent serve"], medians["bare"]
    print(f"{'difference':14}" + "".join(f"{one - other:12.3f}" for one, other in zip(ours, bare, strict=True)))


if __name__ == "__main__":
    main()
