"""Part of the Azure DevOps reader: what a JSON object of a dump is, by its fields, and how many records it holds."""

from __future__ import annotations

from typing import Literal

from ingest.json_values import Fields, fields, number

Kind = Literal["page", "pull_request", "thread", "comment", "commit", "iteration", "unknown"]


def kind_of(record: Fields) -> Kind:
    """What a record is, by its own fields; a page is a list with what stands around it."""
    if isinstance(record.get("value"), list):
        return "page"
    if number(record.get("pullRequestId")) is not None:
        return "pull_request"
    if isinstance(record.get("comments"), list):
        return "thread"
    if "content" in record and record.keys() & {"commentType", "parentCommentId", "publishedDate"}:
        return "comment"
    if "commitId" in record:
        return "commit"
    return "iteration" if "sourceRefCommit" in record else "unknown"


def units(value: object) -> int:
    """How many records a value holds, counted by its structure alone."""
    record = fields(value)
    if kind_of(record) == "page":
        value = record["value"]
    return sum(_units(entry) for entry in value) if isinstance(value, list) else _units(value)


def _units(value: object) -> int:
    record = fields(value)
    comments = record.get("comments")
    return len(comments) if kind_of(record) == "thread" and isinstance(comments, list) else 1
