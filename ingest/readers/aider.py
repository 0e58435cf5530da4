"""Aider's chat history: the Markdown file that collects every run of the program in a repository.

Unit: a line that is not blank. Each run (`# aider chat started at TIME`) in which anything is said is one session,
known by its time and first prompt, so that it stays the same while it grows. The time is local and without a zone.

- person: consecutive `####` lines. The arguments of /ask, /code, /architect, /context and /help are the person's.
- tool_result: `>` lines after the first prompt (edits applied, commits, output of commands; cut at 2,000 characters).
- assistant: everything else, by the name of the model where the run's start tells it. Inside a code fence nothing is a
  mark. The marks end with two spaces; a file that has lost those takes a `####` line after the model's words, and a
  `>` line there that does not begin like one of the tool's, for the model's own heading and quotation.

Set aside: run_header, start_up (the tool's lines before the first prompt), slash_command (orders to the program, such
as /add and /undo, and shell commands after `!`), empty_notice,
run_without_words. Lines before the first header are refused.

Locator: `line N`, the block's first line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest import times
from ingest.fingerprint import fingerprint
from ingest.harness import PERSON
from ingest.readers.aider_blocks import HEADER, Block, Run, blocks, runs
from ingest.records import Reader, Rejected, Role, Session, Source, Utterance
from ingest.text import folded, head_text, whole_text

_COMMAND = re.compile(r"(/[a-z][a-z-]{0,30})(?:\s+(.*))?$|!", re.DOTALL)
_TALKING = frozenset({"/ask", "/code", "/architect", "/context", "/help"})
_MODEL = re.compile(r"> (?:Main model|Models?): (\S{1,80})")
_VERSION = re.compile(r"> Aider (v\S{1,40})")
_PROJECT = re.compile(r"([^/\\]+)[/\\]\.aider\.chat\.history\.md$")
_ASSISTANT = "assistant"
_RESULT_CHARS = 2000
_TITLE_CHARS = 80
_SHOWN_CHARS = 500


@dataclass(slots=True)
class _Gathered:
    run: Run
    utterances: list[Utterance] = field(default_factory=list)
    kept: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    model: str = _ASSISTANT
    version: str = ""
    has_begun: bool = False
    """Whether the first prompt, an order to the program included, has been met."""

    def add(self, block: Block, role: Role, text: str, *, speaker: str | None = None, topic: str | None = None) -> None:
        self.kept += block.units
        place = f"line {block.start}"
        self.utterances.append(Utterance(len(self.utterances), text, role, place, speaker=speaker, topic=topic))


def accepts(source: Source) -> int:
    """95 for a run's header as the first line that is not blank, else 0."""
    first = next((line for line in head_text(source).lstrip("\ufeff").split("\n") if line.strip()), "")
    return 95 if HEADER.match(first) else 0


def count(source: Source) -> int:
    """The lines that hold anything but white space."""
    return sum(1 for line in whole_text(source, reader="aider").split("\n") if line.strip())


def read(source: Source) -> Iterator[Session | Rejected]:
    """The runs in which anything is said, in order; the counts of a silent one go to the next, or to the last."""
    lines = whole_text(source, reader="aider").split("\n")
    before, found = runs(lines)
    if units := sum(1 for line in lines[:before] if line.strip()):
        shown = "\n".join(lines[:before]).strip()[:_SHOWN_CHARS]
        yield Rejected("no run of Aider has begun here", "line 1", shown, units=units)
    silent: Counter[str] = Counter()
    last: _Gathered | None = None
    seen: Counter[str] = Counter()
    for run in found:
        gathered = _gathered(run)
        if not gathered.utterances:
            silent["run_without_words"] += gathered.set_aside.total()
            continue
        if last is not None:
            yield _session(last, source, seen)
        gathered.set_aside.update(silent)
        silent.clear()
        last = gathered
    if last is not None:
        last.set_aside.update(silent)
        yield _session(last, source, seen)
    elif found:
        yield _session(_Gathered(found[0], set_aside=silent), source, seen)


def _gathered(run: Run) -> _Gathered:
    gathered = _Gathered(run)
    gathered.set_aside["run_header"] += 1
    for block in blocks(run):
        if rule := _take(gathered, block):
            gathered.set_aside[rule] += block.units
    return gathered


def _take(gathered: _Gathered, block: Block) -> str:
    """Adds a block; the answer is empty, or the rule that sets it aside."""
    if block.voice == "assistant":
        gathered.add(block, "assistant", "\n".join(block.lines).strip(), speaker=gathered.model)
        return ""
    if block.voice == "tool":
        return _take_tool(gathered, block)
    gathered.has_begun = True
    text = "\n".join(line[4:].strip() for line in block.lines).strip()
    command = _COMMAND.match(text)
    if command is not None and command[1] in _TALKING and command[2]:
        gathered.add(block, "person", command[2].strip(), speaker=PERSON, topic=command[1])
    elif command is not None or not text:
        return "slash_command"
    else:
        gathered.add(block, "person", text, speaker=PERSON)
    return ""


def _take_tool(gathered: _Gathered, block: Block) -> str:
    if not gathered.has_begun:
        _note_start(gathered, block.lines)
        return "start_up"
    text = "\n".join(line[1:].strip() if line.startswith(">") else line for line in block.lines).strip()
    if not text:
        return "empty_notice"
    left_out = len(text) - _RESULT_CHARS
    shown = f"{text[:_RESULT_CHARS]}\n[… {left_out:,} characters left out]" if left_out > 0 else text
    gathered.add(block, "tool_result", shown)
    return ""


def _note_start(gathered: _Gathered, lines: Sequence[str]) -> None:
    for line in lines:
        if (model := _MODEL.match(line)) and gathered.model == _ASSISTANT:
            gathered.model = model[1]
        elif version := _VERSION.match(line):
            gathered.version = version[1]


def _session(gathered: _Gathered, source: Source, seen: Counter[str]) -> Session:
    first = next((item for item in gathered.utterances if item.role == "person"), None)
    opening = first or next(iter(gathered.utterances), None)
    stamp = gathered.run.stamp
    words = fingerprint([stamp, opening.text if opening else ""]).removeprefix("b2:")[:12]
    own = f"aider:{stamp.replace(' ', 'T')}:{words}"
    seen[own] += 1
    started, basis = times.session_start(source, times.utc(stamp))
    project = _PROJECT.search(source.uri)
    version = (f"Aider {gathered.version}",) if gathered.version else ()
    return Session(
        kind="agent_session",
        native_id=own if seen[own] == 1 else f"{own}:{seen[own]}",
        utterances=tuple(gathered.utterances),
        kept=gathered.kept,
        set_aside=tuple(sorted(gathered.set_aside.items())),
        title=folded(opening.text, _TITLE_CHARS) if opening else None,
        project=project[1] if project else None,
        started_at=started,
        time_basis=basis,
        notes=(*version, "local time without a zone"),
    )


READER = Reader(
    name="aider",
    suffixes=frozenset({".md"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="lines",
)
