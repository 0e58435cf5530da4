"""opencode sessions: what `opencode export` prints, and the SQLite store (opencode.db) where it lies in a file.

Unit: a message. One without a role, or (in a store) whose data is no JSON object, is refused with its place. An export
that is broken JSON is refused as a whole.

Utterances: person (text of a user's message; the quotation marks that `opencode run` puts about a prompt taken off),
assistant, reasoning, tool_call (name and main argument), tool_result (the first 2,000 characters; errors whole; a
failing command's exit code), summary (of a compaction), harness (text marked synthetic). In a session that another one
started, what stands in the user's place is the parent model's prompt.

Set aside: no_text (steps, snapshots, files, patches).

Locator: a JSON pointer into the export; `part ID` in a store. Native id of an utterance: the part's, with `#1` for a
tool's result. Decisions stated: none. A store is read as its file is: a note tells of newer writes in `-wal` beside it.
Accounts and credentials in a store are never looked at. The JSON tree of versions before 1.2 is not read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest.agent_turns import Log, mapping, sequence, session, string
from ingest.errors import SourceMalformed
from ingest.json_source import document, moment, shape
from ingest.readers.opencode_messages import id_of, take
from ingest.readers.opencode_store import MAGIC, count_messages, is_store, read_store
from ingest.records import Reader, Rejected, Session, Source
from ingest.text import folded, glimpse

_SHOWN_CHARS = 500


def accepts(source: Source) -> int:
    """88 for an export, 90 for a store in a file, else 0."""
    if source.head.startswith(MAGIC):
        return 90 if is_store(source) else 0
    found: Mapping[str, str] = shape(source)
    if found.get("/info") != "{" or found.get("/messages", "[") != "[":
        return 0
    is_export = "/messages/*/info" in found and "/messages/*/parts" in found
    return 88 if is_export or ("/info/id" in found and "/info/directory" in found) else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """Refused messages, then the session they stand in."""
    if source.head.startswith(MAGIC):
        yield from read_store(source)
        return
    whole = _whole(source)
    log = _log(mapping(whole.get("info")))
    last: dict[str, str] = {}
    for at, item in enumerate(sequence(whole.get("messages"))):
        where = f"/messages/{at}"
        message = mapping(item)
        parts = [(f"{where}/parts/{place}", part) for place, part in enumerate(sequence(message.get("parts")))]
        if problem := take(log, mapping(message.get("info")), parts, where, last):
            yield Rejected(problem, where, glimpse(item)[:_SHOWN_CHARS])
    yield session(log, source)


def count(source: Source) -> int:
    """The messages of an export, or of a store."""
    if source.head.startswith(MAGIC):
        return count_messages(source)
    return len(sequence(_whole(source).get("messages")))


def _whole(source: Source) -> Mapping[str, object]:
    value = mapping(document(source, reader="opencode"))
    if not isinstance(value.get("messages"), list):
        raise SourceMalformed(source.uri, reader="opencode", where="/messages", problem="no list of messages")
    return value


def _log(info: Mapping[str, object]) -> Log:
    log = Log(native_id=id_of(info.get("id")), title=string(info.get("title")))
    log.project = folded(string(info.get("directory")), 400)
    log.parent_id = id_of(info.get("parentID"))
    log.created_at = moment(mapping(info.get("time")).get("created"))
    if version := folded(string(info.get("version")), 40):
        log.notes[f"opencode {version}"] = None
    return log


READER = Reader(
    name="opencode",
    suffixes=frozenset({".json", ".db"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="messages",
    reads_beside=True,
)
