"""What a reader of the answers should know of a dbt project's artifacts, and its name where the manifest has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import md5

from ingest.dbt_results import Results, sha_of
from ingest.json_plain import text_or_none
from ingest.json_values import Fields, inside
from ingest.pipelines import FingerprintKind, Node

UNNAMED = "(unnamed)"
_BY_PATH = "path:"


def project_name(metadata: Mapping[str, object], packages: Counter[str]) -> str:
    """The project's name; before dbt 1.6 a manifest has only its MD5, which one of the packages fits.

    `packages` counts the nodes of each that are no macros; where nothing says the name, the largest is it.
    """
    named = text_or_none(metadata.get("project_name"))
    if named is not None:
        return named
    digest = text_or_none(metadata.get("project_id"))
    for package in packages:
        if md5(package.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest() == digest:
            return package
    return packages.most_common(1)[0][0] if packages else UNNAMED


def about_nodes(nodes: Sequence[Node], kind: FingerprintKind, disabled: int) -> Iterator[str]:
    """Notes on what was left out, and on what fingerprints cannot tell."""
    if disabled:
        yield f"{disabled} disabled nodes left out"
    if kind == "rendered":
        yield "compiled manifest: fingerprints are of the kind rendered; prefer one made by dbt parse"
    by_path = sum(1 for node in nodes if (node.checksum or "").startswith(_BY_PATH))
    if by_path:
        yield f"{by_path} seeds over 1 MiB: dbt gives their path for a checksum, so changes of their rows do not show"
    bare = sum(1 for node in nodes if node.kind in ("model", "snapshot", "seed") and node.checksum is None)
    if bare:
        yield f"{bare} nodes without a checksum have no fingerprint"


def about_commits(metadata: Fields, results: Results) -> Iterator[str]:
    """Notes on the commit that the artifacts were made from: unknown, no commit, dirty, or not the same one."""
    sha, is_dirty = sha_of(metadata)
    if sha is None:
        said = inside(metadata, "env", "GIT_SHA")
        reason = "GIT_SHA is no commit" if text_or_none(said) else "no GIT_SHA"
        yield f"{reason}: set DBT_ENV_CUSTOM_ENV_GIT_SHA when dbt runs, to know which commit this is"
    if is_dirty:
        yield "made from uncommitted changes: the commit is not the whole of the code"
    if results.idle_command is not None:
        yield f"run_results.json is of dbt {results.idle_command}, which executes nothing: no runs are known"
    invocations = {run.invocation_id for run in results.runs} - {text_or_none(metadata.get("invocation_id"))}
    if invocations and any(run.git_sha is None for run in results.runs):
        yield "run_results.json is of another invocation than the manifest: whether it ran this code is not known"
    for name, other in results.metadata.items():
        theirs, _ = sha_of(other)
        if sha and theirs and not (sha.startswith(theirs) or theirs.startswith(sha)):
            yield f"{name} is of commit {theirs[:12]}, the manifest of {sha[:12]}"
