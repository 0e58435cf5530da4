"""Zoom's text files: the chat of a meeting (`00:05:41<tab>Mara Lindqvist:<tab>words`) and saved closed captions.

Unit: a line that is not blank. It is kept (a message's opening line or a further line of it) or set aside:
  `reaction`  a message that only reacts to another (`Reacted to "…" with 👍`, in any language), all its lines
  `preamble`  a line before the first message
  `no words`  a message without words
A file without a message is rejected as one item of all its lines.

Messages open with a time, a tab and `Name:`; in older clients with `From Name to Everyone:`, in closed captions with
`[Name] 00:05:41` on a line of its own. The lines below go on with the message. `Replying to "first words..."` repeats
what somebody else wrote: it becomes an utterance of role `harness` before the answer, so that it shows what is answered
and counts as nobody's words. Other languages' forms are known by their quotation, which opens an earlier message.
To whom a private message went is its topic.

Times count from the start of the recording or are the saver's time of day; the file does not tell. Where they begin
later than a meeting lasts, a note says so.

Locator: `line N` or `lines N-M`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.readers.zoom_chat_quotes import Earlier
from ingest.records import Reader, Rejected, Session, Source
from ingest.text import head_text
from ingest.times import milliseconds
from ingest.turns import Opening, Talk, Turn, gathered, line_count, lines_of, meeting, named, unspoken

_NAME = "zoom_chat"
_CLOCK = r"(?P<clock>\d{1,3}:\d{2}:\d{2})"
_MESSAGE = re.compile(rf"^{_CLOCK}\t(?P<name>[^\t]{{1,120}}?):\t(?P<words>.*)$")
_FROM = re.compile(
    rf"^{_CLOCK}[\t ]{{1,4}}From\s{{1,4}}(?P<name>\S[^\t]{{0,80}}?)\s{{1,4}}"
    r"(?:to\s{1,4}(?P<to>\S[^\t]{0,80}?)\s?)?:(?:\s+(?P<words>.*))?$"
)
_CAPTION = re.compile(rf"^\[(?P<name>[^\[\]]{{1,80}})\][\t ]{{1,4}}{_CLOCK}(?P<words>)$")
_DIALECTS = (_MESSAGE, _FROM, _CAPTION)
_UNCONFIRMED = {_FROM: "unconfirmed format: Zoom chat of older clients", _CAPTION: "unconfirmed format: Zoom captions"}
_LONGEST_MEETING_MS = 6 * 3_600_000


def accepts(source: Source) -> int:
    """90 for a message on the first line, 52 where two or more open later in the file."""
    text = head_text(source)
    if "\x00" in text:
        return 0
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    dialect = _dialect(lines)
    if dialect is None:
        return 0
    if dialect.match(lines[0]):
        return 90
    return 52 if sum(1 for line in lines if dialect.match(line)) >= 2 else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The chat of one meeting."""
    lines = lines_of(source, reader=_NAME)
    dialect = _dialect(lines)
    if dialect is None:
        yield unspoken(lines, "no line opens a message: no time and name")
        return
    to: dict[int, str] = {}
    talk = gathered(lines, lambda at: _opening(dialect, lines[at], at, to), lambda _: None)
    for turn in talk.turns:
        turn.topic = to.get(turn.opened_at)
    first_ms = next((turn.start_ms for turn in talk.turns if turn.start_ms is not None), 0)
    notes = [_UNCONFIRMED[dialect]] if dialect in _UNCONFIRMED else []
    if first_ms > _LONGEST_MEETING_MS:
        notes.append("times are times of day")
    if dialect is not _CAPTION:
        talk.turns = list(_own_words(talk))
    yield meeting(source, lines, talk, notes=notes)


def count(source: Source) -> int:
    """The lines that are not blank."""
    return line_count(source, reader=_NAME)


def _dialect(lines: Sequence[str]) -> re.Pattern[str] | None:
    """The form in which the first message opens."""
    return next((one for line in lines for one in _DIALECTS if one.match(line.rstrip())), None)


def _opening(dialect: re.Pattern[str], line: str, at: int, to: dict[int, str]) -> Opening | None:
    match = dialect.match(line.rstrip())
    if match is None:
        return None
    receiver = " ".join((match.groupdict().get("to") or "").split())
    if receiver and not receiver.casefold().startswith("everyone"):
        to[at] = f"to {receiver}"
    return Opening(named(match["name"]), milliseconds(match["clock"]), match["words"] or "")


def _own_words(talk: Talk) -> Iterator[Turn]:
    """The messages without their quotations; reactions are counted as set aside."""
    earlier = Earlier()
    for turn in talk.turns:
        text = turn.text()
        if earlier.is_reaction(text):
            talk.set_aside["reaction"] += turn.filled
            continue
        quoted, own = earlier.split(text)
        if quoted and own:
            yield Turn(None, turn.start_ms, turn.opened_at, turn.topic, "harness", [quoted], turn.opened_at)
        if quoted:
            turn.words = [own]
        earlier.add(own)
        yield turn


READER = Reader(name=_NAME, suffixes=frozenset({".txt"}), accepts=accepts, read=read, count=count, unit="lines")
