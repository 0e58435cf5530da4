"""Transcripts in Word files (DOCX): Microsoft Teams, Amazon's ts-to-word, Google Meet, Descript, `Name: words`.

Unit: a paragraph of the body, or a table row, that is not blank (a text box's paragraphs count; headers, footers,
footnotes and comments are not read).

Set aside:
  `preamble`         a paragraph before the first turn that states none of the meeting's facts
  `report`           job facts, statistics and table heads around an Amazon transcript
  `machine_summary`  notes that a model wrote: those of Gemini before a Meet transcript, what a call analysis found
  `export note`      what the tool adds (`Mara Lindqvist started transcription`, `Transcription ended after`)
  `heading`          a paragraph styled as heading among the turns; it becomes their topic
  `time marker`      a paragraph that is only a time; it is the start of the next turn
  `no words`         a speaker's header that no words follow

Locator: `paragraph N` or `paragraphs N-M`, counted without blank ones; `table T, row R`.

A Word file in which nobody speaks (a letter, a specification, a decision record) is rejected as a whole with that
reason. Reading needs python-docx: the extra `docx`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.fingerprint import fingerprint
from ingest.readers.docx_blocks import Block, blocks
from ingest.readers.docx_facts import Facts, facts, has_machine_notes, is_note, says_transcribed, talk_from
from ingest.readers.docx_package import NAME, document, is_word
from ingest.readers.docx_table import job_date, row_turns, talk_columns
from ingest.readers.docx_turns import Form, Turn, form_of, marker_ms
from ingest.records import Reader, Rejected, Session, Source, Utterance
from ingest.text import folded, normalise
from ingest.times import session_start

_HEADING = re.compile(r"(?:heading|berschrift|titre|ttulo|kop)\s?\d", re.IGNORECASE)
_RECORD = re.compile(
    r"(?:\d+[.)]?\s*)?(?:context\b.*|decisions?(?: outcome)?|consequences|considered options)", re.IGNORECASE
)
_REJECT_CHARS = 2_000
"""How much of a file that nobody speaks in goes into quarantine: enough to see what it is."""
_UNCONFIRMED = {"arrow": "Teams DOCX before 2022", "clock": "Word Transcribe"}


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    place: int
    """Position of its block."""
    is_heading: bool


@dataclass(slots=True)
class _Talk:
    """What the blocks of a document turned out to be."""

    turns: list[Turn] = field(default_factory=list)
    aside: dict[int, str] = field(default_factory=dict)
    """Why a block was set aside, by position; what a turn or a fact uses is kept all the same."""
    facts: set[int] = field(default_factory=set)
    title: str | None = None
    date: datetime | None = None
    notes: list[str] = field(default_factory=list)


def accepts(source: Source) -> int:
    """71 for a zip with Word's members; whether somebody speaks in it is known only once it is unpacked."""
    return 71 if is_word(source.head) else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting; or everything rejected as one item where nobody speaks."""
    found = _blocks(source)
    talk = _table_talk(found) or _told_talk(found)
    utterances = _utterances(talk.turns, found) if talk else ()
    if talk is None or not (utterances or "machine_summary" in talk.aside.values()):
        glimpse = "\n".join(block.text for block in found)[:_REJECT_CHARS]
        yield Rejected(_why_not(found), f"{found[0].locator} to {found[-1].locator}", glimpse, len(found))
        return
    kept = {place for turn in talk.turns if any(turn.words) for place in turn.places} | talk.facts
    aside = Counter(talk.aside.get(at, "no words") for at in range(len(found)) if at not in kept)
    started_at, basis = session_start(source, talk.date)
    yield Session(
        kind="meeting",
        native_id=_identity(utterances, found),
        identity="content",
        utterances=utterances,
        kept=len(kept),
        set_aside=tuple(sorted(aside.items())),
        title=talk.title,
        started_at=started_at,
        time_basis=basis,
        notes=tuple(talk.notes),
    )


def count(source: Source) -> int:
    """The paragraphs and table rows that are not blank."""
    return len(_blocks(source))


def _blocks(source: Source) -> tuple[Block, ...]:
    try:
        found = blocks(document(source))
    except RecursionError as error:
        where, problem = "the document", "elements nested too deep"
        raise SourceMalformed(source.uri, reader=NAME, where=where, problem=problem) from error
    if not found:
        raise SourceEmpty(source.uri)
    return found


def _why_not(found: Sequence[Block]) -> str:
    headings = {block.text.casefold() for block in found if _is_heading(block) and _RECORD.fullmatch(block.text)}
    if len(headings) > 1:
        return "a Word document laid out like a decision record: save it as Markdown and ingest that"
    return "a Word document in which nobody speaks: no paragraph or table row opens a turn"


def _is_heading(block: Block) -> bool:
    return _HEADING.match(block.style) is not None


def _table_talk(found: Sequence[Block]) -> _Talk | None:
    columns = talk_columns(found)
    if columns is None:
        return None
    talk = _Talk()
    talk.turns, talk.aside = row_turns(found, columns)
    if not columns.is_amazon:
        talk.notes.append("unconfirmed format: table of turns")
    for at, block in enumerate(found):
        if len(block.cells) == 2 and block.table != columns.table:
            key, value = block.cells[0].casefold(), block.cells[1]
            if key == "job name":
                talk.title = folded(value)
                talk.facts.add(at)
            elif key == "job created" and (talk_date := job_date(value)) is not None:
                talk.date = talk_date
                talk.facts.add(at)
                talk.notes.append("date of the transcription job")
    return talk if talk.turns else None


def _told_talk(found: Sequence[Block]) -> _Talk | None:
    lines = [
        _Line(line.strip(), at, _is_heading(block))
        for at, block in enumerate(found)
        for line in block.text.split("\n")
        if line.strip()
    ]
    texts = [line.text for line in lines]
    begin = talk_from(texts)
    invited = facts(texts[: begin + 1] if begin else texts).people
    form = form_of(texts[begin:], invited, told=says_transcribed(texts))
    is_gemini = has_machine_notes(texts)
    if form is None and not is_gemini:
        return None
    opened = (at for at in range(begin, len(lines)) if form and form.opens(texts, at) is not None)
    start = next(opened, len(lines))
    before = facts(texts[:start])
    talk = _gathered(lines, texts, start, form) if form else _Talk()
    _set_before(talk, lines[:start], before, begin, is_gemini=is_gemini)
    talk.title, talk.date = before.title, before.date
    if talk.date is not None and (talk.date.hour or talk.date.minute):
        talk.notes.append("the date's time zone is unknown, read as UTC")
    if form and form.name in _UNCONFIRMED:
        talk.notes.append(f"unconfirmed format: {_UNCONFIRMED[form.name]}")
    return talk


def _set_before(talk: _Talk, lines: Sequence[_Line], before: Facts, begin: int, *, is_gemini: bool) -> None:
    """What the blocks before the talk are."""
    for at, line in enumerate(lines):
        if at in before.used:
            talk.facts.add(line.place)
            continue
        rule = "machine_summary" if is_gemini and (at < begin or not talk.turns) else "preamble"
        marked = "time marker" if marker_ms(line.text) is not None else rule
        talk.aside.setdefault(line.place, "export note" if is_note(line.text) else marked)


def _gathered(lines: Sequence[_Line], texts: Sequence[str], start: int, form: Form) -> _Talk:
    talk = _Talk()
    topic: str | None = None
    marked = marker_ms(texts[start - 1]) if start and form.name == "named" else None
    named_ms = marked
    at = start
    while at < len(lines):
        line = lines[at]
        opened = form.opens(texts, at)
        at += 1
        clock = marker_ms(line.text) if form.name == "named" else None
        if opened is not None:
            turn = Turn(opened.speaker, named_ms if opened.start_ms is None else opened.start_ms, topic, opened.end_ms)
            if opened.start_ms is None and named_ms is not None and "times approximate" not in talk.notes:
                talk.notes.append("times approximate")
            named_ms = None
            talk.turns.append(turn)
            turn.places.extend(other.place for other in lines[at - 1 : at - 1 + opened.lines])
            turn.words.append(opened.words)
            at += opened.lines - 1
        elif is_note(line.text):
            talk.aside.setdefault(line.place, "export note")
        elif clock is not None:
            named_ms = clock
            talk.aside.setdefault(line.place, "time marker")
        elif line.is_heading:
            topic = folded(line.text)
            talk.aside.setdefault(line.place, "heading")
        else:
            talk.turns[-1].words.append(line.text)
            talk.turns[-1].places.append(line.place)
    return talk


def _utterances(turns: Sequence[Turn], found: Sequence[Block]) -> tuple[Utterance, ...]:
    said: list[Utterance] = []
    for turn in turns:
        text = normalise("\n".join(word for word in turn.words if word)).strip()
        if text:
            said.append(
                Utterance(
                    index=len(said),
                    text=text,
                    role="person",
                    locator=_locator(found[turn.places[0]], found[turn.places[-1]]),
                    speaker=turn.speaker,
                    start_ms=turn.start_ms,
                    end_ms=turn.end_ms,
                    topic=turn.topic,
                )
            )
    return tuple(said)


def _identity(utterances: Sequence[Utterance], found: Sequence[Block]) -> str:
    """The fingerprint of the words; of the whole document where nobody's words are kept."""
    said = [[item.speaker, item.start_ms, item.text] for item in utterances]
    return fingerprint(said or [block.text for block in found])


def _locator(first: Block, last: Block) -> str:
    if first == last or first.table or last.table:
        return first.locator
    return f"paragraphs {first.locator.split()[1]}-{last.locator.split()[1]}"


READER = Reader(
    name=NAME,
    suffixes=frozenset({".docx"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="paragraphs and table rows",
)
