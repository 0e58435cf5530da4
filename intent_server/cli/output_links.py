"""Links, repositories and pipelines for the terminal, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from intent_server.answers import Change, LinkAnswer, NodeVersion, PipelineNode
from intent_server.answers_record import GitReport, LinkCounts, PipelineReport


def told(link: LinkAnswer) -> str:
    """A link in one line: what it says of what, how it is known, and what it rests on."""
    rests = f": {link.evidence}" if link.evidence else ""
    return f"{link.relation} {link.target_kind} {link.target}  ({link.method}{rests})"


def changes(found: Sequence[Change]) -> Iterator[str]:
    """What git shows, one line a commit, under a heading that says what it is not."""
    if found:
        yield ""
        yield "git shows (history, not a decision)"
    for one in found:
        request = f" #{one.pull_request}" if one.pull_request is not None else ""
        yield f"  {one.sha[:10]} {_day(one.authored_at)}  {one.author}{request}  {one.recorded_text}"


def nodes(found: Sequence[PipelineNode]) -> Iterator[str]:
    """Nodes with the versions in which decisions were made, and their last runs."""
    for one in found:
        yield ""
        yield f"{one.kind} {one.unique_id}{f'.{one.column}' if one.column else ''}  {one.path or ''}".rstrip()
        if one.newest is not None:
            yield f"  {_counted(one.version_count, 'version')} seen, the newest {_version(one.newest)}"
        for made in one.made_in:
            yield f"  decision {made.decision_id} {_made(made.version, made.is_changed_since)}"
        for run in one.runs[:1]:
            rows = f", {run.row_count:,} rows" if run.row_count is not None else ""
            yield f"  last run {_day(run.started_at)}: {run.status}{rows}"


def repository(answer: GitReport) -> list[str]:
    """A repository's commits, the decisions in their messages, and the links made."""
    return [f"{answer.outcome} {answer.repository} at {answer.place}", *_repository(answer), *links(answer.links)]


def _repository(answer: GitReport) -> Iterator[str]:
    head = f"{answer.branch or 'detached'} {(answer.head or 'no commit')[:10]}"
    yield f"  {_counted(answer.commits, 'commit')} ({answer.commits_added:,} new), {head}"
    if answer.messages is not None:
        said = answer.messages
        yield f"  {_counted(said.decisions, 'decision')} in {_counted(said.sessions, 'commit message')}"
    for note in answer.notes:
        yield f"  note: {note}"


def pipeline(answer: PipelineReport) -> list[str]:
    """A pipeline's nodes, versions and runs, the decisions in its descriptions, and the links made."""
    return [f"{answer.outcome} {answer.system} {answer.project}", *_pipeline(answer), *links(answer.links)]


def _pipeline(answer: PipelineReport) -> Iterator[str]:
    yield (
        f"  {_counted(answer.nodes, 'node')} ({answer.nodes_added:,} new, {answer.nodes_changed:,} changed, "
        f"{answer.nodes_closed:,} gone)"
    )
    at = f" at {answer.git_sha[:10]}" if answer.git_sha else ""
    dirty = " with uncommitted changes" if answer.is_dirty else ""
    versions, runs = _counted(answer.versions_added, "new version"), _counted(answer.runs_added, "new run")
    yield f"  {versions}{at}{dirty} ({answer.fingerprint_kind}), {runs}"
    if answer.words is not None:
        yield f"  {_counted(answer.words.decisions, 'decision')} in its descriptions"
    for note in answer.notes:
        yield f"  note: {note}"


def links(made: LinkCounts) -> Iterator[str]:
    """How many links were made, by which methods, and what stayed without."""
    methods = ", ".join(f"{count:,} {method}" for method, count in made.by_method.items())
    held = f"{_counted(sum(made.by_method.values()), 'link')} of all decisions ({methods}): " if methods else "links: "
    yield f"  {held}{made.added:,} new, {made.closed:,} closed"
    if made.ambiguous:
        yield f"  {_counted(made.ambiguous, 'name')} fit several things and link to none (view intent.unresolved)"


def _made(version: NodeVersion | None, is_changed: bool | None) -> str:
    if version is None:
        return "no version is known from when it was made"
    since = {True: "changed since", False: "unchanged since", None: "not comparable since"}[is_changed]
    return f"was made in {_version(version)}: {since}"


def _version(version: NodeVersion) -> str:
    at = version.git_sha[:10] if version.git_sha else version.fingerprint[:12]
    dirty = " with uncommitted changes" if version.is_dirty else ""
    return f"{at}{dirty} of {_day(version.generated_at)}"


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "undated"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
