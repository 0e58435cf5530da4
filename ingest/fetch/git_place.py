"""What repository is at a place: its root, head and identity, and what an answer about it should say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ingest.changes import Repository
from ingest.errors import SourceError, SourceMissing
from ingest.fetch.git_errors import NoCommits
from ingest.fetch.git_run import attempt, output, path_text
from ingest.repository import identity_of, is_local, local_path

_SETTINGS = r"^(remote\..*\.(url|promisor|partialclonefilter)|branch\..*\.remote)$"
_FARTHEST = 5
"""How many local clones of local clones are followed to the remote of the first."""


def repository(place: Path, *, is_looked_over: bool = True) -> Repository:
    """The repository that a place is in: the top of a work tree, a folder or file below it, or a bare repository.

    `is_looked_over`: whether to tell if its files differ from HEAD; else `is_dirty` is False.
    Raises: SourceMissing, GitMissing, NotARepository, OwnerRefused; NoCommits where nothing gives it an identity.
    """
    root = _root(place)
    head = _line(attempt(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"))
    branch = _line(attempt(root, "symbolic-ref", "--quiet", "--short", "HEAD"))
    is_shallow = _line(output(root, "rev-parse", "--is-shallow-repository")) == "true"
    settings = _settings(root)
    partial = _partial(settings)
    remote = _remote_identity(root, settings, branch, _FARTHEST)
    if remote is None and head is None:
        raise NoCommits(str(root))
    changed = _changed(root) if is_looked_over else None
    return Repository(
        identity=remote or f"root:{_first_commit(root)}",
        root=root,
        head=head,
        branch=branch,
        is_shallow=is_shallow,
        is_dirty=bool(changed),
        notes=tuple(_notes(is_shallow=is_shallow, partial=partial, has_remote=remote is not None, head=head)),
        partial=partial,
    )


def _changed(root: Path) -> bytes | None:
    """What differs from HEAD, told without running the programs that the repository's own filters name."""
    told = attempt(root, "config", "--name-only", "-z", "--get-regexp", r"^filter\.") or b""
    names = sorted({path_text(key).rpartition(".")[0] for key in told.split(b"\0") if key.count(b".") > 1})
    flags = [word for name in names for word in _unfiltered(name)]
    wanted = ("status", "--porcelain", "-z", "--untracked-files=no", "--ignore-submodules=dirty")
    return attempt(root, *flags, *wanted)


def _unfiltered(name: str) -> tuple[str, ...]:
    return ("-c", f"{name}.clean=", "-c", f"{name}.smudge=", "-c", f"{name}.process=", "-c", f"{name}.required=false")


def _notes(*, is_shallow: bool, partial: str | None, has_remote: bool, head: str | None) -> Iterator[str]:
    if head is None:
        yield "no commits yet"
    if is_shallow:
        yield "shallow clone: older history is not here, nor the files of its oldest commits"
    if partial:
        yield f"partial clone ({partial}): changed lines are not counted, and nothing is fetched"
    if not has_remote:
        yield "no remote: known by its first commit" + (
            ", which a shallow clone does not have, so another clone may have another identity" if is_shallow else ""
        )


def _root(place: Path) -> Path:
    if not place.exists():
        raise SourceMissing(str(place))
    folder = place if place.is_dir() else place.parent
    top = attempt(folder, "rev-parse", "--show-toplevel") or output(folder, "rev-parse", "--absolute-git-dir")
    return Path(top.decode("utf-8", "surrogateescape").removesuffix("\n"))


def _settings(root: Path) -> dict[str, str]:
    """Remotes and branches by name of the setting; of several values the first, as git itself fetches from it."""
    told = attempt(root, "config", "-z", "--get-regexp", _SETTINGS) or b""
    found: dict[str, str] = {}
    for entry in told.split(b"\0")[:-1]:
        name, _, value = entry.decode("utf-8", "replace").partition("\n")
        found.setdefault(name, value)
    return found


def _partial(settings: Mapping[str, str]) -> str | None:
    """The filter of a partial clone; `unknown` where a remote promises objects without saying which."""
    for name, value in settings.items():
        if name.endswith(".partialclonefilter") and value:
            return value
    promised = any(name.endswith(".promisor") and value in ("", "true") for name, value in settings.items())
    return "unknown" if promised else None


def _remote_identity(root: Path, settings: Mapping[str, str], branch: str | None, farther: int) -> str | None:
    """By `origin`, else the only remote, else the branch's own; a local clone's is that of what it was made of."""
    remotes = {
        name[7:-4]: url for name, url in settings.items() if name.startswith("remote.") and name.endswith(".url")
    }
    chosen = "origin" if "origin" in remotes else next(iter(remotes)) if len(remotes) == 1 else None
    chosen = chosen or settings.get(f"branch.{branch}.remote")
    url = remotes.get(chosen or "", "")
    identity = identity_of(url)
    if chosen and url and (identity is None or "." not in identity.partition("/")[0]):
        url = _line(attempt(root, "remote", "get-url", chosen)) or url  # `gh:org/repo`, spelled out by url.*.insteadOf
        identity = identity_of(url)
    if identity is None and url and is_local(url) and farther:
        return _identity_of_source(root / local_path(url), farther - 1)
    return identity


def _identity_of_source(place: Path, farther: int) -> str | None:
    """The remote identity of a repository on this machine; None where it has none or cannot be read."""
    if not place.is_dir():
        return None
    try:
        root = _root(place)
        branch = _line(attempt(root, "symbolic-ref", "--quiet", "--short", "HEAD"))
        return _remote_identity(root, _settings(root), branch, farther)
    except SourceError:
        return None  # its own first commit identifies the clone as well


def _first_commit(root: Path) -> str:
    """The oldest commit without parents, by commit time, then by sha: the same in every clone."""
    told = output(root, "rev-list", "--max-parents=0", "--timestamp", "HEAD").decode("ascii").splitlines()
    return min((int(at) if at else 0, sha) for at, _, sha in (line.partition(" ") for line in told))[1]


def _line(told: bytes | None) -> str | None:
    return None if told is None else told.decode("utf-8", "replace").strip() or None
