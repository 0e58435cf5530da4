"""What can be wrong with a request to git: each error names the place, git's own words where needed, and the remedy.

SourceError
├── GitMissing          the program is not installed
├── NotARepository      nothing of git's at the place or above it
├── OwnerRefused        git will not read another user's repository
├── NoCommits           a repository without commits and without a remote: nothing to know it by
├── RevisionUnknown     no commit of that name here
├── PathUnknown         no text file of that path in a revision
├── LinesMissing        a file has fewer lines than asked for
└── GitFailed           anything else git refuses
    └── ObjectMissing   an object that the repository should hold is not there
"""

from __future__ import annotations

from ingest.errors import SourceError


class GitMissing(SourceError):
    """The git program cannot be started."""

    def __init__(self, uri: str) -> None:
        super().__init__(
            uri, f"Cannot read '{uri}': no git program is on the PATH. Install git 2.31 or newer, then run it again."
        )


class NotARepository(SourceError):
    """No repository at the place, nor in a folder above it."""

    def __init__(self, uri: str) -> None:
        super().__init__(
            uri,
            f"'{uri}' is not in a git repository. Give a folder inside one, or make one there with: git init",
        )


class OwnerRefused(SourceError):
    """Git refuses a repository that belongs to somebody else, until it is told that it is trusted."""

    def __init__(self, uri: str) -> None:
        super().__init__(
            uri,
            f"Git refuses '{uri}': the folder belongs to another user. If you trust it, run: "
            f"git config --global --add safe.directory '{uri}'",
        )


class NoCommits(SourceError):
    """Neither a commit nor a remote: the repository has no identity yet."""

    def __init__(self, uri: str) -> None:
        super().__init__(
            uri,
            f"'{uri}' has no commits and no remote, so nothing identifies it. Commit something, or add its remote "
            "with: git remote add origin URL",
        )


class RevisionUnknown(SourceError):
    """No commit has that name, or several do."""

    def __init__(self, uri: str, revision: str, *, is_shallow: bool = False) -> None:
        remedy = " This clone is shallow: git fetch --unshallow brings the rest." if is_shallow else ""
        super().__init__(
            uri,
            f"No commit '{revision}' in '{uri}'. Give a branch, a tag, or enough of a sha to be the only one.{remedy}",
        )
        self.revision = revision


class PathUnknown(SourceError):
    """The revision holds no text file of that path."""

    def __init__(self, uri: str, path: str, revision: str) -> None:
        super().__init__(
            uri,
            f"'{uri}' has no text file '{path}' at {revision}. Give a tracked file's path from the top of the "
            "repository; git ls-files lists them.",
        )
        self.path = path
        self.revision = revision


class LinesMissing(SourceError):
    """The file is shorter than the lines asked for."""

    def __init__(self, uri: str, path: str, *, start: int, end: int, line_count: int) -> None:
        super().__init__(
            uri,
            f"'{path}' in '{uri}' has {line_count:,} lines, so lines {start}-{end} are not in it. "
            f"Give lines from 1 to {line_count:,}.",
        )
        self.path = path
        self.line_count = line_count


class GitFailed(SourceError):
    """Git ended with an error of its own; `cause` is its last line, secrets masked."""

    def __init__(self, uri: str, command: str, cause: str) -> None:
        super().__init__(
            uri,
            f"git {command} failed in '{uri}': {cause}. Try the same command there (git 2.31 or newer is needed); "
            "git fsck tells whether the repository is whole.",
        )
        self.command = command
        self.cause = cause


class ObjectMissing(GitFailed):
    """The clone lacks an object that its commits name: `sha`. Part of a partial clone, or the clone is damaged."""

    def __init__(self, uri: str, command: str, cause: str, sha: str) -> None:
        super().__init__(uri, command, cause)
        self.args = (
            f"git {command} failed in '{uri}': object {sha} is missing from this clone. Bring it with: git "
            "fetch --refetch (git 2.36 or newer; in a shallow clone: git fetch --unshallow), or clone anew. Then "
            "run it again.",
        )
        self.sha = sha
