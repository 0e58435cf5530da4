"""What a dbt project's descriptions and meta say, as one session of kind `pipeline`.

The session is the project's, whichever file it was read from: `dbt:<project>`. It has no date: a manifest says when it
was made, not when its words were written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.dbt_nodes import SECTIONS, SOURCE_GROUP, described
from ingest.json_plain import pointer
from ingest.pipeline_words import KIND, Thing, words_session
from ingest.pipelines import Column, Node, Project
from ingest.records import Session

_SECTION_OF = {kind: section for section, kind in SECTIONS.items() if kind}


@dataclass(frozen=True, slots=True)
class DecisionRef:
    """`meta.decision_refs` of a node or of one of its columns: a decision that governs it, named by people."""

    unique_id: str
    column: str | None
    target: str
    """As written: an id, a file name, a number."""
    locator: str


def session_of(project: Project) -> Session | None:
    """The words of a project's nodes and columns; None where nothing is described."""
    found = words_session(
        things(project), Session(KIND, f"dbt:{project.name}", (), 0, project=project.name, title=f"dbt {project.name}")
    )
    return found if found.utterances or found.set_aside else None


def decision_refs(project: Project) -> tuple[DecisionRef, ...]:
    """Every decision that meta names, with what names it; also where no words stand beside it."""
    return tuple(
        DecisionRef(node.unique_id, column.name if column else None, target, thing.locator)
        for node in project.nodes
        for column in described(node)
        for thing in [_thing(node, column)]
        for target in thing.decision_refs
    )


def things(project: Project) -> Iterator[Thing]:
    """Everything that has a description or meta, in the order of the manifest."""
    return (_thing(node, column) for node in project.nodes for column in described(node))


def _thing(node: Node, column: Column | None) -> Thing:
    place = f"/{_SECTION_OF.get(node.kind, 'nodes')}/{pointer(node.unique_id)}"
    if node.kind == SOURCE_GROUP:
        place = f"source_description of {node.package}.{node.name}"
    name = f"{node.name}.v{node.version}" if node.version else node.name
    if column is None:
        target = node.unique_id
        return Thing(target, f"{node.kind} {name}", name, place, "node", target, node.description, node.meta)
    target = f"{node.unique_id}.{column.name}"
    return Thing(
        native_id=target,
        topic=f"column {name}.{column.name}",
        subject=f"{name}.{column.name}",
        locator=f"{place}/columns/{pointer(column.name)}",
        target_kind="column",
        target=target,
        description=column.description,
        meta=column.meta,
    )
