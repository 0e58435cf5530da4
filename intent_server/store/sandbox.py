"""SQL that somebody hands in, run where it can do no harm: in a child process with limits, on a read-only connection.

What holds that process is told in sandbox_child.py; this module starts it, gives it its time and reads its reply.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

from intent_server.answers import Rows
from intent_server.config import MAX_ANSWER_CHARS
from intent_server.errors import QueryRefused, StoreDamaged
from intent_server.store import sql
from intent_server.store.connect import open_reader
from intent_server.store.sandbox_child import Request

MAX_QUERY_CHARS = 50_000
MAX_ROWS = 10_000
TIMEOUT_S = 4.0
"""Under the 5 s that a writer waits by default: a runaway query delays an ingest and never fails it."""
START_S = 20.0
"""For starting the child and reading the text. No lock is held meanwhile."""
MEMORY_MB = 512

_CHILD = Path(__file__).with_name("sandbox_child.py")
VIEWS = (
    "sessions",
    "utterances",
    "decisions",
    "parts",
    "evidence",
    "people",
    "links",
    "anchors",
    "commits",
    "commit_files",
    "nodes",
    "pipeline_versions",
    "runs",
    "unresolved",
    "reviews",
    "session_dates",
    "batches",
    "quarantine",
    "audit",
)
_ALL_VIEWS = (
    f"Give one SELECT over intent.{', intent.'.join(VIEWS)}; DESCRIBE intent.decisions tells the columns of one."
)
_UNKNOWN_TABLE = re.compile(r"Table with name (\S+) does not exist")
_LIKE = 0.6
"""How alike a name must be to a view's to be meant (difflib's ratio): `decison`, `sesions`; nothing is like `foo`."""
_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What an interpreter may need to start at all."""
_MAX_BYTES_A_CHAR = 12  # two escaped surrogates
_FRAME_BYTES = 4096


def select(
    place: Path,
    query: str,
    *,
    max_rows: int = 100,
    max_chars: int = MAX_ANSWER_CHARS,
    timeout_s: float = TIMEOUT_S,
    memory_mb: int = MEMORY_MB,
    wait_s: float = 5.0,
) -> Rows:
    """The rows of one SELECT on the store at `place`.

    Names are looked up in schema intent first. Values are JSON scalars: dates and times as ISO text (UTC), lists and
    structs as JSON text, numbers that JSON would round as text. Cells are cut with a mark, rows end at `max_rows` or
    `max_chars` of compact JSON, and `truncated` says so.
    The store is read under the shared lock: a writer waits for a query, at most `timeout_s`.
    Windows and macOS hold a query less firmly: see sandbox_child.py.
    Raises: QueryRefused; StoreMissing, StoreLocked, StoreNewer, StoreDamaged.
    """
    if len(query) > MAX_QUERY_CHARS:
        raise QueryRefused(f"The query has {len(query):,} characters; {MAX_QUERY_CHARS:,} are taken. Shorten it.")
    if not _is_text(query):
        raise QueryRefused("The query holds half a character (a lone surrogate) or a NUL, which no SQL has. Remove it.")
    if not 1 <= max_rows <= MAX_ROWS:
        raise QueryRefused(f"max_rows={max_rows} is not between 1 and {MAX_ROWS:,}.")
    request = Request(
        nonce=secrets.token_hex(16),
        frame=sql.query("handed_in"),
        store=os.path.realpath(place),
        query=query,
        max_rows=max_rows,
        max_chars=max_chars,
        memory_mb=memory_mb,
        timeout_s=timeout_s,
    )
    with _child() as child:
        reply = _exchange(child, request, json.dumps(request), limit_s=START_S)
        if "ready" in reply:
            with open_reader(place, wait_s=wait_s):
                reply = _exchange(child, request, "go", limit_s=timeout_s)
    if "refused" in reply:
        refusal = str(reply["refused"])
        raise QueryRefused(f"{refusal}\n{_remedy(refusal, query)}")
    if "damaged" in reply:
        raise StoreDamaged(place, str(reply["damaged"]))
    return Rows.model_validate(reply)


def _remedy(refusal: str, query: str) -> str:
    """What to ask instead: the views that are meant, or all where none can be told."""
    if unknown := _UNKNOWN_TABLE.search(refusal):
        meant = get_close_matches(unknown[1].casefold(), VIEWS, n=1, cutoff=_LIKE)
    else:
        words = {word.casefold() for word in re.findall(r"\w+", query)}
        meant = [view for view in VIEWS if view in words]
    if not meant:
        return _ALL_VIEWS
    views = ", ".join(f"intent.{view}" for view in meant)
    return f"Give one SELECT; DESCRIBE {views} tells the columns{' of one' if len(meant) > 1 else ''}."


def _is_text(query: str) -> bool:
    return "\x00" not in query and not any("\ud800" <= char <= "\udfff" for char in query)


@contextmanager
def _child() -> Iterator[subprocess.Popen[bytes]]:
    """The program, started without site-packages, user settings and environment; ended in any case."""
    package = find_spec("duckdb")
    if package is None or package.origin is None:
        raise AssertionError("duckdb, which this package depends on, has no place on disk")
    command = [sys.executable, "-I", "-S", str(_CHILD), str(Path(package.origin).parent.parent)]
    environment = {"TZ": "UTC", **{name: os.environ[name] for name in _KEPT if name in os.environ}}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment) as child:
        if (pipe_in := child.stdin) is None:
            raise AssertionError("the child was started with pipes")
        try:
            yield child
        finally:
            child.kill()
            with suppress(BrokenPipeError):  # what a child that is gone did not read
                pipe_in.close()


def _exchange(child: subprocess.Popen[bytes], request: Request, line: str, *, limit_s: float) -> Mapping[str, object]:
    """The child's answer to a line, without its nonce; the child is killed when the answer is not there in time."""
    if child.stdin is None or child.stdout is None:
        raise AssertionError("the child was started with pipes")
    is_over = threading.Event()

    def end() -> None:
        is_over.set()
        child.kill()

    clock = threading.Timer(limit_s, end)
    clock.start()
    try:
        with suppress(BrokenPipeError):
            child.stdin.write(line.encode("ascii") + b"\n")
            child.stdin.flush()
        answer = child.stdout.readline(_MAX_BYTES_A_CHAR * request["max_chars"] + _FRAME_BYTES)
    finally:
        clock.cancel()
    reply = _parsed(answer)
    if reply.get("nonce") == request["nonce"]:
        return {name: part for name, part in reply.items() if name != "nonce"}
    if is_over.is_set():
        raise QueryRefused(f"It ran past its time limit of {limit_s:g} s and was stopped. Filter or aggregate earlier.")
    child.kill()
    raise QueryRefused(
        f"The process that ran it was ended by the system (code {child.wait()}), most often for memory or processor "
        "time. Ask for less."
    )


def _parsed(answer: bytes) -> Mapping[str, object]:
    try:
        reply = json.loads(answer)
    except ValueError:
        return {}
    return reply if isinstance(reply, dict) else {}
