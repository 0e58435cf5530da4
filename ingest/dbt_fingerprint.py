"""The fingerprint of a dbt node: what decides its SQL, without rendering it.

A node with a file: its checksum, the macros reached from it (each macro's unique id and the SHA-256 of its text), and
its configuration before rendering. A generic test has no file of its own: its unique id, what it asserts and its
configuration take the place of the checksum. Metrics, sources and the like have their definition instead. A link from
`meta.decision_refs` to a decision is left out: recording a decision makes no new version. The form is canonical JSON
under the tag of `fingerprint`; only those of one `fingerprint_kind` may be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from ingest.fingerprint import fingerprint

DECISION_REFS = "decision_refs"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a node's fingerprint is made of, besides the texts of macros."""

    own: Mapping[str, object]
    """Its checksum, or what stands for one; empty: nothing is known and the node has no fingerprint."""
    macros: tuple[str, ...]
    """unique ids of the macros it names itself."""
    config: object
    """Before rendering."""


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro's text as a hash, and the macros it calls."""

    sha256: str
    macros: tuple[str, ...]


def macro(macro_sql: str, calls: Iterable[str]) -> Macro:
    """A macro by its text and what `depends_on.macros` names."""
    return Macro(sha256(macro_sql.encode("utf-8", "surrogatepass")).hexdigest(), tuple(calls))


def closure(named: Iterable[str], macros: Mapping[str, Macro]) -> list[tuple[str, str | None]]:
    """(unique id, SHA-256) of every macro reached through `depends_on.macros`, sorted; None where it is unknown."""
    reached: dict[str, str | None] = {}
    waiting = list(named)
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        found = macros.get(name)
        reached[name] = found.sha256 if found else None
        waiting.extend(found.macros if found else ())
    return sorted(reached.items())


def closures(macros: Mapping[str, Macro]) -> Callable[[tuple[str, ...]], str]:
    """The fingerprint of the closure of these names; nodes that name the same macros share the work."""

    @cache
    def of(named: tuple[str, ...]) -> str:
        return fingerprint(closure(named, macros))

    return of


def node_fingerprint(basis: Basis, closure_of: Callable[[tuple[str, ...]], str]) -> str | None:
    """The fingerprint; None where nothing that decides the node's SQL is known."""
    if not basis.own:
        return None
    return fingerprint({**basis.own, "macros": closure_of(basis.macros), "config": without_refs(basis.config)})


def without_refs(config: object) -> object:
    """A configuration without `meta.decision_refs`, and without the `meta` that held nothing else."""
    if not isinstance(config, dict) or not isinstance(meta := config.get("meta"), dict) or DECISION_REFS not in meta:
        return config
    rest = {key: value for key, value in meta.items() if key != DECISION_REFS}
    return {**{key: value for key, value in config.items() if key != "meta"}, **({"meta": rest} if rest else {})}


def definition(record: Mapping[str, object], names: Sequence[str]) -> dict[str, object]:
    """These fields of a record, where they hold something."""
    return {name: record[name] for name in names if record.get(name) not in (None, "", [], {})}
