"""A dbt project's artifacts as one Project: manifest.json, and run_results, catalog and sources beside it.

Manifests of version 4 (dbt 1.0) to 12 (dbt 1.8 and later) are read by one set of rules, every value looked at for its
type; another version is refused, since a fingerprint made by guessing would stay. An entry that is no node is Rejected.
The commit, repository and pull request come from `metadata.env`, that is from `DBT_ENV_CUSTOM_ENV_GIT_SHA`, `_REPO`
and `_PR` at the time dbt ran: dbt itself knows none of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.dbt_documents import entries
from ingest.dbt_fingerprint import Basis, Macro, closures, macro, node_fingerprint
from ingest.dbt_nodes import SECTIONS, BadEntry, Half, described, half, source_group
from ingest.dbt_notes import about_commits, about_nodes, project_name
from ingest.dbt_results import Results, sha_of
from ingest.errors import SourceError, SourceMalformed, SourceMissing
from ingest.json_plain import pointer, scalar, text_or_none, texts
from ingest.json_source import moment
from ingest.json_values import fields, inside, printed, without_credentials
from ingest.pipelines import Column, FingerprintKind, Node, Project
from ingest.records import Rejected, Source
from ingest.sources import Declared, file_source

MANIFEST = "manifest.json"
BESIDE: Mapping[str, str] = {
    "run_results.json": "no runs are known",
    "catalog.json": "column types are those that the YAML declares",
    "sources.json": "how fresh the sources were is not known",
}
"""The files that a manifest may have beside it, and what is missing without each."""
_OLDEST, _NEWEST = 4, 12
_SCHEMA = re.compile(r"/manifest/v(\d{1,4})(?:\.json)?\Z")
_READER = "a dbt manifest"


@dataclass(slots=True)
class Manifest:
    """A manifest as it is read."""

    metadata: dict[str, object] = field(default_factory=dict)
    halves: list[Half] = field(default_factory=list)
    macros: dict[str, Macro] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    source_groups: dict[str, Half] = field(default_factory=dict)
    packages: Counter[str] = field(default_factory=Counter)
    """Nodes of each package that are no macros."""
    disabled: int = 0


def project_in(target_dir: Path) -> Project:
    """The project whose artifacts lie in a folder (dbt's target), or in the `target` below it.

    Raises: the errors of `artifacts_in` and `project_of`.
    """
    declared = Declared()
    return project_of([file_source(path, declared) for path in artifacts_in(target_dir)])


def artifacts_in(target_dir: Path) -> tuple[Path, ...]:
    """The manifest of a folder (dbt's target), or of the `target` below it, and then what dbt wrote beside it.

    Raises: SourceError where there is no manifest.json.
    """
    folder = target_dir.parent if target_dir.name == MANIFEST else target_dir
    places = (folder / MANIFEST, folder / "target" / MANIFEST)
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        uri = folder.absolute().as_posix()
        if not folder.exists():
            raise SourceMissing(uri)
        raise SourceError(uri, f"No {MANIFEST} in '{uri}'. Run `dbt parse` and name its target folder.")
    beside = (found.parent / name for name in BESIDE)
    return (found, *(path for path in beside if path.is_file()))


def project_of(files: Iterable[Source]) -> Project:
    """The project of a manifest and the files beside it, each known by its name; the manifest may have any.

    Raises: SourceMalformed for what is no manifest, SourceError for a version out of range; the errors of
    `dbt_documents.entries`. A broken file beside the manifest is a note and a Rejected.
    """
    given = list(files)
    beside = {source.name: source for source in given if source.name in BESIDE and len(given) > 1}
    source = next((one for one in given if one.name not in beside), given[0])
    beside = {name: one for name, one in beside.items() if one is not source}
    manifest = _manifest(source)
    results, notes = _results(beside)
    kind: FingerprintKind = "rendered" if any(one.is_compiled for one in manifest.halves) else "parsed"
    name = project_name(manifest.metadata, manifest.packages)
    nodes = tuple(_nodes(_own(manifest, name), manifest.macros, results))
    env, (git_sha, is_dirty) = fields(manifest.metadata.get("env")), sha_of(manifest.metadata)
    repository = text_or_none(env.get("REPO"))
    return Project(
        system="dbt",
        name=name,
        schema_version=f"v{_version(source, manifest.metadata)}",
        tool_version=text_or_none(manifest.metadata.get("dbt_version")),
        generated_at=moment(manifest.metadata.get("generated_at")),
        invocation_id=text_or_none(manifest.metadata.get("invocation_id")),
        git_sha=git_sha,
        repository=without_credentials(repository.strip()) if repository else None,
        pull_request=scalar(env.get("PR")),
        fingerprint_kind=kind,
        nodes=nodes,
        runs=tuple(results.runs),
        datasets=(),
        notes=(
            *about_nodes(nodes, kind, manifest.disabled),
            *about_commits(manifest.metadata, results),
            *notes,
        ),
        rejected=(*manifest.rejected, *results.rejected),
        is_dirty=is_dirty,
        freshness=tuple(results.freshness),
        adapter=text_or_none(manifest.metadata.get("adapter_type")),
    )


def _manifest(source: Source) -> Manifest:
    found = Manifest()
    is_checked = False
    for section, key, value in entries(source):
        if section == "metadata" and key is not None:
            found.metadata[key] = value
            continue
        if not is_checked and found.metadata:
            _version(source, found.metadata)  # before the rest is read by rules that may not be its own
            is_checked = True
        if section in SECTIONS and key is not None:
            _take(found, section, key, value)
        elif section == "disabled":
            found.disabled += len(value) if isinstance(value, list) else 1
    _version(source, found.metadata)
    return found


def _take(found: Manifest, section: str, key: str, value: object) -> None:
    place = f"{MANIFEST}#/{section}/{pointer(key)}"
    try:
        one = half(section, key, value)
    except BadEntry as error:
        found.rejected.append(Rejected(str(error), place, printed(value)))
        return
    found.rejected.extend(
        Rejected("not an object", f"{place}/columns/{pointer(name)}", printed(item)) for name, item in one.bad_columns
    )
    found.halves.append(one)
    node = one.node
    if section == "sources" and (group := source_group(fields(value), node.package)):
        found.source_groups.setdefault(group.unique_id, Half(group, Basis({}, (), None)))
    if node.kind != "macro":
        found.packages[node.package] += 1
    else:
        calls = texts(inside(value, "depends_on", "macros"))
        found.macros[node.unique_id] = macro(node.raw_code or "", calls)


def _version(source: Source, metadata: Mapping[str, object]) -> int:
    named = text_or_none(metadata.get("dbt_schema_version"))
    match = _SCHEMA.search(named) if named else None
    if match is None:
        problem = f"its schema is '{named}'" if named else "no schema of a manifest is named"
        raise SourceMalformed(source.uri, reader=_READER, where="/metadata/dbt_schema_version", problem=problem)
    version = int(match[1])
    if not _OLDEST <= version <= _NEWEST:
        advice = "Upgrade intent-server" if version > _NEWEST else "Parse the project with dbt 1.0 or later"
        raise SourceError(
            source.uri,
            f"'{source.uri}' is a dbt manifest of version {version}; versions {_OLDEST} to {_NEWEST} are read. "
            f"{advice}, or make the manifest with a dbt that writes one of these.",
        )
    return version


def _results(beside: Mapping[str, Source]) -> tuple[Results, list[str]]:
    found, notes = Results(), []
    readers: Mapping[str, Callable[[Source], None]] = {
        "run_results.json": found.read_runs,
        "catalog.json": found.read_types,
        "sources.json": found.read_freshness,
    }
    for name, without in BESIDE.items():
        if name not in beside:
            notes.append(f"no {name}: {without}")
            continue
        try:
            readers[name](beside[name])
        except SourceError as error:
            notes.append(f"{name} cannot be read: {without}")
            found.rejected.append(Rejected(str(error), name, "", units=0))
    return found, notes


def _own(manifest: Manifest, root: str) -> list[Half]:
    """The halves but macros of other packages, each unique id once; another one of the same id is Rejected."""
    kept: dict[str, Half] = {}
    for one in (*manifest.halves, *manifest.source_groups.values()):
        node = one.node
        if node.kind == "macro" and node.package != root:
            continue
        if node.unique_id in kept:
            where, units = f"{MANIFEST}#/{node.kind}", sum(1 for _ in described(node))
            manifest.rejected.append(Rejected("another node has this unique_id", where, node.unique_id, units))
        else:
            kept[one.node.unique_id] = one
    return list(kept.values())


def _nodes(halves: Sequence[Half], macros: Mapping[str, Macro], results: Results) -> Iterator[Node]:
    """Every node with its fingerprint, its group's owner and its columns' types."""
    owners = {one.node.name: one.node.owner for one in halves if one.node.kind == "group"}
    closure_of = closures(macros)
    for one in halves:
        types = results.types.get(one.node.unique_id, {})
        yield replace(
            one.node,
            fingerprint=node_fingerprint(one.basis, closure_of),
            owner=one.node.owner or owners.get(one.node.group or ""),
            columns=_with_types(one.node.columns, types),
        )


def _with_types(columns: tuple[Column, ...], types: Mapping[str, tuple[str, str | None]]) -> tuple[Column, ...]:
    """Described columns with the catalog's types, then those that only the catalog knows."""
    if not types:
        return columns
    known = {column.name.casefold() for column in columns}
    typed = (
        replace(c, data_type=types[n][1] or c.data_type) if (n := c.name.casefold()) in types else c for c in columns
    )
    return (*typed, *(Column(name, data_type=kind) for key, (name, kind) in types.items() if key not in known))
