"""Part of the write side: decisions tied to code and pipelines, anew for those that changed or for all.

Links are derived: from what sources state, the words of decisions, agents' own edits, and what the store knows of
repositories and pipelines. Whichever of the two was read first, the links are the same.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import PurePosixPath
from typing import cast

from ingest.records import Method, Relation
from intent_server.answers_record import LinkCounts
from intent_server.link_anchors import PIPELINE
from intent_server.link_changes import Step, commits_made, edits
from intent_server.link_mentions import Mention
from intent_server.link_resolve import Home, Known, NodeName, Symbol, paths_of
from intent_server.link_ties import Committed, Quoted, Scene, Stated, Tie, Ties, ties_of
from intent_server.record_changed import changed_files, with_changes
from intent_server.record_hunks import hunks_here
from intent_server.record_refs import named_by_nodes
from intent_server.store.anchors import asked, listed, put_links
from intent_server.store.connect import Db
from intent_server.store.rows import Row, fetched, stamp

_NUMBERED = re.compile(r"^(?P<repository>.+?)(?:[#!~]\d+|@[0-9a-f]{7,64})$")
_AFTER = timedelta(minutes=5)
"""A commit is often made right after the last thing said."""
_LONGEST = timedelta(days=2)
"""A session that runs longer says nothing of the commits made meanwhile."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking did: links added and closed, and how many decisions are linked by each method."""

    added: int
    closed: int
    methods: Mapping[str, int] = field(default_factory=dict)
    unresolved: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The links that decisions are to have: rows to be put. `decision_ids`: whose; of others nothing is said."""

    decision_ids: Sequence[str]
    wanted: Sequence[Row]
    unresolved: Sequence[Row]


def link(db: Db, now: datetime, decision_ids: Sequence[str] | None = None) -> Linked:
    """Bring the links of these decisions (None: of all) up to what the store knows now. Within a transaction."""
    return put(db, now, planned(db, decision_ids))


def put(db: Db, now: datetime, plan: Plan) -> Linked:
    """Bring the links to a plan. Within a transaction."""
    added, closed = put_links(db, now, plan.decision_ids, plan.wanted, plan.unresolved)
    return Linked(added, closed, Counter(str(row["method"]) for row in plan.wanted), len(plan.unresolved))


def counts(linked: Linked) -> LinkCounts:
    """What linking did, as it is answered."""
    methods = dict(sorted(linked.methods.items()))
    return LinkCounts(added=linked.added, closed=linked.closed, by_method=methods, ambiguous=linked.unresolved)


def planned(db: Db, decision_ids: Sequence[str] | None = None, also: Sequence[tuple[str, str]] = ()) -> Plan:
    """The links of these decisions (None: of all) by what the store knows now; nothing is written.

    Asks git for lines, so that for all decisions it takes long: not to be called while a writer holds the store.
    `also`: (repository, place) of those that are at hand and not in the store yet.
    """
    heads = list(fetched(db, "link_decisions", ids=asked(decision_ids)))
    quotes = _quotes(db, decision_ids)
    stated = _grouped(fetched(db, "link_stated", ids=asked(decision_ids)), "decision_id")
    by_session = _grouped(heads, "session_id")
    steps = {key: _steps(rows) for key, rows in _steps_of(db, heads)}
    named = [one for said in quotes.values() for quote in said for one in quote.mentions]
    targets = {str(row["target"]) for rows in stated.values() for row in rows if row["target_kind"] in PIPELINE}
    held = [(str(row["repository"]), str(row["place"])) for row in fetched(db, "known_repositories")]
    places = list(dict.fromkeys((*also, *held)))
    known = replace(
        _known(db, named, steps.values(), targets), repositories=frozenset(repository for repository, _ in places)
    )
    hunks_of, by_nodes = hunks_here(db, places), named_by_nodes(db)
    changed = changed_files(db, heads)
    wanted: list[Row] = []
    unresolved: list[Row] = []
    for session_id, rows in by_session.items():
        scene = _scene(db, rows[0], steps.get(session_id, ()), known, places)
        scene = with_changes(scene, str(rows[0]["native_id"]), changed, known)
        for row in rows:
            decision_id = str(row["decision_id"])
            said, of_source = quotes.get(decision_id, ()), map(_stated, stated.get(decision_id, ()))
            found = ties_of(said, list(of_source), scene, known, hunks_of)
            ties = [*found.ties, *by_nodes.get(decision_id, ())]
            wanted += (_row(decision_id, scene, tie) for tie in ties)
            unresolved += _unresolved(decision_id, found)
    ids = [str(row["decision_id"]) for row in heads] if decision_ids is None else decision_ids
    return Plan(ids, wanted, unresolved)


def link_sessions(db: Db, now: datetime, session_ids: Sequence[str]) -> Linked:
    """The same for the decisions that stand or stood in some sessions."""
    rows = fetched(db, "decisions_of_sessions", sessions=json.dumps(list(session_ids)))
    return link(db, now, [str(row["decision_id"]) for row in rows])


def _grouped(rows: Iterable[dict[str, object]], name: str) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in rows:
        found[str(row[name])].append(row)
    return found


def _quotes(db: Db, decision_ids: Sequence[str] | None) -> dict[str, list[Quoted]]:
    found: dict[str, list[Quoted]] = defaultdict(list)
    for row in fetched(db, "link_quotes", ids=asked(decision_ids)):
        quote = Quoted(str(row["kind"]), int(str(row["utterance_index"])), str(row["quote"]))
        found[str(row["decision_id"])].append(quote)
    return found


def _steps_of(db: Db, heads: Sequence[Row]) -> Iterator[tuple[str, list[dict[str, object]]]]:
    kinds = ("agent_session", "pull_request")
    wanted = {str(row["session_id"]) for row in heads if row["source_kind"] in kinds}
    rows = fetched(db, "link_steps", ids=listed(wanted)) if wanted else iter(())
    for session_id, found in groupby(rows, key=lambda row: str(row["session_id"])):
        yield session_id, list(found)


def _steps(rows: Sequence[Row]) -> tuple[Step, ...]:
    return tuple(
        Step(
            index=int(str(row["utterance_index"])),
            role=str(row["role"]),
            topic=str(row["topic"] or ""),
            text=str(row["text"]),
            native_id=_text(row["native_id"]),
            parent_id=_text(row["parent_native_id"]),
            at=_moment(row["said_at"]),
        )
        for row in rows
    )


def _known(db: Db, named: Iterable[Mention], steps: Iterable[Sequence[Step]], targets: set[str]) -> Known:
    """What the store holds of all the names in some decisions' words, sessions' changes and sources' references."""
    files, prefixes, numbers, names = set[str](), set[str](), set[str](), set(targets)
    for one in named:
        if one.kind == "path":
            files.add(PurePosixPath(one.name.replace("\\", "/")).name)
        if one.kind == "commit":
            prefixes.add(one.name)
        if one.kind in ("request", "issue"):
            numbers.add(one.name)
        if one.kind in ("word", "table", "node", "path"):
            names.add(one.name)
    for taken in steps:
        files |= {PurePosixPath(edit.path.replace("\\", "/")).name for edit in edits(taken)}
        prefixes |= {made.sha for made in commits_made(taken)}
    return Known(
        files=_files(db, files, "file_name"),
        stems=_files(db, names, "stem"),
        commits=[(str(row["repository"]), str(row["sha"])) for row in _if(db, "known_commits", "prefixes", prefixes)],
        requests=_requests(db, numbers),
        nodes=_nodes(db, names),
        symbols=_symbols(db, names),
    )


def _if(db: Db, name: str, parameter: str, values: Iterable[str]) -> Iterator[dict[str, object]]:
    """The rows of a lookup; none are asked for where there is nothing to look up."""
    given = set(values)
    return fetched(db, name, **{parameter: listed(given)}) if given else iter(())


def _files(db: Db, names: set[str], by: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _if(db, "known_files", "names", names):
        if row[by] in names:
            found[str(row[by])].append((str(row["repository"]), str(row["path"])))
    return dict(found)


def _requests(db: Db, numbers: set[str]) -> dict[tuple[str, str], str]:
    rows = _if(db, "known_requests", "numbers", numbers)
    return {(str(row["repository"]), str(row["number"])): str(row["kind"]) for row in rows}


def _nodes(db: Db, names: set[str]) -> list[NodeName]:
    plain = {name.casefold() for name in names}
    parts = {part for name in plain for part in name.split(".") if part}
    return [
        NodeName(
            system=str(row["system"]),
            project=str(row["project"]),
            unique_id=str(row["unique_id"]),
            kind=str(row["kind"]),
            name=str(row["name"]),
            relation=str(row["relation"]),
            path=str(row["path"]),
            columns=frozenset(cast(list[str], row["columns"])),
        )
        for row in _if(db, "known_nodes", "names", plain | parts)
    ]


def _symbols(db: Db, names: set[str]) -> dict[str, list[Symbol]]:
    found: dict[str, list[Symbol]] = defaultdict(list)
    for row in _if(db, "known_symbols", "names", {part for name in names for part in (name, *name.split("."))}):
        one = Symbol(str(row["repository"]), str(row["symbol"]), str(row["path"]), int(str(row["line"])))
        found[one.name].append(one)
    return dict(found)


def _scene(db: Db, head: Row, steps: Sequence[Step], known: Known, places: Sequence[tuple[str, str]]) -> Scene:
    home = _home(head, steps, known, places)
    kind = str(head["source_kind"])
    during = tuple(_during(db, head, home.repository)) if kind == "agent_session" and home.repository else ()
    trailing = tuple(_trailing(db, str(head["native_id"]))) if kind == "agent_session" else ()
    shas = {sha for _, sha in known.commits} | {one.sha for one in (*during, *trailing)}
    number = _number(head)
    rows = list(_if_any(db, shas if kind == "agent_session" else set(), number))
    told = {(str(row["repository"]), str(row["sha"])): _committed(row) for row in rows}
    requests: dict[str, list[Committed]] = defaultdict(list)
    for commit in told.values():
        if commit.repository == home.repository and commit.request:
            requests[commit.request].append(commit)
    return Scene(str(head["session_id"]), kind, home, steps, during, trailing, requests, told)


def _if_any(db: Db, shas: set[str], number: str | None) -> Iterator[dict[str, object]]:
    if not shas and number is None:
        return iter(())
    return fetched(db, "requests_of_commits", shas=listed(shas), numbers=listed([number] if number else []))


def _number(head: Row) -> str | None:
    native = str(head["native_id"])
    return native if head["source_kind"] == "pull_request" and "#" in native else None


def _committed(row: Row) -> Committed:
    return Committed(str(row["repository"]), str(row["sha"]), str(row["subject"]), request=_text(row["number"]))


def _during(db: Db, head: Row, repository: str | None) -> Iterator[Committed]:
    begun, ended = _moment(head["started_at"]), _moment(head["ended_at"])
    if begun is None or ended is None or ended - begun > _LONGEST:
        return
    given = {"repository": repository, "since": stamp(begun), "until": stamp(ended + _AFTER)}
    for row in fetched(db, "commits_during", **given):
        paths = frozenset(cast(list[str], row["paths"]))
        yield Committed(str(repository), str(row["sha"]), str(row["subject"]), _moment(row["committed_at"]), paths)


def _trailing(db: Db, native_id: str) -> Iterator[Committed]:
    """Commits whose trailers hold the session's own id; a short one is nobody's."""
    if len(native_id) >= 12:
        for row in fetched(db, "commits_naming", texts=listed([native_id])):
            yield Committed(str(row["repository"]), str(row["sha"]))


def _home(head: Row, steps: Sequence[Step], known: Known, places: Sequence[tuple[str, str]]) -> Home:
    """Where a session took place: by its own id, its folder, the files it edited, or its project's name."""
    native, project = str(head["native_id"]), str(head["project"] or "").replace("\\", "/").rstrip("/")
    is_folder = project.startswith("/") or re.match(r"[A-Za-z]:/", project) is not None
    folder = project if is_folder else ""
    at = _NUMBERED.match(native)
    if head["source_kind"] in ("pull_request", "commit", "issue") and at is not None:
        return Home(_full(at["repository"], places), "")
    if head["source_kind"] == "decision_record":
        return Home(_holding(str(head["uri"]), places) or _full(project, places, is_new=False), "")
    if not is_folder:
        return Home(_full(project, places, is_new=False), "")
    found = _holding(f"{project}/", places) or _edited_in(folder, steps, known)
    named = {one for one, _ in places if one.rpartition("/")[2] == PurePosixPath(project).name.casefold()}
    return Home(found or (next(iter(named)) if len(named) == 1 else None), folder)


def _full(repository: str, places: Sequence[tuple[str, str]], *, is_new: bool = True) -> str | None:
    """A repository by its whole identity, where one is known that ends so."""
    plain = repository.casefold()
    fits = {one for one, _ in places if plain and f"/{one.casefold()}".endswith(f"/{plain}")}
    if len(fits) == 1:
        return next(iter(fits))
    return repository if is_new and repository else None


def _holding(path: str, places: Sequence[tuple[str, str]]) -> str | None:
    inside = {one: place for one, place in places if path.startswith(f"{place.rstrip('/')}/")}
    return max(inside, key=lambda one: len(inside[one]), default=None)


def _edited_in(folder: str, steps: Sequence[Step], known: Known) -> str | None:
    """The only repository that has the files a session edited, by their paths below its folder."""
    found = [{repository for repository, _ in paths_of(edit.path, Home(None, folder), known)} for edit in edits(steps)]
    told = Counter(repository for one in found if len(one) == 1 for repository in one)
    return next(iter(told)) if len(told) == 1 else None


def _stated(row: Row) -> Stated:
    relation, method = cast(Relation, row["relation"]), cast(Method, row["method"])
    return Stated(str(row["link_id"]), relation, str(row["target_kind"]), str(row["target"]), method)


def _row(decision_id: str, scene: Scene, tie: Tie) -> dict[str, object]:
    first, last = tie.anchor.lines or (0, 0)
    return {
        "decision_id": decision_id,
        "relation": tie.relation,
        "method": tie.method,
        "stated_link_id": tie.stated_link_id,
        "session_id": scene.session_id,
        "utterance_index": tie.utterance_index,
        "evidence": tie.evidence,
        "kind": tie.anchor.kind,
        "scope": tie.anchor.scope,
        "name": tie.anchor.name,
        "path": tie.anchor.path,
        "line_start": first,
        "line_end": last,
        "commit_sha": tie.anchor.commit_sha,
        "text": tie.anchor.text,
    }


def _unresolved(decision_id: str, found: Ties) -> Iterator[dict[str, object]]:
    for one in found.unresolved:
        yield {"decision_id": decision_id, "words": one.words, "fits": one.fits, "examples": list(one.examples)}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _moment(value: object) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
