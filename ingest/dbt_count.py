"""How many things a dbt manifest describes, counted without making nodes of them: the check on what was read."""

from __future__ import annotations

from collections import Counter

from ingest.dbt_documents import entries
from ingest.dbt_nodes import SECTIONS, BadEntry, identity, meta_of
from ingest.dbt_notes import project_name
from ingest.json_plain import text_or_none
from ingest.json_values import Fields, fields, words
from ingest.records import Source


def described_count(source: Source) -> int:
    """Nodes, columns and sources with a description or meta, and entries and columns that are no objects.

    Left out: macros of other packages than the project's, disabled nodes.
    Raises: the errors of `dbt_documents.entries`.
    """
    metadata: dict[str, object] = {}
    packages, of_macros = Counter[str](), Counter[str]()
    groups: set[str] = set()
    count = 0
    for section, key, value in entries(source):
        if section == "metadata" and key is not None:
            metadata[key] = value
        if section not in SECTIONS or key is None:
            continue
        try:
            _, kind, package = identity(section, key, value)
        except BadEntry:
            count += 1
            continue
        columns = fields(fields(value).get("columns")).values()
        count += sum(1 for column in columns if not isinstance(column, dict))
        of_entry = _is_described(fields(value)) + sum(_is_described(fields(column)) for column in columns)
        if kind == "macro":
            of_macros[package] += of_entry
            continue
        packages[package] += 1
        count += of_entry
        if section == "sources" and (group := _group(fields(value), package)):
            groups.add(group)
    return count + len(groups) + of_macros[project_name(metadata, packages)]


def _is_described(value: Fields) -> bool:
    return bool(words(value.get("description")).strip() or meta_of(value))


def _group(value: Fields, package: str) -> str | None:
    name = text_or_none(value.get("source_name"))
    is_said = words(value.get("source_description")).strip() or fields(value.get("source_meta"))
    return f"{package}.{name}" if name and is_said else None
