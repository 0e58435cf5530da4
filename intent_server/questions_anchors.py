"""What a subject names in code or in a pipeline, and the decisions that are tied to it, the strongest link first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from intent_server.answers import LinkAnswer
from intent_server.link_anchors import CODE, PIPELINE, lines_of
from intent_server.link_mentions import Mention, address
from intent_server.questions_lines import Lines, current, definitions_now, held, spots, told
from intent_server.store import load_anchors
from intent_server.store.connect import Db
from intent_server.store.load_anchors import FileNames, NodeHead, TiedDecision

_PLACE = re.compile(
    r"^(?P<path>.+?)(?::L?(?P<first>\d{1,9})(?:-L?(?P<last>\d{1,9}))?(?::\d{1,9})?"
    r"|#L(?P<f2>\d{1,9})(?:-L?(?P<l2>\d{1,9}))?)$"
)
"""Lines behind a path, as compilers (`:12:5`, with a column) and code hosts (`#L12-L15`, `#L12-15`) write them."""
_SHA = re.compile(r"^[0-9a-f]{7,64}$", re.IGNORECASE)
_NUMBER = re.compile(
    r"^(?:(?P<repository>[\w.-]+(?:/[\w.-]+)+)?[#!~]|(?:pr|mr|pull request|merge request|issue)\s*#?)"
    r"(?P<number>\d{1,9})$",
    re.IGNORECASE,
)
_METHODS = ("explicit", "same_change", "blame", "name", "similar")
_RELATIONS = ("governs", "guards", "implements", "explains", "mentions")
OF_LINES = frozenset({"lines", "symbol"})
"""The kinds of anchor that stand at some lines of a file, and not for the whole."""


@dataclass(frozen=True, slots=True)
class About:
    """What a subject names. `lines`: (first, last) from 1. `shas`, `requests`: with their repository before them."""

    files: tuple[FileNames, ...] = ()
    lines: tuple[int, int] | None = None
    path: str | None = None
    commits: tuple[tuple[str, str], ...] = ()
    requests: tuple[str, ...] = ()
    nodes: tuple[NodeHead, ...] = ()
    made: tuple[NodeHead, ...] = ()
    """The nodes that the file makes."""

    def __bool__(self) -> bool:
        """False where nothing that is known is named."""
        return bool(self.files or self.commits or self.requests or self.nodes)


@dataclass(frozen=True, slots=True)
class TiedTo:
    """The decisions tied to a subject, strongest link first, each with that link.

    `elsewhere`: those tied to other places in the file only, each with that place in words.
    """

    links: Mapping[str, LinkAnswer] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)


def about(db: Db, name: str) -> About:
    """What a name stands for in code or a pipeline: lines, a file, a commit, a request, a node, a column."""
    text = name.strip().strip("`")
    if hosted := address(text):
        return _hosted(db, hosted)
    if found := _NUMBER.match(text):
        return About(requests=_requests(db, found["repository"], found["number"]))
    if _SHA.match(text):
        commits = load_anchors.commits(db, text.casefold())
        requests = [] if commits else load_anchors.requests_with(db, text.casefold())
        if commits or requests:
            return About(commits=tuple(commits), requests=tuple(requests))
    path, lines = _parted(text)
    files = load_anchors.files(db, path, text) if text else []
    if exact := [one for one in files if one.path == text]:
        made = load_anchors.nodes_at(db, [text]) if len(exact) == 1 else []
        return About(files=tuple(exact), path=text, made=tuple(made))
    if not text or (" " in text and all(one.path != path for one in files)):
        return About()
    nodes = load_anchors.nodes(db, text)
    if nodes:
        return About(nodes=tuple(_dbt_first(nodes)))
    if place := _place(db, path, lines, files) or _symbol(db, text):
        return place
    model = text.rpartition(".")[0]
    return About(nodes=tuple(_dbt_first(load_anchors.nodes(db, model)))) if "/" not in text and model else About()


def tied(db: Db, subject: About) -> TiedTo:
    """The decisions that are tied to it."""
    names = [one for file in subject.files for one in (file.path, *file.names)]
    paths = [*names, *([subject.path] if subject.path else [])]
    node_paths = [one.path for one in subject.nodes if one.path and one.column is None]
    meant = {file.repository for file in subject.files if file.repository}
    others = [one for one, _ in load_anchors.repositories(db) if meant and one not in meant]
    commits = [sha for _, sha in subject.commits]
    carried = load_anchors.changes(db, shas=commits) if commits else []
    requests = [f"{one.repository}#{one.pull_request}" for one in carried if one.pull_request is not None]
    rows = load_anchors.tied(
        db,
        paths=[*paths, *node_paths],
        shas=commits,
        requests=[*subject.requests, *requests],
        nodes=[key for one in subject.nodes for key in _keys(one)],
        others=others,
    )
    rows = [row for row in rows if _is_meant(row, subject, frozenset(names))]
    here = [held(db, file) for file in subject.files] if subject.lines else []
    found = {row.link_id: spots(row, here) for row in rows} if subject.lines else {}
    rows = list(_at_lines(rows, subject))
    kept = [row for row in rows if _is_at(found.get(row.link_id), subject.lines)]
    ordered = sorted(kept, key=lambda row: _strength(row, subject))
    links: dict[str, LinkAnswer] = {}
    for row in ordered:
        links.setdefault(row.decision_id, _link(row))
    places = {row.decision_id: told(row, found.get(row.link_id)) for row in rows if row.decision_id not in links}
    return TiedTo(links, places)


def beyond(db: Db, subject: About) -> str | None:
    """What to say of lines that a file no longer has, or never had; None where it is not here to be counted."""
    if subject.lines is None or not subject.files:
        return None
    if subject.lines[1] < 1:
        return f"{lines_of(subject.files[0].path, *subject.lines)} is no line: the first line of a file is 1."
    if len(subject.files) != 1:
        return None
    lines = current(db, subject.files[0])
    if lines is None or subject.lines[1] <= len(lines):
        return None
    has = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    return f"{lines_of(subject.files[0].path, *subject.lines)} goes beyond the file's end: it has {has}."


def is_beyond(db: Db, subject: About) -> bool:
    """Whether the file is here and has none of the lines asked for; no file has a line 0."""
    if subject.lines is not None and subject.lines[1] < 1:
        return True
    lines = current(db, subject.files[0]) if subject.lines and len(subject.files) == 1 else None
    return lines is not None and subject.lines is not None and len(lines) < subject.lines[0]


def _hosted(db: Db, hosted: Mention) -> About:
    if hosted.kind in ("request", "issue"):
        return About(requests=_requests(db, hosted.repository, hosted.name))
    if hosted.kind == "commit":
        return About(commits=tuple(load_anchors.commits(db, hosted.name)))
    return _place(db, hosted.name, hosted.lines, load_anchors.files(db, hosted.name))


def _requests(db: Db, repository: str | None, number: str) -> tuple[str, ...]:
    """`repository#number` of each that is meant."""
    known = load_anchors.requests(db, number)
    if repository:
        named = repository.casefold()
        fits = [one for one in known if f"/{one.casefold()}".endswith(f"/{named}")]
        known = fits or [repository]
    return tuple(f"{one}#{number}" for one in known)


def _parted(text: str) -> tuple[str, tuple[int, int] | None]:
    """A path with forward slashes, and the lines behind it."""
    plain = text.replace("\\", "/")
    at = _PLACE.match(plain)
    if at is None:
        return plain.removeprefix("./"), None
    first = at["first"] or at["f2"]
    return at["path"].removeprefix("./"), (int(first), int(at["last"] or at["l2"] or first))


def _place(db: Db, path: str, given: tuple[int, int] | None, found: Sequence[FileNames]) -> About:
    """A path with its lines, of the tracked files that it fits."""
    lines = (min(given), max(given)) if given else None
    whole = [one for one in found if path in (one.path, *one.names)]
    if found:
        files = tuple(whole or found)
        nodes = load_anchors.nodes_at(db, [file.path for file in files]) if len(files) == 1 else []
        return About(files=files, lines=lines, path=path, made=tuple(nodes))
    anchored = load_anchors.tied(db, paths=[path])
    return About(files=(FileNames("", path, (path,)),), lines=lines, path=path) if anchored else About()


def _symbol(db: Db, text: str) -> About:
    """The lines of a definition in a file, as answers and test runners name it: `src/a.py::Cache`."""
    path, _, name = _parted(text)[0].partition("::")
    for file in load_anchors.files(db, path) if name else ():
        for lines in definitions_now(name.rpartition("::")[2], held(db, file)):
            return About(files=(file,), lines=lines, path=file.path)
    return About()


def _dbt_first(nodes: Sequence[NodeHead]) -> list[NodeHead]:
    """dbt's own node where lineage names the same table; a node before a column of the same name."""
    whole = [one for one in nodes if one.column is None] or list(nodes)
    own = [one for one in whole if one.system == "dbt" and one.kind not in ("test", "macro")]
    return own or whole


def _keys(node: NodeHead) -> tuple[str, ...]:
    return (node.unique_id, f"{node.unique_id}.{node.column}") if node.column else (node.unique_id,)


def _is_meant(row: TiedDecision, subject: About, names: frozenset[str]) -> bool:
    """Of a tracked file, what is tied to that very file; of a column, not what is tied to other columns."""
    if row.kind in CODE and names and any(file.repository for file in subject.files):
        return row.path in names
    if subject.nodes and row.kind == "column":
        named = {f"{one.unique_id}.{one.column}" for one in subject.nodes if one.column}
        return not named or row.name in named
    return True


def _at_lines(rows: Sequence[TiedDecision], subject: About) -> Sequence[TiedDecision]:
    """The links that count where lines are asked for: of a decision whose lines in a file are known, not the file."""
    if subject.lines is None:
        return rows
    told = {(row.decision_id, row.path, row.method) for row in rows if row.kind == "lines"}
    return [row for row in rows if row.kind != "file" or (row.decision_id, row.path, row.method) not in told]


def _is_at(found: Sequence[Lines] | None, lines: Lines | None) -> bool:
    """Whether what a link is tied to stands at the lines asked for; what is tied to the whole file does."""
    if found is None or lines is None:
        return True
    return any(first <= lines[1] and lines[0] <= last for first, last in found)


def _strength(row: TiedDecision, subject: About) -> tuple[int, int, int, int, str]:
    is_exact = row.kind in _exact(subject)
    relation = _RELATIONS.index(row.relation) if row.relation in _RELATIONS else len(_RELATIONS)
    is_weak = relation == len(_RELATIONS) - 1
    return is_weak, not is_exact, _METHODS.index(row.method), relation, row.link_id


def _exact(subject: About) -> frozenset[str]:
    """The kinds of anchor that are the very thing asked about."""
    if subject.lines:
        return OF_LINES
    if subject.nodes:
        return PIPELINE
    if subject.commits:
        return frozenset({"commit"})
    return frozenset({"pull_request", "issue"}) if subject.requests else CODE


def _link(row: TiedDecision) -> LinkAnswer:
    target = row.name
    if row.kind == "lines":
        target = lines_of(row.path or row.name, row.line_start, row.line_end)
    elif row.kind in ("pull_request", "issue") and row.scope:
        target = f"{row.scope}#{row.name}"
    return LinkAnswer(
        relation=row.relation, target_kind=row.kind, target=target, method=row.method, evidence=row.evidence
    )
