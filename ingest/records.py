"""The frozen types every stage speaks, from a file's bytes to what extraction found.

A reader turns a Source into Sessions of Utterances (and Rejected items). Extraction passes carry a Draft; what
comes out is an Ingested. Spans count code points of one utterance's stored text: text[start_char:end_char] == quote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

from ingest.hearing import Hearing

Role = Literal["person", "assistant", "tool_call", "tool_result", "reasoning", "summary", "harness", "document"]
"""Who an utterance comes from. `person`: somebody's own words. `harness`: text that a tool put into the conversation.
`document`: a section of a written record. Agents speak as assistant, reasoning, tool_call; tools as tool_result."""

PartKind = Literal["choice", "rationale", "alternative", "constraint", "objection", "consequence"]
Status = Literal["proposed", "accepted", "declined", "superseded"]
Authority = Literal["ratified", "recorded", "structured", "extracted"]
PersonRole = Literal["proposed", "agreed", "objected", "decided"]
Relation = Literal[
    "supersedes", "contradicts", "refines", "depends_on", "governs", "implements", "guards", "explains", "mentions"
]
Method = Literal["explicit", "same_change", "blame", "name", "similar"]
IrregularKind = Literal["bidi", "control", "invisible", "look_alike", "replaced"]
TimeBasis = Literal["source", "given", "name", "assumed", "unknown"]
"""How a session's date is known: the source, --date, the file's name, the file's time (assumed), or not at all."""

MAX_WHOLE_BYTES = 64 * 1024 * 1024
"""Formats that must be parsed as one document are refused above this size; JSON Lines are streamed without limit."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or standard input with a name: what a reader is given. Made by `ingest.sources`."""

    uri: str
    """What is stored and shown: the absolute path in POSIX form, or `stdin:NAME`."""
    name: str
    """The last part of the path, or the name given for standard input; dates and titles may be read from it."""
    head: bytes
    """The first 64 KiB, read once."""
    open: Callable[[], BinaryIO]
    """A fresh binary stream from the first byte."""
    size_bytes: int
    path: Path | None = None
    encoding: str = "utf-8"
    """As declared by the user; a byte-order mark wins over it."""
    date: datetime | None = None
    """From --date: aware UTC."""
    modified_at: datetime | None = None
    """The file's time, aware UTC; only ever used as an assumed date."""
    members: tuple[Source, ...] = ()
    """The files of a folder that is one export, by name (see Reader.gathers); `head` is then the first one's."""
    hearing: Hearing | None = None
    """How a recording is to be transcribed; None: recordings cannot be read."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one utterance's text, in code points, with the words it covers."""

    utterance_index: int
    start_char: int
    end_char: int
    quote: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """One turn by one speaker (or one section of a document). `index` counts from 0 within its session."""

    index: int
    text: str
    """Normalised by `text.normalise`; never blank."""
    role: Role
    locator: str
    """The place in the source: `line 12`, `cue 3`, `chars 120-480`, or a JSON pointer."""
    speaker: str | None = None
    native_id: str | None = None
    """The source's own id of the record (a uuid, a comment id): copies are recognised by it."""
    parent_id: str | None = None
    """The native id this one answers, where the source says so."""
    said_at: datetime | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    topic: str | None = None
    """A structural place: a section heading, `path:line` of a review thread, a tool's name."""
    doubt: str | None = None
    """Why the words themselves are uncertain, in one line (`low log-probability -1.31`); None: nothing against them."""


@dataclass(frozen=True, slots=True)
class Part:
    """One claim of a decision. The first span is the part's text; further spans restate it."""

    kind: PartKind
    spans: tuple[Span, ...]
    about: int | None = None
    """Position in the same candidate's `parts` of what this speaks about: the alternative whose reason it is."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's role in a decision, named as the source names them."""

    name: str
    role: PersonRole


@dataclass(frozen=True, slots=True)
class Reference:
    """A link the source states: to a file, lines, commit, PR, issue, or to another decision by its native id."""

    relation: Relation
    target_kind: str
    """`decision` (target = native id or file name of another record), `file`, `lines`, `commit`, `pull_request`…"""
    target: str
    method: Method


@dataclass(frozen=True, slots=True)
class Candidate:
    """A decision as proposed, before grounding. Exactly one part is the choice."""

    subject: str
    """What is decided about, in the source's words, white space folded, at most 120 characters."""
    status: Status
    authority: Authority
    confidence: float
    """0 to 1; 1.0 for structured."""
    parts: tuple[Part, ...]
    extractor: str
    """Name and version of what made it, for example `cues/1` or `decision_record/1`."""
    people: tuple[Person, ...] = ()
    references: tuple[Reference, ...] = ()
    decided_at: datetime | None = None
    """None: the time of the choice's utterance, else the session's."""
    is_doubtful: bool = False
    """Too weak to be delivered: it waits for a person's review. Set by extraction when the calibrated confidence lies
    below the threshold for delivery."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item refused, with its reason and place; kept in quarantine for a person."""

    reason: str
    where: str
    text: str
    units: int = 1
    """How many of the reader's units it accounts for; 0 when extraction refused a claim."""


@dataclass(frozen=True, slots=True)
class Session:
    """One bounded conversation: a meeting, an agent run, a PR, a decision record."""

    kind: str
    """`meeting`, `agent_session`, `pull_request`, `decision_record`, `chat`, `mail`, `issue`, `commit`, `pipeline` or
    `statement`."""
    native_id: str
    """The source's own id; else the content's fingerprint (then `identity` is `content`)."""
    utterances: tuple[Utterance, ...]
    kept: int
    """How many of the reader's units these utterances and this session's facts stand for."""
    identity: Literal["native", "content"] = "native"
    set_aside: tuple[tuple[str, int], ...] = ()
    """(rule, units) for what is not anybody's words: each rule is named in the reader's docstring."""
    stated: tuple[Candidate, ...] = ()
    """Decisions that the source's own structure states (authority `structured`)."""
    title: str | None = None
    project: str | None = None
    branch: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    time_basis: TimeBasis = "unknown"
    parent_id: str | None = None
    """Native id of the session this one came from (a subagent's, a fork's)."""
    notes: tuple[str, ...] = ()
    """What a reader of the answer should know: `resolution unknown`, `times approximate`…"""
    language: str | None = None
    """BCP 47 primary tag: from a reader as its source states it, after extraction as `language.of_session` tells."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: how well a source matches, how to read it, and how many units it holds."""

    name: str
    suffixes: frozenset[str]
    """Usual file endings, for messages and to break no tie: content alone decides."""
    accepts: Callable[[Source], int]
    """0: not this format. Otherwise how specific the match is, 1 to 100; the highest rank reads the source."""
    read: Callable[[Source], Iterator[Session | Rejected]]
    """Sessions in source order. Bad items are Rejected; only a file broken as a whole raises SourceError."""
    count: Callable[[Source], int]
    """The units in the source, counted independently of `read`: read = kept + set aside + rejected is checked."""
    unit: str
    """What one unit is, in the plural: `cues`, `lines`, `records`, `comments`, `sections`."""
    version: int = 1
    """Raised when the same bytes give other records."""
    gathers: Callable[[frozenset[str]], frozenset[str]] = lambda _names: frozenset()
    """Of the file names in one folder, those that together are one source (a PR saved as several dumps)."""
    reads_beside: bool = False
    """What it gives also depends on the files beside a source, or on the file's time: the same bytes are read again."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that announces a decision, found in one utterance."""

    name: str
    span: Span
    weight: float


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that may state a decision, with how likely it does, as calibrated on labelled sessions."""

    span: Span
    confidence: float


@dataclass(frozen=True, slots=True)
class Draft:
    """What a pass takes and returns: the session so far, what was found in it, and what was refused."""

    session: Session
    cues: tuple[Cue, ...] = ()
    statements: tuple[Statement, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    masked: tuple[tuple[str, int], ...] = ()
    """(rule, count) of the secrets masked."""


@dataclass(frozen=True, slots=True)
class Irregular:
    """Characters of one kind that a reader of the text would not see or would take for others."""

    kind: IrregularKind
    count: int
    first: str
    """Place of the first one: utterance locator and code-point offset."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """One session after extraction, ready to be recorded."""

    session: Session
    candidates: tuple[Candidate, ...]
    rejected: tuple[Rejected, ...] = ()
    masked: tuple[tuple[str, int], ...] = ()
    irregular: tuple[Irregular, ...] = field(default=())
