"""Podcast transcripts as hosts publish them: `(00:19):` on a line of its own, then one utterance a line, nobody named.

Unit: a line that is not blank. It is kept (one utterance, or the title where a `# ` heading opens the file) or set
aside:
  `time marker`   a `(MM:SS):` or `(HH:MM:SS):` line; it gives the lines under it their times
  `introduction`  a line before the first marker: the host's boilerplate
A file without a marker is rejected as one item of all its lines.

The words are captions by machine: names are misspelt and the first line of a block may go on with the last sentence
of the block before. Speakers are never guessed. All lines of a block carry the block's times (from its marker to the
next one), which is what the note `times approximate` says.

Locator: `line N`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.fingerprint import fingerprint
from ingest.records import Reader, Rejected, Session, Source, Utterance
from ingest.text import folded, head_text, whole_text
from ingest.times import milliseconds, session_start

_NAME = "podcast"
_MARKER = re.compile(r"^[^\S\n]*\(((?:\d{1,3}:)?\d{1,2}:\d{2})\):[^\S\n]*$", re.MULTILINE)
_TITLE = re.compile(r"^#\s+(\S.*)$")
_REJECT_CHARS = 2_000


def accepts(source: Source) -> int:
    """82 for two or more markers, 29 for one with a line after it."""
    text = head_text(source)
    if "\x00" in text:
        return 0
    found = list(_MARKER.finditer(text))
    if len(found) >= 2:
        return 82
    return 29 if found and text[found[0].end() :].strip() else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The episode as one session, its lines in order."""
    lines = whole_text(source, reader=_NAME).split("\n")
    filled = [at for at, line in enumerate(lines) if line.strip()]
    marks = [(at, milliseconds(match[1])) for at in filled if (match := _MARKER.match(lines[at]))]
    if not marks:
        where = f"lines {filled[0] + 1}-{filled[-1] + 1}"
        yield Rejected("no (MM:SS): marker", where, "\n".join(lines).strip()[:_REJECT_CHARS], len(filled))
        return
    utterances = tuple(_utterances(lines, marks))
    titled = _TITLE.match(lines[filled[0]]) if filled[0] < marks[0][0] else None
    introduced = sum(at < marks[0][0] for at in filled) - (titled is not None)
    aside = Counter({"introduction": introduced, "time marker": len(marks)})
    started_at, basis = session_start(source)
    yield Session(
        kind="meeting",
        native_id=fingerprint([[item.start_ms, item.text] for item in utterances] or lines),
        identity="content",
        utterances=utterances,
        kept=len(utterances) + (titled is not None),
        set_aside=tuple((rule, units) for rule, units in sorted(aside.items()) if units),
        title=folded(titled[1]) if titled else None,
        started_at=started_at,
        time_basis=basis,
        notes=("speakers unknown", "times approximate") if utterances else (),
    )


def count(source: Source) -> int:
    """The lines that are not blank."""
    return len(re.findall(r"^.*\S.*$", whole_text(source, reader=_NAME), re.MULTILINE))


def _utterances(lines: Sequence[str], marks: Sequence[tuple[int, int | None]]) -> Iterator[Utterance]:
    index = 0
    ends = [*((at, start_ms) for at, start_ms in marks[1:]), (len(lines), None)]
    for (opened_at, start_ms), (closed_at, end_ms) in zip(marks, ends, strict=True):
        forward = end_ms if start_ms is None or end_ms is None or end_ms >= start_ms else None
        for at in range(opened_at + 1, closed_at):
            words = " ".join(lines[at].split())
            if words:
                yield Utterance(index, words, "person", f"line {at + 1}", start_ms=start_ms, end_ms=forward)
                index += 1


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".txt"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="lines",
)
