"""Four `intent ingest` processes, three command-line readers and three MCP servers on one store at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from mcp import Client, StdioServerParameters

from intent_server.cli.main import run
from intent_server.errors import ExitCode

pytestmark = pytest.mark.anyio

INTENT = [sys.executable, "-m", "intent_server.cli.main"]
WRITERS, READERS, SERVERS, TALKS = 4, 3, 3, 4
PATIENCE_S = 30
"""So that a busy machine fails nobody; test_many_processes.py holds how long they wait for each other to a bound."""
READ_ON = """
import sys
from pathlib import Path
from intent_server.cli.main import run
end, store = Path(sys.argv[1]), sys.argv[2]
turns = 0
while not end.exists() or turns == 0:
    code = run(["search", "DuckDB", "--store", store]) or run(["why", "why DuckDB?", "--store", store])
    if code:
        sys.exit(code)
    turns += 1
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def talks(folder: Path, writer: int) -> Path:
    mine = folder / f"writer-{writer}"
    mine.mkdir()
    for number in range(TALKS):
        said = [
            {"id": f"u{at}", "speaker": "Mara", "text": f"Talk {writer}.{number}: sentence {at} of DuckDB and more."}
            for at in range(50)
        ]
        talk = {"title": f"Talk {writer}.{number}", "started_at": "2026-03-03T09:00:00Z", "utterances": said}
        (mine / f"talk-{number}.json").write_text(json.dumps(talk))
    return mine


async def keep_asking(store: Path, end: Path, asked: list[int]) -> None:
    environment = {**os.environ, "INTENT_STORE": str(store)}
    server = StdioServerParameters(command=INTENT[0], args=[*INTENT[1:], "serve"], env=environment)
    async with Client(server) as client:
        turns = 0
        while not end.exists() or turns == 0:
            for tool, argument in (("search", "query"), ("why", "question")):
                result = await client.call_tool(tool, {argument: "why DuckDB?"})
                assert not result.is_error, result.content
            turns += 1
        asked.append(turns)


async def test_writers_and_readers_of_both_kinds_lose_nothing_and_fail_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTENT_WAIT_S", str(PATIENCE_S))
    store, end = tmp_path / "intent.duckdb", tmp_path / "end"
    folders = [talks(tmp_path, writer) for writer in range(WRITERS)]
    run(["init", "--store", str(store)])
    readers = [
        subprocess.Popen([sys.executable, "-c", READ_ON, str(end), str(store)], stdout=subprocess.DEVNULL, stderr=-1)
        for _ in range(READERS)
    ]
    asked: list[int] = []
    async with anyio.create_task_group() as group:
        for _ in range(SERVERS):
            group.start_soon(keep_asking, store, end, asked)
        writers = [
            await anyio.open_process([*INTENT, "ingest", str(folder), "--store", str(store)]) for folder in folders
        ]
        outcomes = [await writer.wait() for writer in writers]
        end.touch()
    said = [reader.communicate(timeout=4 * PATIENCE_S)[1] for reader in readers]
    assert [reader.returncode for reader in readers] == [ExitCode.DONE] * READERS, said
    assert outcomes == [ExitCode.DONE] * WRITERS
    assert len(asked) == SERVERS
    assert run(["verify", "--store", str(store)]) == ExitCode.DONE
    capsys.readouterr()
    counts = "SELECT count(*), sum(utterance_count), (SELECT count(*) FROM intent.utterances) FROM intent.sessions"
    assert run(["sql", counts, "--store", str(store), "--json"]) == ExitCode.DONE
    held = json.loads(capsys.readouterr().out)["rows"]
    assert held == [[WRITERS * TALKS, WRITERS * TALKS * 50, WRITERS * TALKS * 50]]
