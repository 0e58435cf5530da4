"""SBV captions (YouTube, Google): a line `0:00:00.378,0:00:11.378`, the words below it, a blank line.

Unit: a caption block: a timing line with the lines below it up to a blank line or the next timing line, or lines that
have no timing line above them. Each is kept (one utterance), set aside, or rejected for want of a timing line.

Set aside:
  `no words`     a timing line without words
  `export note`  `Transcribed by https://otter.ai`, which speech recognition hears in silence

SBV names no speakers; `[br]` is a line break. An end before the start is dropped. The date comes from --date or the
file's name.

Locator: `cue N`, counting timing lines from 1. A rejected block is told by its line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.fingerprint import fingerprint
from ingest.records import Reader, Rejected, Session, Source, Utterance
from ingest.text import head_text, whole_text
from ingest.times import milliseconds, session_start

_NAME = "sbv"
_TIME = r"\d{1,4}:\d{2}:\d{2}\.\d{3}"
_TIMING = re.compile(rf"^[^\S\n]*({_TIME}),({_TIME})[^\S\n]*$", re.MULTILINE)
_BREAK = re.compile(r"\[br\]", re.IGNORECASE)
_MACHINE = re.compile(r"^\W{0,3}Transcribed by (?:https?://)?otter\.ai\S{0,40}$", re.IGNORECASE)


@dataclass(slots=True)
class _Block:
    """A caption; without times where no timing line stands above it."""

    line: int
    times: tuple[str, str] | None
    words: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The words on one line."""
        return " ".join(_BREAK.sub(" ", " ".join(self.words)).split())


def accepts(source: Source) -> int:
    """97 where the first line that says something is an SBV timing line, 43 where timing lines are a good part."""
    text = head_text(source)
    if "\x00" in text:
        return 0
    if _TIMING.match(text.lstrip()):
        return 97
    timed = len(_TIMING.findall(text))
    return 43 if timed >= 2 and timed * 6 >= sum(1 for line in text.split("\n") if line.strip()) else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The talk, after the blocks that could not be read."""
    text = whole_text(source, reader=_NAME)
    blocks = list(_blocks(text.split("\n")))
    for block in blocks:
        if block.times is None:
            yield Rejected("no timing line above it", f"line {block.line}", "\n".join(block.words))
    cues = [block for block in blocks if block.times is not None]
    if not cues:
        return
    spoken, aside = _spoken(cues)
    started_at, basis = session_start(source)
    yield Session(
        kind="meeting",
        native_id=fingerprint([[item.start_ms, item.text] for item in spoken] or text),
        identity="content",
        utterances=spoken,
        kept=len(spoken),
        set_aside=tuple(sorted(aside.items())),
        started_at=started_at,
        time_basis=basis,
        notes=("speakers unknown",) if spoken else (),
    )


def count(source: Source) -> int:
    """Timing lines, and runs of lines before the first one of their paragraph."""
    total = 0
    for run in re.split(r"\n(?:[^\S\n]*\n)+", whole_text(source, reader=_NAME)):
        if run.strip():
            first = _TIMING.search(run)
            total += len(_TIMING.findall(run)) + (first is None or bool(run[: first.start()].strip()))
    return total


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in enumerate(lines, 1):
        timing = _TIMING.match(line)
        if block is not None and (timing is not None or not line.strip()):
            yield block
            block = None
        if timing is not None:
            block = _Block(number, (timing[1], timing[2]))
        elif line.strip():
            block = block or _Block(number, None)
            block.words.append(line)
    if block is not None:
        yield block


def _spoken(cues: Sequence[_Block]) -> tuple[tuple[Utterance, ...], Counter[str]]:
    said: list[Utterance] = []
    aside: Counter[str] = Counter()
    for number, cue in enumerate(cues, 1):
        words = cue.text()
        if not words or _MACHINE.match(words):
            aside["export note" if words else "no words"] += 1
            continue
        start_ms, end_ms = (milliseconds(clock) for clock in cue.times or ("", ""))
        backwards = start_ms is not None and end_ms is not None and end_ms < start_ms
        end_ms = None if backwards else end_ms
        said.append(Utterance(len(said), words, "person", f"cue {number}", start_ms=start_ms, end_ms=end_ms))
    return tuple(said), aside


READER = Reader(
    name=_NAME, suffixes=frozenset({".sbv"}), accepts=accepts, read=read, count=count, unit="caption blocks"
)
