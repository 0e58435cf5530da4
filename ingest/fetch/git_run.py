"""Runs the git program so that nothing but reading happens: no shell, hooks, pagers, filters of diffs, or network.

The caller's own configuration stays in force only where it decides who may read (`safe.directory`); what would change
an output is pinned. Variables that point git at another repository (a hook sets them) are taken away.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ingest.errors import SourceUnreadable
from ingest.extract.redact import mask
from ingest.fetch.git_errors import GitFailed, GitMissing, NotARepository, ObjectMissing, OwnerRefused
from ingest.text import normalise

_KEPT = re.compile(
    r"GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|EXEC_PATH|CEILING_DIRECTORIES"
    r"|DISCOVERY_ACROSS_FILESYSTEM|TEST_\w+)"
)
_SET = {
    "LC_ALL": "C",
    "LANGUAGE": "",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_PINNED = (
    "color.ui=false",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.quotePath=false",
    "diff.algorithm=myers",
    "diff.interHunkContext=0",
    "diff.renameLimit=1000",
    "i18n.logOutputEncoding=UTF-8",
    "log.showSignature=false",
    "protocol.allow=never",  # a partial clone's missing objects are not fetched, also where git is older than 2.45
)
_FLAGS = ("--no-pager", *(word for setting in _PINNED for word in ("-c", setting)))
DIFF = ("--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", f"-O{os.devnull}", "--ignore-submodules=none")
"""For every command that compares: programs named in the configuration do not run, every file is there, by its path."""

WITHOUT_TREES = ("-c", "mailmap.blob=")
"""Before a command on a clone without trees: in a bare one git would look for HEAD's `.mailmap`, and fail."""

_NO_REPOSITORY = re.compile(rb"not a git repository", re.IGNORECASE)
_OWNER = re.compile(rb"(?:dubious ownership in|unsafe) repository", re.IGNORECASE)
_LACKS = re.compile(
    r"(?:unable to (?:read|find|get)|could not (?:read|get|fetch)|missing|bad|not found)\b"
    r".*?\b([0-9a-f]{40}(?:[0-9a-f]{24})?)\b",
    re.IGNORECASE,
)
"""What git says of an object that is not there, in its many words; `bad object HEAD` names none."""
_HIGH_BYTE = re.compile(r"\\x([89a-f][0-9a-f])")


def output(root: Path, *arguments: str | bytes, stdin: bytes = b"") -> bytes:
    """What git writes to its standard output, run in `root`.

    Raises: GitMissing, NotARepository, OwnerRefused, SourceUnreadable; GitFailed with git's last line; ObjectMissing.
    """
    done = _run(root, arguments, stdin)
    if done.returncode != 0:
        command = next(os.fsdecode(word) for word in arguments if word not in WITHOUT_TREES)
        cause = _last_line(done.stderr)
        if lacks := _LACKS.search(cause):
            raise ObjectMissing(str(root), command, cause, lacks[1])
        raise GitFailed(str(root), command, cause)
    return done.stdout


def attempt(root: Path, *arguments: str | bytes, stdin: bytes = b"") -> bytes | None:
    """The same, None where git says no: for questions whose answer may be that there is none."""
    done = _run(root, arguments, stdin)
    return done.stdout if done.returncode == 0 else None


def _run(root: Path, arguments: Sequence[str | bytes], stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    command = ("git", *_FLAGS, "-C", str(root), *arguments)
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, env=_environment(os.environ), check=False)
    except FileNotFoundError as error:
        raise GitMissing(str(root)) from error
    except OSError as error:
        raise SourceUnreadable(str(root), error.strerror or str(error)) from error
    if done.returncode != 0:
        if _OWNER.search(done.stderr):
            raise OwnerRefused(str(root))
        if _NO_REPOSITORY.search(done.stderr):
            raise NotARepository(str(root))
    return done


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in given.items() if not name.startswith("GIT_") or _KEPT.fullmatch(name)}
    return {**kept, **_SET}


def _last_line(stderr: bytes) -> str:
    told = [line.strip() for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = next(
        (line for line in told if line.startswith(("fatal:", "error:"))), told[-1] if told else "no reason given"
    )
    return mask(fatal.partition(": ")[2] or fatal).text.rstrip(".")


def path_text(path: bytes) -> str:
    """A path as text that any store can hold: exactly UTF-8, else each byte that is not as `\\xNN`."""
    return path.decode("utf-8", "backslashreplace")


def path_bytes(path: str) -> bytes:
    """The path that `path_text` shows."""
    return b"".join(
        bytes.fromhex(piece) if at % 2 else piece.encode("utf-8", "surrogateescape")
        for at, piece in enumerate(_HIGH_BYTE.split(path))
    )


def plain_text(data: bytes) -> str:
    """Words in the form that is stored; bytes that are no UTF-8 are U+FFFD."""
    return normalise(data.decode("utf-8", "replace"))
