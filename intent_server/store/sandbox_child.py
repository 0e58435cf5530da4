"""The program that runs one handed-in SELECT and ends; `sandbox.py` starts it with a clean environment.

It speaks JSON lines, each stamped with the nonce of the request: a request comes in; `ready` goes out when the text is
one SELECT; `go` comes in when the store's lock is held; one reply goes out. It imports nothing of this package, and
DuckDB's extension module without the Python package around it: 60 ms to start instead of 210 (DuckDB 2.0).

What holds a query, outermost first:
- the parent kills the process when the time is over; the process ends itself when the parent is gone;
- the system limits address space (Linux), and processor time, open files, new processes, core dumps and written bytes
  (POSIX). Windows enforces none of these and macOS not the address space: there only DuckDB's own memory limit stands,
  which `list_sort(range(100000000))` is known to pass;
- DuckDB has the store attached read-only, external access off, its configuration locked, and a READ ONLY transaction;
- the text is one statement of type SELECT, run by `query($query)`, which takes a single SELECT and nothing else.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from decimal import Decimal
from typing import NoReturn, TypedDict

if __name__ == "__main__":
    sys.path.append(sys.argv[1])  # where DuckDB lives: the interpreter starts without site-packages

try:
    import _duckdb as duckdb
except ImportError:
    import duckdb  # type: ignore[no-redef]  # a DuckDB that keeps its extension module elsewhere: slower, the same

if sys.platform != "win32":
    import resource

CELLS_PER_ANSWER = 4  # one cell may take a quarter of the answer
MIN_CELL_CHARS = 16
MAX_NAME_CHARS = 120
MAX_EXACT_INTEGER = 2**53 - 1  # beyond it a JSON number loses digits in JavaScript clients
OPEN_FILES = 32

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "temp_directory": "",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
}
CLOSE = (
    "SET search_path = 'store.intent,store.main'",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
    "BEGIN TRANSACTION READ ONLY",
)

OWN_WORDS = (duckdb.ParserException, duckdb.SyntaxException, duckdb.BinderException, duckdb.CatalogException)
OUT_OF_REACH = (duckdb.PermissionException, duckdb.IOException, duckdb.HTTPException)

Cell = str | int | float | bool | None


class Request(TypedDict):
    """What the parent asks. `frame` is queries/handed_in.sql, which runs `query`."""

    nonce: str
    frame: str
    store: str
    query: str
    max_rows: int
    max_chars: int
    memory_mb: int
    timeout_s: float


class Reply(TypedDict, total=False):
    """What it is told: `ready`, or a result, or why not (`refused`: the query's fault; `damaged`: the store's)."""

    ready: bool
    columns: list[str]
    rows: list[list[Cell]]
    truncated: bool
    refused: str
    damaged: str


def main() -> NoReturn:
    """Answer the request on standard input."""
    request: Request = json.loads(sys.stdin.buffer.readline())
    may_go = threading.Event()
    threading.Thread(target=follow_parent, args=(may_go,), daemon=True).start()
    db = started(request["memory_mb"])
    limit(request["memory_mb"], request["timeout_s"])
    reply = checked(db, request["query"])
    if reply is None:
        tell(request, {"ready": True})
        may_go.wait()
        reply = run(db, request)
    tell(request, reply)
    os._exit(0)  # taking DuckDB and the interpreter down in order costs 40 ms


def tell(request: Request, reply: Reply) -> None:
    """One line to the parent."""
    sys.stdout.buffer.write(json.dumps({**reply, "nonce": request["nonce"]}).encode("ascii") + b"\n")
    sys.stdout.buffer.flush()


def follow_parent(may_go: threading.Event) -> None:
    """Pass on its `go`; when it closes the pipe, by intent or by dying, end."""
    if sys.stdin.buffer.readline() == b"go\n":
        may_go.set()
        sys.stdin.buffer.read()
    os._exit(0)


def started(memory_mb: int) -> duckdb.DuckDBPyConnection:
    """An empty DuckDB with its threads running: under the system's limits it could start none, and crashes."""
    is_second = int(duckdb.__version__.split(".", 1)[0]) >= 2
    threads = {"threads": "1", **({"async_threads": "0"} if is_second else {})}
    db = duckdb.connect(":memory:", config={**CONFIG, **threads, "memory_limit": f"{memory_mb}MB"})
    db.execute("SELECT 1")
    return db


def limit(memory_mb: int, timeout_s: float) -> None:
    """Have the system hold this process, for good. Address space: what is mapped now plus twice DuckDB's limit."""
    if sys.platform == "win32":
        return
    if sys.platform == "linux":
        with open("/proc/self/statm", "rb") as status:  # noqa: PTH123  pathlib would add to every start
            mapped = int(status.read().split()[0]) * resource.getpagesize()
        cap(resource.RLIMIT_AS, mapped + 2 * memory_mb * 1024 * 1024)
    cap(resource.RLIMIT_CPU, int(timeout_s) + 2)
    cap(resource.RLIMIT_NOFILE, OPEN_FILES)
    cap(resource.RLIMIT_NPROC, 0)
    cap(resource.RLIMIT_CORE, 0)
    cap(resource.RLIMIT_FSIZE, 0)


def cap(kind: int, most: int) -> None:
    """Lower one limit, soft and hard."""
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))


def checked(db: duckdb.DuckDBPyConnection, query: str) -> Reply | None:
    """Why the text is not one SELECT; None when it is."""
    try:
        statements = db.extract_statements(query)
    except duckdb.Error as error:
        return {"refused": str(error)}
    if not statements:
        return {"refused": "There is no statement in it."}
    if len(statements) > 1:
        return {"refused": f"It holds {len(statements)} statements; one SELECT is run at a time."}
    if statements[0].type != duckdb.StatementType.SELECT:
        return {"refused": f"It is a statement of type {statements[0].type.name}; only SELECT is run."}
    return None


def run(db: duckdb.DuckDBPyConnection, request: Request) -> Reply:
    """The rows of the query, within the limits asked for."""
    try:
        place = request["store"].replace("'", "''")
        db.execute(f"ATTACH '{place}' AS store (READ_ONLY)")  # takes no parameter before DuckDB 2.0
        for statement in CLOSE:
            db.execute(statement)
    except duckdb.Error as error:
        return {"damaged": first_paragraph(error)}
    try:
        result = db.execute(request["frame"], {"query": request["query"], "row_limit": request["max_rows"] + 1})
        return delivered(result, max_rows=request["max_rows"], max_chars=request["max_chars"])
    except (duckdb.Error, MemoryError) as error:
        return {"refused": told(error, request["memory_mb"])}


def told(error: Exception, memory_mb: int) -> str:
    """What a failed query says.

    Faults of form and name are told in DuckDB's words. Faults of values are told in ours: DuckDB's quote the value, and
    a stored value is somebody else's text, which has no place in an error message.
    """
    if isinstance(error, OWN_WORDS):
        return first_paragraph(error)
    if isinstance(error, OUT_OF_REACH):
        return "Files, the network, extensions and other databases are out of reach: only the store's views are read."
    if isinstance(error, (duckdb.OutOfMemoryException, MemoryError)):
        return f"It needs more than {memory_mb} MB of memory. Filter or aggregate earlier."
    if isinstance(error, duckdb.ConversionException):
        return "A value does not convert to the type asked for. TRY_CAST gives NULL instead."
    kind = type(error).__name__.removesuffix("Exception")
    return f"A value or function in it fails ({kind}). TRY(expression) gives NULL instead."


def first_paragraph(error: Exception) -> str:
    """The message without what follows: an excerpt of the statement around the query, or advice to install things."""
    return str(error).split("\n\n", 1)[0].strip()


def delivered(result: duckdb.DuckDBPyConnection, *, max_rows: int, max_chars: int) -> Reply:
    """Rows until one of the limits is reached; at least one, its cells cut as far as that needs."""
    columns = [cut(str(column[0]), MAX_NAME_CHARS) for column in result.description or ()]
    used = size({"columns": columns, "rows": [], "truncated": False})
    rows: list[list[Cell]] = []
    truncated = False
    while (raw := result.fetchone()) is not None:
        if len(rows) == max_rows:
            truncated = True
            break
        row, shortened = fitted(raw, max_chars if rows else max_chars - used, max_chars)
        used += size(row) + 1
        if used > max_chars:
            truncated = True
            break
        rows.append(row)
        truncated = truncated or shortened
    if used > max_chars and not rows:
        return {"refused": f"One row of its {len(columns)} columns is over {max_chars} characters. Select fewer."}
    return {"columns": columns, "rows": rows, "truncated": truncated}


def fitted(raw: tuple[str | None, ...], room: int, max_chars: int) -> tuple[list[Cell], bool]:
    """The row with its long cells cut, shorter and shorter until it is within `room` or cells are at their shortest."""
    values = [value(cell) for cell in raw]
    cell_chars = max(MIN_CELL_CHARS, max_chars // CELLS_PER_ANSWER)
    while True:
        row = [cut(cell, cell_chars) if isinstance(cell, str) else cell for cell in values]
        if cell_chars == MIN_CELL_CHARS or size(row) < room:
            return row, row != values
        cell_chars = max(MIN_CELL_CHARS, cell_chars // 2)


def value(text: str | None) -> Cell:
    """A cell from its JSON text: a scalar as itself; lists, objects and what a number cannot hold as text."""
    if text is None or text[:1] in ("[", "{", ""):
        return text
    cell: Cell = json.loads(text, parse_int=integer, parse_float=fraction, parse_constant=str)
    return cell


def integer(text: str) -> Cell:
    """The integer, or its digits where a client would round them."""
    return int(text) if len(text) < 18 and abs(int(text)) <= MAX_EXACT_INTEGER else text


def fraction(text: str) -> Cell:
    """The number, or its digits where binary floating point would change them."""
    number = float(text)
    return number if Decimal(repr(number)) == Decimal(text) else text


def cut(text: str, most: int) -> str:
    """The text, or its beginning with a mark that tells how long it was."""
    return text if len(text) <= most else f"{text[:most]}… [cut, {len(text)} characters]"


def size(part: object) -> int:
    """Characters of it as compact JSON."""
    return len(json.dumps(part, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
