"""Pure: the sessions that a subject names, and the names of things that stand in a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from intent_server.store.load_sessions import Head

_REQUEST_URL = re.compile(
    r"^(?P<repository>.+?)/(?:-/)?(?:pull|pulls|issues|merge_requests)/(?P<number>\d+)(?:[/?#].*)?$"
)
_REQUEST_WORDS = re.compile(r"^(?:pr|mr|pull request|merge request|issue)\s*#?(?P<number>\d+)$", re.IGNORECASE)
_RECORD_NUMBER = re.compile(
    r"^(?:(?:m?adr|decision|record)[-_ #]*(?P<named>\d{1,5})|(?P<bare>0\d{2,4}))$", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![0-9a-z])\d{1,5}(?![0-9a-z])")

_IN_QUESTION = re.compile(
    r"\b(?:PR|MR|pull request|merge request|issue)\s*#?\d+\b|\bM?ADR[-_ #]*\d{1,5}\b"
    r"|\S*#\d+\b|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|(?<!\S)\S*[/\\]\S+"
    r"|(?<!\S)[\w.-]*[A-Za-z_][\w-]*\.[A-Za-z]\w{0,5}(?::\d+)?\b"
    r"|(?<![\w-])[A-Za-z]+(?:-\w+)*-\d+(?:-\w+)*\b",
    re.IGNORECASE,
)


def named_in(question: str) -> Iterator[str]:
    """What in a question looks like the name of a thing: paths, numbers of records and requests, ids."""
    for found in _IN_QUESTION.finditer(question):
        yield found[0].strip("()[]{}<>\"'`“”‘’,;?!.")


def is_identifier(text: str) -> bool:
    """True for one token that is no plain word: a path, a number, a dotted or snake-case name."""
    return " " not in text and re.search(r"[\d/\\#:_.@]", text) is not None


def sessions_named(subject: str, heads_with: Callable[[str, int | None], list[Head]]) -> list[Head]:
    """The sessions that a subject names, in the order given; only those that it fits best.

    `heads_with`: the sessions in whose names some words stand, and the decision records that have a number in theirs.

    By their own id or address, title or file; by the end of a path or address; by a part of the file's name or title
    that has a number in it; a decision record also by its number alone.
    """
    wanted = _plain(subject)
    if not wanted:
        return []
    known = heads_with(wanted, _record_number(wanted))
    for fits in (_is_whole, _is_end, _is_numbered_part, _is_record_number):
        if found := [head for head in known if fits(wanted, head)]:
            return found
    return []


def _plain(subject: str) -> str:
    """The subject as it is compared: lower case, slashes forward, a request's address as `repository#number`."""
    text = subject.strip().casefold().replace("\\", "/").removeprefix("./").rstrip("/")
    text = re.sub(r"^https?://(?:www\.)?", "", text)
    if found := _REQUEST_URL.match(text):
        return f"{found['repository']}#{found['number']}"
    if found := _REQUEST_WORDS.match(text):
        return f"#{found['number']}"
    return text


def _names(head: Head) -> tuple[str, ...]:
    given = (head.session_id, head.native_id, head.title, head.source)
    return tuple(name.casefold() for name in given if name)


def _is_whole(wanted: str, head: Head) -> bool:
    return wanted in (*_names(head), _stem(head))


def _is_end(wanted: str, head: Head) -> bool:
    ends = (wanted,) if wanted.startswith(("#", "!", "~")) else (f"/{wanted}", f"#{wanted}", f"!{wanted}", f"~{wanted}")
    return any(name.endswith(ends) for name in (head.native_id.casefold(), head.source.casefold().replace("\\", "/")))


def _is_numbered_part(wanted: str, head: Head) -> bool:
    if not re.search(r"\d", wanted) or not re.search(r"[a-z]", wanted):
        return False
    part = re.compile(rf"(?<![0-9a-z]){re.escape(wanted)}(?![0-9a-z])")
    return any(part.search(name) for name in (_file(head).name, (head.title or "").casefold()))


def _is_record_number(wanted: str, head: Head) -> bool:
    number = _record_number(wanted)
    if number is None or head.kind != "decision_record":
        return False
    own = _NUMBER.search(_stem(head)) or _NUMBER.match((head.title or "").casefold())
    return own is not None and int(own[0]) == number


def _record_number(wanted: str) -> int | None:
    """The number of a decision record where that is all that a subject says."""
    found = _RECORD_NUMBER.match(wanted)
    return int(found["named"] or found["bare"]) if found else None


def _stem(head: Head) -> str:
    return _file(head).stem


def _file(head: Head) -> PurePosixPath:
    return PurePosixPath(head.source.replace("\\", "/").casefold())
