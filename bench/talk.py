"""Reads the labelled snippets of talk in data/talk: `Name: words`, with marks round what states a decision.

The format is told in data/talk/README.md. Raises ValueError, naming file, snippet and line, where marks do not fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from detector_data import Decision, Document, Span

from ingest.extract.detect_units import units
from ingest.records import Session, Utterance

TALK = Path(__file__).resolve().parents[1] / "data" / "talk"
_MARK = re.compile(r"\[\[=?|\]\]|\{\{|\}\}|<<|>>")
_CLOSES = {"[[": "]]", "[[=": "]]", "{{": "}}", "<<": ">>"}
_TURN = re.compile(r"(?P<speaker>[^:]{1,40}):\s+(?P<words>.*)")


def snippets(folder: Path = TALK) -> Iterator[Document]:
    """Every snippet as a session of its own; its group is its file, so that who wrote it is never on both sides."""
    for path in sorted(folder.glob("*.txt")):
        blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip())
        for number, block in enumerate(blocks, start=1):
            yield _snippet(block.split("\n"), path.stem, f"{path.name}, snippet {number}")


def _snippet(lines: list[str], group: str, place: str) -> Document:
    kind = lines[0].removeprefix("# ")
    spoken, marked = [], []
    for at, line in enumerate(lines[1:]):
        turn = _TURN.fullmatch(line)
        if turn is None:
            raise ValueError(f"{place}: no turn `Name: words`: {line!r}")
        words, marks = _unmarked(turn["words"], at, place)
        is_agent = kind == "agent_session" and turn["speaker"] == "Agent"
        spoken.append(
            Utterance(
                index=at,
                speaker=None if is_agent else turn["speaker"],
                role="assistant" if is_agent else "person",
                text=words,
                locator=f"line {at + 1}",
            )
        )
        marked += marks
    session = Session(kind, place, tuple(spoken), len(spoken))
    return Document(place, "talk", group, session, units(session), (_decisions(marked),))


def _unmarked(words: str, at: int, place: str) -> tuple[str, list[tuple[str, Span]]]:
    """The words as they were said, and what is marked of them."""
    text, found, opened, done = "", [], "", 0
    start = 0
    for mark in _MARK.finditer(words):
        text += words[done : mark.start()]
        done = mark.end()
        if not opened and mark[0] in _CLOSES:
            opened, start = mark[0], len(text)
            done += opened == "[[=" and words[done : done + 1] == " "
        elif opened and mark[0] == _CLOSES[opened]:
            found.append((opened, (at, start, len(text))))
            opened = ""
        else:
            raise ValueError(f"{place}: '{mark[0]}' does not fit in {words!r}")
    if opened:
        raise ValueError(f"{place}: '{opened}' is not closed in {words!r}")
    return text + words[done:], found


def _decisions(marked: list[tuple[str, Span]]) -> tuple[Decision, ...]:
    """One for each `[[ ]]`; what else is marked belongs to the first."""
    stated = [span for mark, span in marked if mark == "[["]
    again, reasons, options = ([span for mark, span in marked if mark == one] for one in ("[[=", "{{", "<<"))
    first = [Decision((one, *again), tuple(reasons), tuple(options)) for one in stated[:1]]
    return (*first, *(Decision((one,)) for one in stated[1:]))
