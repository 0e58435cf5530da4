"""Part of the write side: the lines that a commit wrote to a file, from what is stored, else from the repository."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from ingest.changes import Repository
from ingest.errors import SourceError
from ingest.extract.redact import mask
from ingest.fetch import git
from intent_server.link_ties import HunksOf
from intent_server.store.connect import Db
from intent_server.store.rows import fetched

Hunk = tuple[int, int, str]


def hunks_here(db: Db, places: Sequence[tuple[str, str]]) -> HunksOf:
    """The lines of commits of repositories at places; those whose folder is gone tell what is stored only.

    What is stored is loaded when lines are asked for first: most linking asks for none.
    """

    @cache
    def held() -> Mapping[tuple[str, str, str], Sequence[Hunk]]:
        return _stored(db)

    folders = {repository: Path(place) for repository, place in reversed(places)}
    opened: dict[str, Repository | None] = {}

    def hunks(repository: str, sha: str, path: str) -> Sequence[Hunk]:
        if found := held().get((repository, sha, path)):
            return found
        if repository not in opened:
            opened[repository] = _opened(folders.get(repository), repository)
        repo = opened[repository]
        return _written(repo, sha, path) if repo is not None else ()

    return hunks


def _stored(db: Db) -> Mapping[tuple[str, str, str], Sequence[Hunk]]:
    found: dict[tuple[str, str, str], list[Hunk]] = defaultdict(list)
    for row in fetched(db, "known_lines"):
        key = (str(row["repository"]), str(row["commit_sha"]), str(row["path"]))
        found[key].append((int(str(row["line_start"])), int(str(row["line_end"])), str(row["text"])))
    return found


def _opened(place: Path | None, identity: str) -> Repository | None:
    try:
        repo = git.repository(place, is_looked_over=False) if place is not None and place.is_dir() else None
    except SourceError:
        return None
    return repo if repo is not None and repo.identity == identity else None


def _written(repo: Repository, sha: str, path: str) -> Sequence[Hunk]:
    try:
        return [(one.line_start, one.line_end, mask(one.text).text) for one in git.hunks(repo, sha, path)]
    except SourceError:
        return ()
