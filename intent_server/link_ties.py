"""Pure: the links of one session's decisions, from what its source states, its words and its changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingest.changes import MOST_FILES
from ingest.records import Method, Relation
from intent_server.link_anchors import CODE, PIPELINE, Anchor, file_anchor, lines_of, stated_anchor
from intent_server.link_changes import Edit, Made, Step, carried_out, commits_made, edits
from intent_server.link_mentions import Mention, mentions
from intent_server.link_resolve import Home, Known, is_plain, meant, paths_of, stated_node

_MOST_LINES = 5
_WORDS = 200


@dataclass(frozen=True, slots=True)
class Quoted:
    """One quote of a decision. `kind`: of the part it says. `mentions`: what its words name."""

    kind: str
    utterance_index: int
    words: str
    mentions: tuple[Mention, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Look for names once: they are looked up together for all decisions, and then tied one by one."""
        object.__setattr__(self, "mentions", mentions(self.words))


@dataclass(frozen=True, slots=True)
class Stated:
    """A reference as the decision's source gives it."""

    link_id: str
    relation: Relation
    kind: str
    target: str
    method: Method


@dataclass(frozen=True, slots=True)
class Committed:
    """A commit by its full hash, with the files it changed and the request that brought it."""

    repository: str
    sha: str
    subject: str = ""
    at: datetime | None = None
    paths: frozenset[str] = frozenset()
    request: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A session as links need it.

    `during`: commits made while it ran; `trailing`: those whose trailers name it.
    """

    session_id: str
    kind: str
    home: Home
    steps: Sequence[Step] = ()
    during: Sequence[Committed] = ()
    trailing: Sequence[Committed] = ()
    requests: Mapping[str, Sequence[Committed]] = field(default_factory=dict)
    """Commits by the number of the request that brought them, in the session's repository."""
    by_sha: Mapping[tuple[str, str], Committed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """An edit of a session, with the (repository, path) of each tracked file that it may be of."""

    edit: Edit
    places: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Tie:
    """A link to be: what it points to, how it is known, and what it rests on."""

    relation: Relation
    anchor: Anchor
    method: Method
    evidence: str
    utterance_index: int | None = None
    stated_link_id: str | None = None


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A name that fits several things, or an edit of too many files."""

    words: str
    fits: int
    examples: tuple[str, ...]


@dataclass(slots=True)
class Ties:
    """What is found for one decision."""

    ties: list[Tie] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)


HunksOf = Callable[[str, str, str], Sequence[tuple[int, int, str]]]
"""(repository, sha, path) -> (first line, last line, text) of what a commit wrote there; nothing where unknown."""


def ties_of(quotes: Sequence[Quoted], stated: Sequence[Stated], scene: Scene, known: Known, hunks_of: HunksOf) -> Ties:
    """The links of one decision, each thing and method once, and the names that fit several things."""
    found = Ties()
    found.ties += _stated(stated, scene, known)
    _spoken(found, quotes, scene, known)
    if scene.kind == "agent_session" and quotes:
        _changed(found, quotes, scene, known, hunks_of)
    found.ties += _brought(found.ties, scene)
    found.ties = _within_bounds(_each_once(found.ties))
    return found


def _stated(stated: Sequence[Stated], scene: Scene, known: Known) -> Iterator[Tie]:
    for item in stated:
        if item.kind in PIPELINE:
            anchor = stated_node(item.target, known)
        else:
            anchor = stated_anchor(item.kind, item.target, scene.home.repository)
        if anchor is None:
            continue
        place = f"{item.kind} {item.target}"
        hunk = _hunk_of(anchor, scene)
        text, sha = (_said_in(hunk, anchor), hunk.native_id) if hunk else (None, None)
        full = replace(anchor, commit_sha=anchor.commit_sha or sha, text=text)
        index = hunk.index if hunk else None
        yield Tie(item.relation, full, item.method, f"the source says: {place}"[:_WORDS], index, item.link_id)


def _hunk_of(anchor: Anchor, scene: Scene) -> Step | None:
    """The hunk that the source shows above a thread on lines; its id is the commit that has these numbers."""
    if anchor.kind != "lines" or anchor.lines is None or anchor.path is None:
        return None
    place = lines_of(anchor.path, *anchor.lines)
    return next((step for step in scene.steps if step.role == "harness" and step.topic == place), None)


def _said_in(hunk: Step, anchor: Anchor) -> str | None:
    """What the lines said: the last ones of the new side, where the hunk has so many."""
    first, last = anchor.lines or (0, 0)
    side = [line[1:] for line in hunk.text.splitlines() if line[:1] in ("+", " ")]
    said = side[-(last - first + 1) :]
    return "\n".join(said) if len(said) == last - first + 1 else None


def _spoken(found: Ties, quotes: Sequence[Quoted], scene: Scene, known: Known) -> None:
    for quote in quotes:
        for mention in quote.mentions:
            if quote.kind != "choice" and is_plain(mention):
                continue
            fits = meant(mention, quote.words[: mention.start_char], scene.home, known)
            if len(fits.anchors) == 1:
                anchor = fits.anchors[0]
                relation: Relation = "governs" if quote.kind == "choice" and anchor.kind in _GOVERNED else "mentions"
                found.ties.append(Tie(relation, anchor, fits.method, mention.words[:_WORDS], quote.utterance_index))
            elif fits.anchors:
                names = tuple(sorted(f"{one.scope} {one.name}" for one in fits.anchors)[:3])
                found.unresolved.append(Unresolved(mention.words[:_WORDS], len(fits.anchors), names))


_GOVERNED = CODE | {"node", "column", "dataset", "job"}


def _changed(found: Ties, quotes: Sequence[Quoted], scene: Scene, known: Known, hunks_of: HunksOf) -> None:
    """What the agent changed after the decision: its own edits, and the commits made of them."""
    chosen = [one.utterance_index for one in quotes if one.kind == "choice"]
    within = carried_out(scene.steps, max(chosen)) if chosen else range(0)
    changes = [Placed(edit, paths_of(edit.path, scene.home, known)) for edit in edits(scene.steps)]
    edited = _edited(changes, within)
    if len(edited) > MOST_FILES:
        names = tuple(path for _, path in list(edited)[:3])
        found.unresolved.append(Unresolved(f"{len(edited)} files edited after it", len(edited), names))
    else:
        for (repository, path), edit in edited.items():
            found.ties.append(Tie("governs", file_anchor(repository, path), "same_change", edit.words, edit.index))
    made = _made(scene, changes, within, known)
    commits = dict(_commits(scene, made, edited, changes, known))
    for commit, (evidence, index) in commits.items():
        anchor = Anchor("commit", commit.repository, commit.sha)
        found.ties.append(Tie("implements", anchor, "same_change", evidence, index))
        if len(edited) <= MOST_FILES:
            found.ties += _written(commit, edited, hunks_of)


def _edited(changes: Sequence[Placed], within: range) -> dict[tuple[str, str], Edit]:
    found: dict[tuple[str, str], Edit] = {}
    for one in changes:
        if one.edit.index in within and len(one.places) == 1:
            found.setdefault(one.places[0], one.edit)
    return found


def _made(scene: Scene, changes: Sequence[Placed], within: range, known: Known) -> list[Made]:
    """The first known commit of the tools' output after the edits began, before others began: some are squashed."""
    if not within:
        return []
    indices = [one.edit.index for one in changes]
    began = min(index for index in indices if index in within)
    until = min((index for index in indices if index >= within.stop), default=None)
    made = [one for one in commits_made(scene.steps) if one.index > began and (until is None or one.index < until)]
    return [one for one in made if sum(sha.startswith(one.sha) for _, sha in known.commits) == 1][:1]


def _commits(
    scene: Scene,
    made: Sequence[Made],
    edited: Mapping[tuple[str, str], Edit],
    changes: Sequence[Placed],
    known: Known,
) -> Iterator[tuple[Committed, tuple[str, int | None]]]:
    """Commits with what they rest on: the hash in a tool's output, a trailer, or time and the files edited."""
    told: set[tuple[str, str]] = set()
    for one in made:
        fits = [full for full in known.commits if full[1].startswith(one.sha)]
        if len(fits) == 1 and fits[0] not in told:
            told.add(fits[0])
            yield scene.by_sha.get(fits[0], Committed(*fits[0])), (one.words[:_WORDS], one.index)
    for commit in scene.trailing:
        if (commit.repository, commit.sha) not in told and any(one == commit.repository for one, _ in edited):
            told.add((commit.repository, commit.sha))
            yield commit, (f"a trailer of {commit.sha[:10]} names the session", None)
    for commit in scene.during:
        shared = _shared(commit, edited, changes)
        if shared and (commit.repository, commit.sha) not in told:
            told.add((commit.repository, commit.sha))
            what = f"{commit.sha[:10]} was committed while the session ran and changes {', '.join(shared[:3])}"
            yield commit, (what, edited[commit.repository, shared[0]].index)
            return


def _shared(commit: Committed, edited: Mapping[tuple[str, str], Edit], changes: Sequence[Placed]) -> Sequence[str]:
    """The files of a commit that the decision's edits changed; none unless most of its files were edited before."""
    shared = sorted(
        path
        for (repository, path), edit in edited.items()
        if repository == commit.repository and path in commit.paths and _is_before(edit, commit)
    )
    if not shared:
        return ()
    before = {
        path
        for one in changes
        if _is_before(one.edit, commit)
        for repository, path in one.places
        if repository == commit.repository
    }
    return shared if 2 * len(before & commit.paths) > len(commit.paths) else ()


def _is_before(edit: Edit, commit: Committed) -> bool:
    return edit.at is None or commit.at is None or edit.at <= commit.at


def _written(commit: Committed, edited: Iterable[tuple[str, str]], hunks_of: HunksOf) -> Iterator[Tie]:
    for repository, path in edited:
        if repository != commit.repository:
            continue
        hunks = list(hunks_of(repository, commit.sha, path))
        if len(hunks) <= _MOST_LINES:
            for first, last, text in hunks:
                lines = Anchor("lines", repository, path, path, (first, last), commit.sha, text)
                yield Tie("governs", lines, "same_change", f"edited in the session, committed as {commit.sha[:10]}")


def _brought(ties: Sequence[Tie], scene: Scene) -> Iterator[Tie]:
    """The request that contains a decision's commit, and the commits of the request in which it was decided."""
    for tie in ties:
        if tie.anchor.kind == "commit" and tie.relation == "implements":
            commit = scene.by_sha.get((tie.anchor.scope, tie.anchor.name))
            if commit is not None and commit.request is not None:
                request = Anchor("pull_request", commit.repository, commit.request)
                words = f"it contains {commit.sha[:10]}: {commit.subject}"[:_WORDS]
                yield Tie("implements", request, "same_change", words, tie.utterance_index)
        if tie.anchor.kind == "pull_request" and tie.relation == "explains":
            for commit in scene.requests.get(tie.anchor.name, ()):
                anchor = Anchor("commit", commit.repository, commit.sha)
                words = f"{commit.sha[:10]} came with it: {commit.subject}"[:_WORDS]
                yield Tie("implements", anchor, "same_change", words, None)


def _each_once(ties: Iterable[Tie]) -> list[Tie]:
    """One for each thing and method: what governs before what mentions, what a source states first."""
    found: dict[tuple[object, ...], Tie] = {}
    for tie in ties:
        key = (*tie.anchor.key, tie.method)
        before = found.get(key)
        if before is None or (before.relation == "mentions" and tie.relation != "mentions"):
            found[key] = tie
    return list(found.values())


def _within_bounds(ties: list[Tie]) -> list[Tie]:
    """Of a decision with too many files in scope, what governs files mentions them."""
    files = {
        (tie.anchor.scope, tie.anchor.path) for tie in ties if tie.relation == "governs" and tie.anchor.kind in CODE
    }
    if len(files) <= MOST_FILES:
        return ties
    return [
        Tie("mentions", tie.anchor, tie.method, tie.evidence, tie.utterance_index, tie.stated_link_id)
        if tie.relation == "governs" and tie.anchor.kind in CODE
        else tie
        for tie in ties
    ]
