"""What the documentation facets, column descriptions and dbt meta of OpenLineage events say, as one session a file.

Producers send the same words with every run, so an utterance is known by what it describes and what it says: in the
next file of events the same words are a copy, changed words are new ones.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.fingerprint import fingerprint
from ingest.pipeline_words import KIND, Thing, words_session
from ingest.pipelines import Column, Dataset, Node, Project, qualified
from ingest.records import Session


def session_of(project: Project, kept: int) -> Session:
    """The words of a file's jobs and datasets; `kept` events stand behind it, whether they have words or not.

    Its id is the fingerprint of its words: the same file gives the same session, and so does one that says the same.
    """
    found = words_session(things(project), Session(KIND, "", (), 0))
    said = [[utterance.native_id, utterance.text] for utterance in found.utterances]
    return Session(
        kind=KIND,
        native_id=fingerprint({"openlineage": project.name, "said": said}),
        identity="content",
        utterances=found.utterances,
        kept=kept,
        stated=found.stated,
        title=f"OpenLineage {project.name}",
        project=project.name,
    )


def things(project: Project) -> Iterator[Thing]:
    """Every job, dataset and column with a description, and every job with dbt's meta."""
    yield from (_job(node) for node in project.nodes if node.description or node.meta)
    for table in project.datasets:
        if table.description:
            yield _dataset(table)
        yield from (_column(table, column) for column in table.columns if column.description)


def _job(node: Node) -> Thing:
    kind, target = ("node", node.dbt_unique_id) if node.dbt_unique_id else ("job", node.unique_id)
    return Thing(
        native_id=f"{node.unique_id}@{_mark(node.description, node.meta)}",
        topic=f"job {node.name}",
        subject=node.name,
        locator=f"documentation of job {node.unique_id}",
        target_kind=kind,
        target=target,
        description=node.description,
        meta=node.meta,
    )


def _dataset(table: Dataset) -> Thing:
    target = qualified(table.namespace, table.name)
    return Thing(
        native_id=f"{target}@{_mark(table.description)}",
        topic=f"dataset {table.name}",
        subject=table.name,
        locator=f"documentation of dataset {target}",
        target_kind="dataset",
        target=target,
        description=table.description,
        meta={},
    )


def _column(table: Dataset, column: Column) -> Thing:
    target = f"{qualified(table.namespace, table.name)}.{column.name}"
    return Thing(
        native_id=f"{target}@{_mark(column.description)}",
        topic=f"column {table.name}.{column.name}",
        subject=f"{table.name}.{column.name}",
        locator=f"schema of dataset {target}",
        target_kind="column",
        target=target,
        description=column.description,
        meta={},
    )


def _mark(*said: object) -> str:
    return fingerprint(list(said)).removeprefix("b2:")[:12]
