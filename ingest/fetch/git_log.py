"""What `git log` writes with FORMAT to Commit records, their words masked.

Fields and paths end with NUL, which neither can hold; each place in the stream has one meaning, whatever a path or a
message looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from ingest.changes import Change, ChangedFile, Commit
from ingest.extract.redact import mask
from ingest.fetch.git_run import path_text, plain_text
from ingest.repository import pull_request_of, trailers_of

FORMAT = "--format=%x1e%H%x00%P%x00%aN%x00%at%x00%ct%x00%s%x00%b%x00"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHANGES: dict[str, Change] = {
    "A": "added",
    "M": "modified",
    "D": "deleted",
    "R": "renamed",
    "C": "copied",
    "T": "type",
}
_SUBMODULE = b"160000"
_MAIL = re.compile(r"([^\s@<>]+)@[^\s@<>]+")
_EMAIL = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
"""An address behind a name, as trailers and quoted letters have it."""


def commits_in(stream: bytes) -> Iterator[Commit]:
    """The commits of one run with `-z` and FORMAT, in its order; files after `--raw`, lines after `--numstat` too."""
    tokens = stream.split(b"\0")
    at, last = 0, len(tokens) - 1
    while at < last:
        head = tokens[at : at + 7]
        at += 7
        entries: list[tuple[bytes, bytes, bytes]] = []
        counts: dict[bytes, tuple[int, int] | None] = {}
        while at < last and not tokens[at].startswith(b"\x1e"):
            at = _entry(tokens, at, entries, counts)
        yield _commit(head, tuple(_file(entry, counts) for entry in entries))


def _entry(
    tokens: list[bytes],
    at: int,
    entries: list[tuple[bytes, bytes, bytes]],
    counts: dict[bytes, tuple[int, int] | None],
) -> int:
    """One raw line (`:modes shas R100`, path or two) or one count (`1\\t2\\tpath`, or two paths behind it)."""
    token = tokens[at].removeprefix(b"\n")
    if token.startswith(b":"):
        is_moved = token.rsplit(b" ", 1)[1][:1] in (b"R", b"C")
        old = tokens[at + 1]
        new = tokens[at + 2] if is_moved else old
        entries.append((token, old, new))
        return at + (3 if is_moved else 2)
    if not token:
        return at + 1
    added, removed, path = token.split(b"\t", 2)
    counted = None if added == b"-" else (int(added), int(removed))
    counts[path or tokens[at + 2]] = counted
    return at + (1 if path else 3)


def _file(entry: tuple[bytes, bytes, bytes], counts: dict[bytes, tuple[int, int] | None]) -> ChangedFile:
    raw, old, new = entry
    modes, letter = raw[1:14], raw.rsplit(b" ", 1)[1][:1].decode("ascii", "replace")
    added, removed = (None if _SUBMODULE in modes.split(b" ") else counts.get(new)) or (None, None)
    return ChangedFile(
        path=path_text(new),
        old_path=path_text(old) if letter in ("R", "C") else None,
        change=_CHANGES.get(letter, "modified"),
        added=added,
        removed=removed,
    )


def _commit(head: list[bytes], files: tuple[ChangedFile, ...]) -> Commit:
    sha, parents, author, authored, committed, subject, body = head
    whole = mask(f"{plain_text(subject).strip()}\n\n{plain_text(body).rstrip()}")
    text, addresses = _EMAIL.subn("<[masked:email]>", whole.text) if "@" in whole.text else (whole.text, 0)
    shown, _, told = text.partition("\n\n")
    return Commit(
        sha=sha[1:].decode("ascii"),
        parents=tuple(parents.decode("ascii").split()),
        author=_name(author),
        authored_at=_moment(authored),
        committed_at=_moment(committed),
        subject=shown,
        body=told,
        pull_request=pull_request_of(shown, told),
        files=files,
        trailers=trailers_of(told),
        masked=tuple(sorted((*whole.counts, *((("email", addresses),) if addresses else ())))),
    )


@lru_cache(maxsize=4096)
def _name(author: bytes) -> str | None:
    """A name without secrets; where an e-mail address stands for one, what is before its sign."""
    return mask(_MAIL.sub(r"\1", plain_text(author).strip())).text or None


def _moment(seconds: bytes) -> datetime | None:
    """An aware UTC time from whole seconds since 1970; None where no calendar has it or there is none."""
    try:
        return _EPOCH + timedelta(seconds=int(seconds))
    except (ValueError, OverflowError):
        return None
