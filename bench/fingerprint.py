"""Does a node's fingerprint change exactly when its code does? Releases of a dbt package, one against the next.

    python bench/fingerprint.py REPOSITORY TAG TAG [TAG...] --dbt PATH [--packages FOLDER] [--json FILE]

REPOSITORY is a clone of a dbt package, FOLDER holds the packages that it needs (one folder each, named as in
dbt_packages). For each tag the package is parsed (never compiled) with the given dbt in a folder of its own, and for
each two tags in a row the verdict of dbt's checksum stands beside that of the fingerprint and what the files say.

What the files say is found without dbt's graph: a node's file differs, or a macro whose name stands in it does, or one
whose name stands in that macro, and so on, in the package's or its packages' files; or its configuration, as dbt wrote
it before rendering. `by macro` and `by config` count what the checksum missed.
That errs on the side of change where a macro's name stands in a comment; those rows are shown.
Needs dbt-core below 1.12 with an adapter, for this script only.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ingest.dbt import project_in
from ingest.dbt_fingerprint import without_refs
from ingest.pipelines import Node

KINDS = frozenset({"model", "snapshot", "seed"})
READ = frozenset("dbt_project.yml macros models seeds data snapshots analyses analysis tests".split())
"""What dbt reads of a package; a clone may lack large files elsewhere."""
MACRO = re.compile(
    r"\{%-?\s*(?:macro|test|materialization)\s+(\w+)(.*?)\{%-?\s*end(?:macro|test|materialization)", re.DOTALL
)
PROFILE = "bench:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: ':memory:', schema: bench, threads: 1}\n"


@dataclass(frozen=True, slots=True)
class Release:
    """One tag, parsed."""

    tag: str
    nodes: Mapping[str, Node]
    files: Mapping[str, str]
    """Path from the package's root -> text, of everything that dbt reads, packages included."""
    configs: Mapping[str, str]
    """unique id -> its configuration before rendering, as JSON."""


@dataclass(frozen=True, slots=True)
class Row:
    """Two releases in a row, in numbers of nodes that both have."""

    before: str
    after: str
    nodes: int
    checksum: int
    fingerprint: int
    files: int
    only_fingerprint: tuple[str, ...]
    """The fingerprint changed, no file did."""
    only_files: tuple[str, ...]
    """A file changed, the fingerprint did not."""
    by_macro: int
    """The fingerprint changed, the checksum did not; a macro did, and the files agree."""
    by_config: int
    """Likewise, where only the configuration did."""


def main() -> int:
    """Parse, compare, print; 0 also where there is nothing to compare with."""
    asked = arguments()
    missing = [path for path in (asked.repository, asked.dbt, asked.packages) if path and not Path(path).exists()]
    if missing or not asked.dbt:
        print(
            f"skipped: {', '.join(map(str, missing)) or 'no --dbt'} not here; see this file's opening", file=sys.stderr
        )
        return 0
    with tempfile.TemporaryDirectory() as folder:
        releases = [release(asked, tag, Path(folder) / str(at)) for at, tag in enumerate(asked.tags)]
    rows = [compared(one, other) for one, other in pairwise(releases)]
    show(asked.repository, rows)
    if asked.json:
        asked.json.write_text(json.dumps([{name: getattr(r, name) for name in Row.__slots__} for r in rows], indent=1))
    return 0


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path)
    parser.add_argument("tags", nargs="+")
    parser.add_argument("--dbt", type=Path)
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def release(asked: argparse.Namespace, tag: str, folder: Path) -> Release:
    """The package at a tag, parsed in a folder."""
    git = ["git", "-C", str(asked.repository)]
    listed = subprocess.run([*git, "ls-tree", "--name-only", tag], capture_output=True, check=True, text=True).stdout
    read = [name for name in listed.split() if name in READ]
    data = subprocess.run([*git, "archive", tag, "--", *read], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall(folder, filter="data")
    if asked.packages:
        shutil.copytree(asked.packages, folder / "dbt_packages", dirs_exist_ok=True)
    for name in ("packages.yml", "dependencies.yml", "package-lock.yml"):
        (folder / name).unlink(missing_ok=True)  # what they name lies in dbt_packages
    (folder / "profiles.yml").write_text(PROFILE)
    command = [str(asked.dbt), "--no-version-check", "parse", "--profile", "bench", "--target-path", "target"]
    settings = {**os.environ, "DBT_PROFILES_DIR": str(folder), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{tag}: dbt parse failed\n{done.stdout[-1500:]}")
    project = project_in(folder / "target")
    raw = json.loads((folder / "target" / "manifest.json").read_text())["nodes"]
    configs = {name: json.dumps(without_refs(raw[name].get("unrendered_config")), sort_keys=True) for name in raw}
    nodes = {node.unique_id: node for node in project.nodes if node.kind in KINDS and node.package == project.name}
    return Release(tag, nodes, dict(texts(folder)), configs)


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """(path, text) of every file that can reach a node."""
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.suffix in (".sql", ".csv", ".yml", ".yaml") and place.parts[0] not in ("target", "integration_tests"):
            yield place.as_posix(), path.read_text(encoding="utf-8", errors="replace")


def compared(before: Release, after: Release) -> Row:
    """What changed between two releases, by checksum, by fingerprint and by the files."""
    both = sorted(before.nodes.keys() & after.nodes.keys())
    changed_macros = changed(macros(before.files), macros(after.files))
    bodies = macros(after.files)
    sums, prints, files, macro_ones = set[str](), set[str](), set[str](), set[str]()
    for name in both:
        one, other = before.nodes[name], after.nodes[name]
        if one.checksum != other.checksum:
            sums.add(name)
        if one.fingerprint != other.fingerprint:
            prints.add(name)
        mine, theirs = before.files.get(one.path or "", ""), after.files.get(other.path or "", "")
        is_config = before.configs[name] != after.configs[name]
        if reached(theirs, bodies) & changed_macros:
            macro_ones.add(name)
        if mine.strip() != theirs.strip() or is_config or name in macro_ones:
            files.add(name)
    return Row(
        before=before.tag,
        after=after.tag,
        nodes=len(both),
        checksum=len(sums),
        fingerprint=len(prints),
        files=len(files),
        only_fingerprint=tuple(sorted(prints - files)),
        only_files=tuple(sorted(files - prints)),
        by_macro=len((prints & macro_ones) - sums),
        by_config=len((prints & files) - sums - macro_ones),
    )


def macros(files: Mapping[str, str]) -> dict[str, str]:
    """Name -> all the texts of the macros of that name, whatever package or adapter they are for."""
    found: dict[str, list[str]] = {}
    for path, text in files.items():
        if path.endswith(".sql") and "macros" in path.split("/"):
            for match in MACRO.finditer(text):
                found.setdefault(match[1].rpartition("__")[2] or match[1], []).append(f"{match[1]}\n{match[2]}")
    return {name: "\n".join(sorted(bodies)) for name, bodies in found.items()}


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[str]:
    """Names of macros whose text differs."""
    return frozenset(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def reached(text: str, bodies: Mapping[str, str]) -> frozenset[str]:
    """Names of macros that stand in a text as calls, and in the texts of those."""
    found: set[str] = set()
    waiting = [text]
    while waiting:
        words = set(re.findall(r"\b(\w+)\s*\(|['\"](\w+)['\"]", waiting.pop()))
        names = {(called or quoted).rpartition("__")[2] for called, quoted in words} & bodies.keys() - found
        found |= names
        waiting.extend(bodies[name] for name in names)
    return frozenset(found)


def show(repository: Path, rows: list[Row]) -> None:
    """The table, and each node on which fingerprint and files disagree."""
    print(f"\n{repository.name}: nodes changed from one release to the next")
    heads = f"{'nodes':>7}{'checksum':>10}{'fingerprint':>13}{'files say':>11}{'by macro':>10}{'by config':>11}"
    print(f"{'':32}{heads}  disagree")
    for row in rows:
        wrong = len(row.only_fingerprint) + len(row.only_files)
        print(
            f"{row.before + ' to ' + row.after:32}{row.nodes:>7}{row.checksum:>10}{row.fingerprint:>13}{row.files:>11}"
            f"{row.by_macro:>10}{row.by_config:>11}  {wrong}"
        )
    for row in rows:
        for name in row.only_fingerprint:
            print(f"  {row.after}: fingerprint changed, files did not: {name}")
        for name in row.only_files:
            print(f"  {row.after}: files changed, fingerprint did not: {name}")


if __name__ == "__main__":
    raise SystemExit(main())
