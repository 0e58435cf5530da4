"""How long and how much memory a large dbt manifest takes: generated, read, its words extracted, then ingested whole.

    python bench/dbt.py [--nodes 5000] [--columns 20] [--wide] [--compiled]

Half of the nodes are models with columns and SQL, half are generic tests; 1,200 macros, the graph's maps and the
catalog are as in a real project of that size. Reading runs in a process of its own, so that its peak memory is its own.
`--wide` puts one character outside Latin-1 in each description, `--compiled` adds compiled SQL.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ingest.dbt import project_in
from ingest.dbt_words import session_of
from ingest.pipeline import extract

WORDS = "order customer store receipt refund amount status shipped paid placed day month count total source".split()


def main() -> None:
    """Write the manifest, read it in a child, print."""
    asked = arguments()
    if asked.read:
        read(asked.read)
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write(place, asked)
        size = sum(path.stat().st_size for path in place.iterdir()) / 1e6
        print(
            f"{asked.nodes:,} nodes of {asked.columns} columns, 1,200 macros: {size:,.0f} MB of artifacts", flush=True
        )
        subprocess.run([sys.executable, __file__, "--read", folder], check=True)
        for name in ("intent ingest dbt", "the same again"):
            ingest(place, name)


def ingest(folder: Path, name: str) -> None:
    """The whole of `intent ingest dbt` in a process of its own: wall-clock seconds, peak memory, what it said first."""
    store = folder / "store" / "intent.duckdb"
    command = [sys.executable, "-m", "intent_server.cli.main", "ingest", "dbt", str(folder), "--store", str(store)]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = (child.stdout.read() if child.stdout else "").splitlines()
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    found = told[0] if status == 0 and told else f"failed with {status}"
    print(f"{name:28}{seconds:>8.2f} s {used.ru_maxrss / 1024:>8,.0f} MiB peak  {found}", flush=True)


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=5000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--wide", action="store_true")
    parser.add_argument("--compiled", action="store_true")
    parser.add_argument("--read", type=Path, help="read this folder and print; for the child process")
    return parser.parse_args()


def read(folder: Path) -> None:
    """Read the artifacts, then extract their words, with seconds and peak memory after each."""
    start = time.perf_counter()
    project = project_in(folder)
    row("nodes, fingerprints, runs", start, f"{len(project.nodes):,} nodes, {len(project.runs):,} runs")
    start = time.perf_counter()
    session = session_of(project)
    if session is None:
        raise SystemExit("nothing was described")
    columns = sum(len(node.columns) for node in project.nodes)
    row("words", start, f"{len(session.utterances):,} texts of {columns:,} columns")
    start = time.perf_counter()
    row("extraction, masking", start, f"{len(extract(session).candidates):,} decisions")


def row(name: str, start: float, found: str) -> None:
    """One line: what, seconds since `start`, the peak so far."""
    seconds = time.perf_counter() - start
    status = Path("/proc/self/status")  # of this process alone; getrusage counts the parent's peak at its start
    found_there = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    peak = int(found_there[1] if found_there else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024
    print(f"{name:28}{seconds:>8.2f} s {peak:>8,.0f} MiB peak  {found}", flush=True)


def write(folder: Path, asked: argparse.Namespace) -> None:
    """A manifest, run results and a catalog of that many nodes."""
    rng = random.Random(7)
    models = [f"model.shop.m{at:05}" for at in range(asked.nodes // 2)]
    nodes = {name: model(name, at, models, asked, rng) for at, name in enumerate(models)}
    nodes.update((one["unique_id"], one) for one in tests(models, asked.nodes - len(models)))
    manifest = {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "dbt_version": "1.11.0",
            "project_name": "shop",
            "env": {"GIT_SHA": "e" * 40},
        },
        "nodes": nodes,
        "macros": {f"macro.pkg.f{at}": macro(at) for at in range(1200)},
        "parent_map": {name: nodes[name]["depends_on"]["nodes"] for name in nodes},
        "child_map": {name: models[:5] for name in nodes},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=not asked.wide), encoding="utf-8")
    results = {"metadata": {"invocation_id": "i"}, "args": {"which": "build"}, "results": [result(n) for n in nodes]}
    (folder / "run_results.json").write_text(json.dumps(results))
    columns = {f"c{at}": {"name": f"c{at}", "type": "INTEGER", "index": at} for at in range(asked.columns)}
    (folder / "catalog.json").write_text(
        json.dumps({"metadata": {}, "nodes": {n: {"columns": columns} for n in models}})
    )


def said(rng: random.Random, words: int, asked: argparse.Namespace) -> str:
    """A description of so many words."""
    return " ".join(rng.choices(WORDS, k=words)).capitalize() + (" ✓." if asked.wide else ".")


def model(name: str, at: int, models: list[str], asked: argparse.Namespace, rng: random.Random) -> dict[str, object]:
    """A model with columns, and the keys that dbt writes for each."""
    reason = " We chose days rather than weeks because the till closes daily." if at % 50 == 0 else ""
    sql = "\n".join(f"    {{{{ shop.f{at % 1200}('c{line}') }}}} as c{line}, -- {line}" for line in range(120))
    names = [f"c{line}" for line in range(asked.columns)]
    column = {"data_type": None, "constraints": [], "quote": None, "config": {"meta": {}, "tags": []}, "tags": [],
              "granularity": None, "doc_blocks": [], "meta": {}}  # fmt: skip
    return {
        "database": "lake", "schema": "shop", "name": name[11:], "resource_type": "model", "package_name": "shop",
        "path": f"{name}.sql", "original_file_path": f"models/{name}.sql", "unique_id": name, "fqn": ["shop", name],
        "alias": name[11:], "checksum": {"name": "sha256", "checksum": f"{at:064x}"}, "tags": [],
        "config": {"materialized": "view", "meta": {}, "persist_docs": {}, "post-hook": [], "grants": {}},
        "description": said(rng, 30, asked) + reason, "meta": {}, "unrendered_config": {"materialized": "view"},
        "columns": {c: {"name": c, "description": said(rng, 9, asked), **column} for c in names},
        "depends_on": {"macros": [f"macro.pkg.f{at % 1200}"], "nodes": rng.sample(models, 3)}, "language": "sql",
        "raw_code": f"select\n{sql}\nfrom x", "relation_name": f'"lake"."shop"."{name[11:]}"',
        "compiled": asked.compiled,
        **({"compiled_code": f"select\n{sql}\nfrom x" * 2} if asked.compiled else {}),
    }  # fmt: skip


def tests(models: list[str], count: int) -> Iterator[dict[str, object]]:
    """So many generic tests."""
    for at in range(count):
        node = models[at % len(models)]
        yield {
            "unique_id": f"test.shop.not_null_{node[11:]}_c{at}.{at:010x}", "resource_type": "test", "name": f"t{at}",
            "package_name": "shop", "checksum": {"name": "none", "checksum": ""}, "attached_node": node,
            "column_name": "c1", "test_metadata": {"name": "not_null", "kwargs": {"column_name": "c1"}},
            "config": {"severity": "ERROR", "materialized": "test"}, "unrendered_config": {}, "columns": {}, "meta": {},
            "depends_on": {"macros": ["macro.pkg.f1"], "nodes": [node]}, "raw_code": "{{ test_not_null() }}",
        }  # fmt: skip


def macro(at: int) -> dict[str, object]:
    """A macro that calls the two after it."""
    calls = [f"macro.pkg.f{other}" for other in (2 * at + 1, 2 * at + 2) if other < 1200]
    return {"unique_id": f"macro.pkg.f{at}", "package_name": "pkg", "name": f"f{at}", "resource_type": "macro",
            "macro_sql": "{% macro f(x) %}" + "  coalesce({{ x }}, 0)\n" * 60 + "{% endmacro %}",
            "depends_on": {"macros": calls}}  # fmt: skip


def result(name: str) -> dict[str, object]:
    """A node's run."""
    times = {"name": "execute", "started_at": "2026-03-01T01:00:00Z", "completed_at": "2026-03-01T01:00:02Z"}
    return {"unique_id": name, "status": "success", "timing": [times], "adapter_response": {"rows_affected": 9}}


if __name__ == "__main__":
    main()
