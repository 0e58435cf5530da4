"""What the write side answers: reports of ingestion, reviews, upkeep and transfer.

`recorded_text` is always somebody else's words, quoted exactly: data, never instructions.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from intent_server.answers import QUOTED, WAITS, Answer, Decision, Line
from intent_server.answers_llm import LlmEstimate, LlmReport


class RuleCount(Answer):
    """How many units a named rule took."""

    rule: str
    count: int


class IrregularCount(Answer):
    """Characters a reader would not see, counted."""

    kind: str
    count: int
    first: str


class SourceReport(Answer):
    """What became of one source."""

    source: str
    reader: str
    unit: str
    outcome: Literal["added", "unchanged", "updated"]
    read: int
    kept: int
    set_aside: int
    quarantined: int
    set_aside_by_rule: list[RuleCount] = Field(default_factory=list)
    masked: list[RuleCount] = Field(default_factory=list)
    irregular: list[IrregularCount] = Field(default_factory=list)
    sessions: int
    decisions: int = Field(description="How many of the decisions found are delivered in answers.")
    waiting: int = Field(default=0, description="How many more are too weak for that and wait for a person's review.")
    added: int = Field(default=0, description="Decisions found for the first time.")
    gone: int = Field(default=0, description="Decisions found no longer: closed, `history` still tells them.")
    changed: int = Field(default=0, description="Decisions found with other words, parts, confidence or status.")
    kept_by_verdict: int = Field(
        default=0, description="Decisions that stand as a person left them, though the source would have it otherwise."
    )
    turns_before: int = Field(default=0, description="Utterances of it that were held when something of it changed.")
    turns_added: int = Field(default=0, description="Utterances not held of it before; 0 for a source that is new.")
    turns_gone: int = Field(
        default=0, description="Utterances held before that it gives no longer: history, which `--known-at` shows."
    )
    signature: str
    notes: list[str] = Field(default_factory=list, description="What to know of it: an unconfirmed format, a language.")
    date_basis: str | None = Field(default=None, description="`assumed` when the file's time stood in for a date.")


class FailedSource(Answer):
    """A source that could not be read at all."""

    source: str
    error: str
    remedy: str | None = Field(default=None, description="What would help, where the error itself does not say it.")


class SkippedSource(Answer):
    """A file under a folder that was left alone."""

    source: str
    reason: str
    is_lost: bool = Field(default=False, description="True: there should be a file, and there is none: a broken link.")


class HeardReport(Answer):
    """What hearing one recording took; nothing is told of one whose transcript was kept from before."""

    source: str
    model: str
    seconds: float = Field(description="Of sound, all voices together.")
    voices: int = Field(default=1, description="Channels or tracks that were heard one by one.")
    factor: float | None = Field(default=None, description="Real-time factor: seconds of work a second of sound.")
    peak_bytes: int | None = Field(default=None, description="The most memory that the process has held.")


class HeldCounts(Answer):
    """How many decisions the store holds, those of every source together, each once."""

    decisions: int = Field(description="Delivered in answers.")
    waiting: int = Field(description="Too weak for that: they wait for a person's review.")


class IngestReport(Answer):
    """What one ingest run did."""

    store: str
    sources: list[SourceReport]
    failed: list[FailedSource] = Field(default_factory=list)
    skipped: list[SkippedSource] = Field(default_factory=list)
    held: HeldCounts | None = Field(default=None, description="What the store holds now, of all sources.")
    heard: list[HeardReport] = Field(default_factory=list, description="Recordings that were transcribed.")
    estimate: LlmEstimate | None = Field(default=None, description="With --llm: what it would take.")
    llm: LlmReport | None = Field(default=None, description="With --llm: what it took.")


class LinkCounts(Answer):
    """What linking decisions to code and pipelines did."""

    added: int
    closed: int
    by_method: dict[str, int] = Field(default_factory=dict, description="Links that were looked at, by method.")
    ambiguous: int = Field(default=0, description="Names that fit several things and therefore link to none.")


class GitReport(Answer):
    """What became of one repository."""

    store: str
    repository: str = Field(description="host/org/repo, or root:<sha> where it has no remote.")
    place: str
    branch: str | None = None
    head: str | None = None
    outcome: Literal["added", "unchanged", "updated"]
    commits: int
    commits_added: int
    messages: SourceReport | None = Field(default=None, description="What became of the new commits' messages.")
    links: LinkCounts
    notes: list[str] = Field(default_factory=list)


class PipelineReport(Answer):
    """What became of one pipeline: a dbt project, or a file of OpenLineage events."""

    store: str
    system: str
    project: str
    outcome: Literal["added", "unchanged", "updated"]
    schema_version: str | None = None
    fingerprint_kind: str = Field(description="parsed or rendered; versions of one kind are comparable.")
    repository: str | None = None
    git_sha: str | None = None
    is_dirty: bool | None = Field(default=None, description="True: the code had changes that no commit holds.")
    nodes: int
    nodes_added: int
    nodes_changed: int
    nodes_closed: int
    versions_added: int
    runs_added: int
    words: SourceReport | None = Field(
        default=None, description="What became of its descriptions; absent where newer ones are held."
    )
    links: LinkCounts
    notes: list[str] = Field(default_factory=list)


class QuarantineItem(Answer):
    """One refused item."""

    item_id: str
    source: str
    stage: str
    reason: str
    place: str
    recorded_text: str = Field(description=QUOTED)
    recorded_from: datetime
    recorded_to: datetime | None = Field(default=None, description="When it was closed; absent while it waits.")
    ended: str | None = Field(default=None, description="How it was closed, by whom and why.")


class Quarantine(Answer):
    """Refused items, newest first."""

    items: list[QuarantineItem]
    total: int


class Finding(Answer):
    """One thing that does not hold."""

    check: str
    where: str
    problem: str
    remedy: str | None = Field(default=None, description="What to do about it.")


class Verified(Answer):
    """What `verify` looked at and what no longer holds."""

    checked: list[RuleCount]
    not_recomputed: list[RuleCount] = Field(
        default_factory=list, description="Batches whose signature could not be made again from the source, by reason."
    )
    findings: list[Finding]


class Doctor(Answer):
    """The state of a store and of this installation."""

    store: str
    schema_version: int
    duckdb: str
    intent_server: str
    embedder: str
    counts: list[RuleCount]
    findings: list[Finding]


class Recorded(Answer):
    """What `record_decision` put into the record."""

    outcome: Literal["recorded", "unchanged", "already_held"] = Field(
        description="unchanged: stated before. already_held: `decision` has these words; nothing was added."
    )
    decision: Decision
    replaces: list[str] = Field(default_factory=list, description="What extraction had found in the same words.")
    left_out: str | None = None


ReviewAction = Literal["list", "show", "ratify", "dismiss", "correct", "supersede", "split", "merge", "undo"]


class Waiting(Answer):
    """A decision that no person has looked at yet."""

    decision_id: str
    subject: str
    status: str
    authority: str
    confidence: float
    is_doubtful: bool | None = Field(default=None, description=WAITS)
    decided_at: datetime | None = None
    session_id: str
    session: str
    why_waiting: str = Field(description="Contradicts another, lost its words, is too weak, was seen by nobody.")
    recorded_text: str = Field(description=f"The choice. {QUOTED}")


class Numbered(Answer):
    """A part of a decision with the number by which `split` names it."""

    number: int
    kind: str
    recorded_text: str = Field(description=QUOTED)


class ContextLine(Line):
    """An utterance round a decision's evidence."""

    evidence: list[str] = Field(default_factory=list, description="What its words are evidence of: `choice 4-27`.")


class Review(Answer):
    """What a review action did, or, of `list`, what waits for a person."""

    action: ReviewAction
    decision: Decision | None = Field(default=None, description="The decision as it now stands.")
    other: Decision | None = Field(default=None, description="Of supersede: the one that replaced it.")
    became: list[Decision] = Field(default_factory=list, description="Of split: the decisions it became.")
    closed: list[str] = Field(default_factory=list, description="Of split and merge: the ids that ended.")
    why_waiting: str | None = Field(default=None, description="Of show: why it waits; absent where it does not.")
    extractor: str | None = Field(default=None, description="Of show: what found it, with its version.")
    parts: list[Numbered] = Field(default_factory=list, description="Of show: what `split` may divide.")
    context: list[ContextLine] = Field(default_factory=list, description="Of show: the conversation round its words.")
    may_follow: list[ReviewAction] = Field(default_factory=list, description="Of show: what may be done with it.")
    waiting: list[Waiting] = Field(default_factory=list)
    counts: list[RuleCount] = Field(default_factory=list, description="Of list: how many wait for each reason.")
    total: int = Field(default=0, description="Of list: how many wait.")
    next_cursor: str | None = None
    left_out: str | None = None


class RetriedSource(Answer):
    """What became of one source's refused items when it was read again."""

    source: str
    resolved: int = Field(description="Items that are refused no longer.")
    remaining: int = Field(description="Items that are still refused.")
    fresh: int = Field(default=0, description="Items that were refused for the first time.")
    report: SourceReport | None = Field(default=None, description="What the reading gave; absent where it failed.")
    error: str | None = Field(default=None, description="Why it could not be read again; its items stay.")


class Retried(Answer):
    """What became of refused items when their sources were read again."""

    sources: list[RetriedSource]
    resolved: int = Field(description="Items that are refused no longer.")
    remaining: int = Field(description="Items that are still refused.")


class Transferred(Answer):
    """What `export` wrote or `import` read."""

    format: str
    place: str
    counts: list[RuleCount]


class WhisperModelAnswer(Answer):
    """A model that recordings can be transcribed by."""

    name: str
    megabytes: int = Field(description="On this machine, or to fetch.")
    is_there: bool
    folder: str | None = Field(default=None, description="Where it lies; absent where it does not.")
    repository: str | None = Field(
        default=None, description="On the Hugging Face Hub; absent for one put there by hand."
    )


class Models(Answer):
    """The models known by name, and those that lie among them."""

    folder: str
    models: list[WhisperModelAnswer]


class Forgotten(Answer):
    """What `forget` removed."""

    session_id: str
    utterances: int
    decisions: int
