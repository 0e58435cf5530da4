"""One entry of a dbt manifest as a Node with what its fingerprint is made of. Any value may be of any type anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.dbt_fingerprint import Basis, definition
from ingest.fingerprint import fingerprint
from ingest.json_plain import flag, kept, mapping, scalar, text_or_none, texts
from ingest.json_values import Fields, fields, inside, words
from ingest.pipelines import Check, Column, Meta, Node

SOURCE_GROUP = "source_group"
"""Kind of a source's own node, which dbt writes only on each of its tables."""
SECTIONS: Mapping[str, str] = {
    "nodes": "",
    "sources": "source",
    "exposures": "exposure",
    "metrics": "metric",
    "semantic_models": "semantic_model",
    "saved_queries": "saved_query",
    "unit_tests": "unit_test",
    "functions": "function",
    "groups": "group",
    "macros": "macro",
}
"""Sections of a manifest and the kind of what they hold; the entries of `nodes` say theirs."""
_DEFINITIONS: Mapping[str, tuple[str, ...]] = {
    "source": ("source_name", "name", "identifier", "loaded_at_field", "loaded_at_query", "freshness", "external"),
    "exposure": ("type", "url", "depends_on"),
    "metric": (
        "type", "type_params", "filter", "filters", "time_granularity", "calculation_method", "expression", "sql",
        "model", "timestamp", "time_grains", "dimensions", "window",
    ),
    "semantic_model": ("model", "defaults", "entities", "measures", "dimensions", "primary_entity"),
    "saved_query": ("query_params", "exports"),
    "unit_test": ("model", "given", "expect", "overrides", "versions"),
    "group": ("owner",),
}  # fmt: skip
"""What defines that which has no file of its own. Names that a target chooses (database, schema) are left out."""


@dataclass(frozen=True, slots=True)
class Half:
    """A node whose fingerprint waits for the macros, which stand later in the file."""

    node: Node
    basis: Basis
    is_compiled: bool = False
    bad_columns: tuple[tuple[str, object], ...] = ()
    """(key, value) of columns that are no objects."""


class BadEntry(ValueError):
    """An entry that is no node; its text is the reason for the quarantine."""


def identity(section: str, key: str, value: object) -> tuple[str, str, str]:
    """(unique id, kind, package) of an entry.

    Raises: BadEntry for what is no object, or has no name.
    """
    if not isinstance(value, dict):
        raise BadEntry("not an object")
    unique_id = text_or_none(value.get("unique_id")) or text_or_none(key)
    if unique_id is None:
        raise BadEntry("no unique_id")
    kind = text_or_none(value.get("resource_type")) if section == "nodes" else SECTIONS[section]
    package = text_or_none(value.get("package_name")) or [*unique_id.split("."), ""][1]
    return unique_id, kind or unique_id.partition(".")[0], package


def meta_of(value: object) -> Meta:
    """The meta of an entry or a column, wherever this version of dbt puts it."""
    return mapping(inside(value, "meta")) or mapping(inside(value, "config", "meta"))


def source_group(value: Fields, package: str) -> Node | None:
    """What is said of a source as a whole, beside each of its tables; None where nothing is."""
    name = text_or_none(value.get("source_name"))
    description, meta = words(value.get("source_description")).strip(), mapping(value.get("source_meta"))
    if name is None or not (description or meta):
        return None
    return Node(f"source.{package}.{name}", SOURCE_GROUP, package, name, description=description, meta=meta)


def half(section: str, key: str, value: object) -> Half:
    """The node of one entry.

    Raises: BadEntry for what is no object, or has no name.
    """
    unique_id, kind, package = identity(section, key, value)
    value = fields(value)
    name = text_or_none(value.get("name")) or unique_id.rpartition(".")[2]
    code = text_or_none(value.get("macro_sql" if kind == "macro" else "raw_code")) or text_or_none(value.get("raw_sql"))
    compiled = text_or_none(value.get("compiled_code")) or text_or_none(value.get("compiled_sql"))
    checksum, config = _checksum(value.get("checksum")), fields(value.get("config"))
    meta, patch = meta_of(value), text_or_none(value.get("patch_path"))
    node = Node(
        unique_id=unique_id,
        kind=kind,
        package=package,
        name=_full_name(kind, value, name),
        alias=text_or_none(value.get("alias")) or text_or_none(value.get("identifier")),
        relation=text_or_none(value.get("relation_name")),
        path=_posix(value.get("original_file_path")),
        patch_path=_posix(patch.rpartition("://")[2]) if patch else None,
        description=words(value.get("description")).strip(),
        columns=_columns(value.get("columns")),
        meta=meta,
        tags=texts(value.get("tags")),
        depends_on=texts(inside(value, "depends_on", "nodes")),
        checksum=checksum,
        contract_checksum=text_or_none(inside(value, "contract", "checksum")),
        is_enforced=flag(inside(value, "contract", "enforced")) or False,
        version=scalar(value.get("version")),
        latest_version=scalar(value.get("latest_version")),
        materialized=text_or_none(config.get("materialized")),
        attached_node=text_or_none(value.get("attached_node")),
        column_name=text_or_none(value.get("column_name")),
        test=_check(value.get("test_metadata"), config),
        owner=_owner(value.get("owner")) or _owner(meta.get("owner")),
        compiled_fingerprint=fingerprint(compiled) if compiled else None,
        raw_code=code,
        url=text_or_none(value.get("url")),
        group=text_or_none(value.get("group")) or text_or_none(config.get("group")),
    )
    bad = tuple(
        (words(name), item) for name, item in fields(value.get("columns")).items() if not isinstance(item, dict)
    )
    return Half(node, _basis(node, value, config), is_compiled=compiled is not None, bad_columns=bad)


def described(node: Node) -> Iterator[Column | None]:
    """What has a description or meta: the node itself (None), then its columns."""
    if node.description or node.meta:
        yield None
    yield from (column for column in node.columns if column.description or column.meta)


def _full_name(kind: str, value: Fields, name: str) -> str:
    """A source's table is named with its source, as `source('till', 'receipts')` does: `till.receipts`."""
    source = text_or_none(value.get("source_name")) if kind == "source" else None
    return f"{source}.{name}" if source else name


def _basis(node: Node, value: Fields, config: Fields) -> Basis:
    macros = texts(inside(value, "depends_on", "macros"))
    unrendered = kept(fields(value.get("unrendered_config")))
    if node.test is not None:
        asserts = {"name": node.test.name, "namespace": node.test.namespace, "kwargs": node.test.kwargs}
        own: dict[str, object] = {"test": node.unique_id, "asserts": asserts, "rendered": _lasting(config)}
        return Basis(own, macros, unrendered)
    if node.kind == "macro":
        return Basis({"macro": node.unique_id} if node.raw_code else {}, (node.unique_id,), {})
    if node.kind in _DEFINITIONS:
        own = definition({name: kept(item) for name, item in value.items()}, _DEFINITIONS[node.kind])
        if node.kind == "source":
            own["columns"] = sorted([column.name.casefold(), column.data_type] for column in node.columns)
        return Basis({"kind": node.kind, **own} if own else {}, macros, unrendered)
    return Basis({"checksum": node.checksum} if node.checksum else {}, macros, unrendered)


def _lasting(config: Fields) -> object:
    """A test's configuration without what names or describes it."""
    dropped = {"meta", "tags", "alias", "schema", "database", "docs", "group", "static_analysis", "description"}
    return {key: kept(item) for key, item in config.items() if key not in dropped and item is not None}


def _checksum(value: object) -> str | None:
    name, digest = text_or_none(inside(value, "name")), text_or_none(inside(value, "checksum"))
    return f"{name}:{digest}" if name and digest and name != "none" else None


def _columns(value: object) -> tuple[Column, ...]:
    return tuple(_column(key, item) for key, item in fields(value).items() if isinstance(item, dict))


def _column(key: str, item: Fields) -> Column:
    name = text_or_none(item.get("name")) or words(key)
    return Column(name, words(item.get("description")).strip(), text_or_none(item.get("data_type")), meta_of(item))


def _check(value: object, config: Fields) -> Check | None:
    name = text_or_none(inside(value, "name"))
    if name is None:
        return None
    return Check(
        name=name,
        namespace=text_or_none(inside(value, "namespace")),
        kwargs=mapping(inside(value, "kwargs")),
        severity=text_or_none(config.get("severity")),
        warn_if=text_or_none(config.get("warn_if")),
        error_if=text_or_none(config.get("error_if")),
        is_storing_failures=flag(config.get("store_failures")),
    )


def _owner(value: object) -> str | None:
    """An owner as a text, or the name, else the address, of an object."""
    found = text_or_none(value) or text_or_none(inside(value, "name"))
    return found or next(iter(texts(inside(value, "email"))), None)


def _posix(value: object) -> str | None:
    path = text_or_none(value)
    return path.replace("\\", "/") if path else None
