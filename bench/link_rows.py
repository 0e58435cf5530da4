"""The links of a store as rows to be judged, and the baselines': every name that occurs, every commit of the days."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path, PurePosixPath

from intent_server.store.connect import Db, open_reader

_WORD = re.compile(r"[\w][\w.-]*[\w]")
_OWN = re.compile(r"^(?P<repository>.+)@(?P<sha>[0-9a-f]{40,64})$")
_LINKS = """
    SELECT links.decision_id, links.relation, links.method, links.evidence, anchors.kind, anchors.scope, anchors.name,
        coalesce(anchors.line_start, 0), coalesce(anchors.line_end, 0), anchors.commit_sha, anchors.text
    FROM intent.links AS links
    JOIN intent.anchors AS anchors ON anchors.anchor_id = links.anchor_id
    WHERE links.recorded_to IS NULL
    ORDER BY links.link_id
"""
_DECISIONS = """
    SELECT decisions.decision_id, sessions.source_kind, sessions.native_id, sources.uri, sessions.started_at,
        sessions.ended_at
    FROM decisions
    JOIN sessions ON sessions.session_id = decisions.session_id AND sessions.recorded_to IS NULL
    JOIN sources ON sources.source_id = sessions.source_id
    WHERE decisions.recorded_to IS NULL
    ORDER BY decisions.decision_id
"""
_WORDS = """
    SELECT evidence.decision_id, parts.kind, evidence.quote
    FROM evidence
    JOIN parts ON parts.part_id = evidence.part_id AND parts.recorded_to IS NULL
    JOIN decisions ON decisions.decision_id = evidence.decision_id AND decisions.session_id = evidence.session_id
        AND decisions.recorded_to IS NULL
    ORDER BY evidence.decision_id, parts.kind <> 'choice', evidence.utterance_index, evidence.start_char
"""
_NAMES = "SELECT repository, path, file_name FROM files ORDER BY repository, path"
_PLACES = "SELECT repository, place FROM repositories WHERE recorded_to IS NULL"
_COMMITS = "SELECT repository, sha, committed_at FROM commits"


@dataclass(frozen=True, slots=True)
class Said:
    """A decision with where it was said. `days`: first and last, where known."""

    decision_id: str
    kind: str
    session: str
    uri: str
    days: tuple[date, date] | None
    words: tuple[tuple[str, str], ...]

    @property
    def choice(self) -> str:
        """The hash of its choice: it stands for the words."""
        chosen = " ".join(next((words for kind, words in self.words if kind == "choice"), "").split())
        return hashlib.sha256(chosen.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Link:
    """One link with what is needed to judge it. `row`: what identifies it."""

    decision_id: str
    relation: str
    method: str
    kind: str
    scope: str
    name: str
    evidence: str
    row: Mapping[str, object]
    words: tuple[tuple[str, str], ...]
    session: str
    text: str | None = None
    is_by_construction: bool = False


def links_in(store: Path) -> Iterator[Link]:
    """Every link to an anchor that is held."""
    with open_reader(store, wait_s=10.0) as db:
        said = decisions(db)
        rows = db.execute(_LINKS).fetchall()
    for decision_id, relation, method, evidence, kind, scope, name, first, last, sha, text in rows:
        one = said[decision_id]
        place = f"{name}:{first}-{last}@{sha or ''}" if first else name
        yield Link(
            decision_id,
            relation,
            method,
            kind,
            scope,
            name,
            evidence,
            _row(one, relation, method, kind, scope, place),
            one.words,
            one.session,
            text,
            _is_own(one, kind, scope, name, evidence),
        )


def decisions(db: Db) -> dict[str, Said]:
    """The decisions held, by id."""
    words: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for decision_id, kind, quote in db.execute(_WORDS).fetchall():
        words[decision_id].append((kind, quote))
    return {
        row[0]: Said(
            row[0],
            row[1],
            row[2],
            row[3],
            (row[4].date(), (row[5] or row[4]).date()) if row[4] else None,
            tuple(words[row[0]]),
        )
        for row in db.execute(_DECISIONS).fetchall()
    }


def baseline_files(store: Path) -> Iterator[Link]:
    """Each tracked file whose name or stem is a word of a decision, in the repository where it was said."""
    with open_reader(store, wait_s=10.0) as db:
        said, repositories = decisions(db), db.execute(_PLACES).fetchall()
        names: dict[tuple[str, str], list[str]] = defaultdict(list)
        for repository, path, file in db.execute(_NAMES).fetchall():
            for name in {file, PurePosixPath(file).stem}:
                names[repository, name].append(path)
        scopes: dict[str, Counter[str]] = defaultdict(Counter)
        for row in db.execute(_LINKS).fetchall():
            if row[4] in ("file", "commit"):
                scopes[said[row[0]].session][row[5]] += 1
    for one in said.values():
        home = _home(one, repositories, scopes[one.session])
        found = {word for _, text in one.words for word in _WORD.findall(text)}
        for word in sorted(found):
            for path in names.get((home, word), ()):
                row = _row(one, "mentions", "baseline", "file", home, path)
                yield Link(
                    one.decision_id, "mentions", "baseline", "file", home, path, word, row, one.words, one.session
                )


def baseline_commits(store: Path) -> Iterator[tuple[str, str, str]]:
    """(session, repository, hash) of each commit made on the days of an agent's session with a decision."""
    with open_reader(store, wait_s=10.0) as db:
        said = list(decisions(db).values())
        by_day: dict[date, list[tuple[str, str]]] = defaultdict(list)
        for repository, sha, at in db.execute(_COMMITS).fetchall():
            if at is not None:
                by_day[at.date()].append((repository, sha))
    for session, days in {(one.session, one.days) for one in said if one.kind == "agent_session"}:
        if days is not None:
            for number in range(min(60, (days[1] - days[0]).days) + 1):
                for repository, sha in by_day[days[0] + timedelta(days=number)]:
                    yield session, repository, sha


def unresolved_names(store: Path) -> int:
    """Names in decisions that fit several things."""
    with open_reader(store, wait_s=10.0) as db:
        return int(str(db.execute("SELECT count(*) FROM unresolved").fetchall()[0][0]))


def silent_decisions(store: Path) -> str:
    """How many decisions have no link, of how many."""
    with open_reader(store, wait_s=10.0) as db:
        said = decisions(db)
        linked = {row[0] for row in db.execute(_LINKS).fetchall()}
    return f"{len(said.keys() - linked)} of {len(said)}"


def _home(one: Said, repositories: list[tuple[str, str]], scopes: Counter[str]) -> str:
    """The repository that a decision is about: of its commit, that holds its file, or that its session's links name."""
    if at := _OWN.match(one.session):
        return at["repository"]
    holding = [repository for repository, place in repositories if one.uri.startswith(f"{place}/")]
    return next(iter(holding), "") or next((name for name, _ in scopes.most_common(1)), "")


def _row(one: Said, relation: str, method: str, kind: str, scope: str, name: str) -> dict[str, object]:
    return {
        "set": one.kind,
        "repository": scope,
        "choice": one.choice,
        "relation": relation,
        "method": method,
        "kind": kind,
        "name": name,
    }


def _is_own(one: Said, kind: str, scope: str, name: str, evidence: str) -> bool:
    """A commit's message about that commit, or about the number that its subject ends with."""
    own = _OWN.match(one.session)
    if own is None or scope != own["repository"]:
        return False
    return (kind == "commit" and name == own["sha"]) or (kind == "pull_request" and evidence.strip("()") == f"#{name}")
