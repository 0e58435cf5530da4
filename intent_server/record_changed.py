"""Part of the write side: which files changed along with the words of a session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from intent_server.link_changes import edits
from intent_server.link_resolve import Known, paths_of
from intent_server.link_ties import Scene
from intent_server.store.anchors import listed
from intent_server.store.connect import Db
from intent_server.store.rows import Row, fetched


def changed_files(db: Db, heads: Sequence[Row]) -> Mapping[str, frozenset[str]]:
    """The files of commits and pull requests by the session's own id, as far as their commits are held."""
    names = {str(row["native_id"]) for row in heads if row["source_kind"] in ("commit", "pull_request")}
    found: dict[str, set[str]] = defaultdict(set)
    for row in fetched(db, "files_of_sessions", names=listed(names)) if names else ():
        found[str(row["name"])].add(str(row["path"]))
    return {name: frozenset(paths) for name, paths in found.items()}


def with_changes(scene: Scene, native_id: str, changed: Mapping[str, frozenset[str]], known: Known) -> Scene:
    """The same session, told which files changed in it: those of its commits, or those that its agent edited."""
    paths = changed.get(native_id)
    if scene.kind == "agent_session":
        places = [paths_of(edit.path, scene.home, known) for edit in edits(scene.steps)]
        paths = frozenset(one[0][1] for one in places if len(one) == 1 and one[0][0] == scene.home.repository)
    return replace(scene, home=replace(scene.home, changed=paths))
