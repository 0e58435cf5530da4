"""Sessions being gathered from the records of one file: utterances, their tree, facts, counts and stated decisions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ingest import times
from ingest.fingerprint import fingerprint
from ingest.readers.claude_code_decisions import Placed, answered, plan_approved, refused
from ingest.readers.claude_code_records import FACTS, Outcome, Said, outcome_of
from ingest.readers.claude_code_values import mapping, moment, record_id, string
from ingest.records import Candidate, Session, Source, Utterance
from ingest.text import folded

Key = tuple[str, str]
"""Session id, and the subagent's id for what it says in a file or stretch of its own."""

_SUBAGENT_FILE = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[/\\]subagents[/\\]")
_TITLE_CHARS = 80


@dataclass(slots=True)
class Gathered:
    """One session so far."""

    utterances: list[Utterance] = field(default_factory=list)
    stated: list[Candidate] = field(default_factory=list)
    calls: dict[str, Placed] = field(default_factory=dict)
    kept: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    titles: dict[str, str] = field(default_factory=dict)
    places: dict[str, dict[str, None]] = field(default_factory=dict)
    """Every value seen of cwd, gitBranch, version, forkedFrom and pull requests, in order."""


@dataclass(slots=True)
class Gathering:
    """All sessions of one file, in order of first appearance."""

    sessions: dict[Key, Gathered] = field(default_factory=dict)
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    """uuid -> (line, hash of its words) of every record kept."""
    latest: dict[str, str | None] = field(default_factory=dict)
    """uuid -> native id of the last utterance at or above that record, so that set-aside records leave no gap."""
    owners: dict[str, Key] = field(default_factory=dict)
    summaries: list[tuple[str, str]] = field(default_factory=list)
    current: Key = ("", "")


def take(gathering: Gathering, record: Mapping[str, object], line: int) -> str:
    """Adds one record; the answer is empty, or why the record is refused."""
    if record.get("type") == "summary" and string(record.get("summary")):
        gathering.summaries.append((record_id(record, "leafUuid"), string(record.get("summary"))))
        return ""
    key = _key(record, gathering.current)
    session = gathering.sessions.get(key) or Gathered()
    outcome = _fact(session, record) or outcome_of(record, session.calls, is_side=_is_side(record))
    uuid = record_id(record, "uuid")
    if outcome.problem:
        return outcome.problem
    words = hash(tuple((said.role, said.text) for said in outcome.said))
    if outcome.said and uuid in gathering.seen:
        if gathering.seen[uuid][1] != words:
            return f"its uuid is that of line {gathering.seen[uuid][0]}, with other content"
        outcome = Outcome(rule="repeated_uuid")
    elif outcome.said and uuid:
        gathering.seen[uuid] = line, words
    gathering.sessions[key] = session
    gathering.current = key
    if uuid:
        gathering.owners.setdefault(uuid, key)
    _note_places(session, record)
    if not outcome.said:
        if uuid and outcome.rule != "repeated_uuid":
            gathering.latest.setdefault(uuid, _above(gathering, record))
        _count(session, outcome.rule)
        return ""
    session.kept += 1
    _speak(gathering, session, record, outcome, line)
    return ""


def finished(gathering: Gathering, source: Source) -> Iterator[Session]:
    """The sessions that hold words; what belongs to none of them is counted in the first."""
    first = _settle_summaries(gathering)
    speaking = {key: item for key, item in gathering.sessions.items() if item.utterances}
    if not speaking:
        speaking = {key: gathering.sessions[key] for key in list(gathering.sessions)[:1]}
    for key, silent in gathering.sessions.items():
        if key in speaking:
            continue
        home = next((item for other, item in speaking.items() if other[0] == key[0]), next(iter(speaking.values())))
        home.set_aside.update(silent.set_aside)
        home.set_aside.update({"session_without_words": silent.kept} if silent.kept else {})
    if not speaking and first:
        speaking = {("", ""): first}
    for key, item in speaking.items():
        yield _session(key, item, source)


def _settle_summaries(gathering: Gathering) -> Gathered | None:
    """Gives each summary to the session it names; one at a file's head often names a session of another file."""
    home = next((item for item in gathering.sessions.values() if item.utterances), None)
    home = home or next(iter(gathering.sessions.values()), None)
    if home is None and gathering.summaries:
        home = Gathered()
    for leaf, text in gathering.summaries:
        owner = gathering.sessions.get(gathering.owners.get(leaf, ("", "?")))
        if owner is not None:
            owner.titles["summary"] = text
            owner.kept += 1
        elif home is not None:
            home.set_aside["summary_of_another_session"] += 1
    return home


def _key(record: Mapping[str, object], current: Key) -> Key:
    session = record_id(record, "sessionId") or record_id(record, "session_id")
    agent = record_id(record, "agentId") if record.get("isSidechain") is True else ""
    return (session, agent) if session else current


def _is_side(record: Mapping[str, object]) -> bool:
    return record.get("isSidechain") is True or bool(string(record.get("parent_tool_use_id")))


def _fact(session: Gathered, record: Mapping[str, object]) -> Outcome | None:
    """Keeps a title or pull request; its outcome then has the empty rule, which counts as kept."""
    kind = string(record.get("type"))
    value = string(record.get(FACTS[kind])) if kind in FACTS else ""
    if not value:
        return None
    if kind == "pr-link":
        session.places.setdefault("pull request", {})[value] = None
    else:
        session.titles[kind] = value
    return Outcome(rule="")


def _count(session: Gathered, rule: str) -> None:
    if rule:
        session.set_aside[rule] += 1
    else:
        session.kept += 1


def _note_places(session: Gathered, record: Mapping[str, object]) -> None:
    found = {name: string(record.get(name)) for name in ("cwd", "gitBranch", "version")}
    found["forkedFrom"] = record_id(mapping(record.get("forkedFrom")), "sessionId")
    for name, value in found.items():
        if value and value != "HEAD":
            session.places.setdefault(name, {})[value] = None


def _above(gathering: Gathering, record: Mapping[str, object]) -> str | None:
    parent = record_id(record, "parentUuid") or record_id(record, "logicalParentUuid")
    return gathering.latest.get(parent, parent or None)


def _speak(gathering: Gathering, session: Gathered, record: Mapping[str, object], outcome: Outcome, line: int) -> None:
    uuid = record_id(record, "uuid")
    at = moment(record.get("timestamp"))
    parent = _above(gathering, record)
    has_many = len(outcome.said) > 1
    for position, said in enumerate(outcome.said):
        native = (f"{uuid}#{position}" if has_many else uuid) or None
        locator = f"line {line}, block {said.block}" if said.block > 1 or (has_many and said.block) else f"line {line}"
        utterance = Utterance(
            index=len(session.utterances),
            text=said.text,
            role=said.role,
            locator=locator,
            speaker=said.speaker,
            native_id=native,
            parent_id=parent,
            said_at=at,
            topic=folded(said.topic) if said.topic else None,
        )
        session.utterances.append(utterance)
        parent = native or parent
        if said.call is not None and said.call_id:
            session.calls[said.call_id] = Placed(said.call, utterance)
        session.stated.extend(_stated(session, said, utterance))
    if uuid:
        gathering.latest[uuid] = parent


def _stated(session: Gathered, said: Said, utterance: Utterance) -> Iterator[Candidate]:
    """The decisions that this utterance completes."""
    found: Candidate | None = None
    placed = session.calls.get(said.call_id)
    if said.plan_start is not None:
        plan_end = len(utterance.text)
        found = plan_approved(utterance, said.plan_start, plan_end, utterance, utterance.said_at)
    elif placed is None or said.result is None:
        return
    elif said.answer is not None:
        found = answered(placed, said.result.answers[said.answer], utterance)
    elif said.role == "person":
        found = refused(placed, utterance)
    elif said.result.is_approval and (start := said.result.edited_plan_start) is not None:
        found = plan_approved(utterance, start, len(utterance.text), placed.utterance, utterance.said_at)
    elif said.result.is_approval and placed.call.plan is not None:
        found = plan_approved(placed.utterance, *placed.call.plan, placed.utterance, utterance.said_at)
    if found is not None:
        yield found


def _session(key: Key, item: Gathered, source: Source) -> Session:
    session_id, agent = key
    content = fingerprint([(said.role, said.text) for said in item.utterances])
    native, parent = _identity(session_id, agent, source, item)
    moments: list[datetime] = [said.said_at for said in item.utterances if said.said_at is not None]
    started, basis = times.session_start(source, min(moments, default=None))
    return Session(
        kind="agent_session",
        native_id=native or content,
        identity="native" if native else "content",
        utterances=tuple(item.utterances),
        kept=item.kept,
        set_aside=tuple(sorted(item.set_aside.items())),
        stated=tuple(item.stated),
        title=_title(item),
        project=next(iter(item.places.get("cwd", ())), None),
        branch=next(reversed(item.places.get("gitBranch", {})), None),
        started_at=started,
        ended_at=max(moments, default=None),
        time_basis=basis,
        parent_id=parent,
        notes=_notes(item),
    )


def _identity(session_id: str, agent: str, source: Source, item: Gathered) -> tuple[str, str | None]:
    """The session's own id and its parent's: the caller of a subagent, or the session it was forked from."""
    forked = next(iter(item.places.get("forkedFrom", ())), None)
    if not agent:
        return session_id, forked if forked != session_id else None
    if session_id == f"agent-{agent}":  # some versions wrote the subagent's own id; its folder names the parent
        folder = _SUBAGENT_FILE.search(source.uri)
        return session_id, folder[1] if folder else None
    return f"{session_id}/{agent}", session_id


def _title(item: Gathered) -> str | None:
    given = next((item.titles[kind] for kind in ("custom-title", "ai-title", "summary") if kind in item.titles), None)
    asked = next((said for said in item.utterances if said.role == "person"), None)
    first = f"{asked.topic} {asked.text}" if asked and (asked.topic or "").startswith("/") else asked and asked.text
    plan = next((candidate.subject for candidate in item.stated), None)
    words = given or first or plan or next((said.text for said in item.utterances), None)
    return folded(words, _TITLE_CHARS) if words else None


def _notes(item: Gathered) -> tuple[str, ...]:
    versions = [f"Claude Code {folded(value, 40)}" for value in item.places.get("version", ())]
    branches = [folded(value, 80) for value in item.places.get("gitBranch", ())]
    several = [f"branches: {', '.join(branches)}"] if len(branches) > 1 else []
    return (*versions, *several, *(f"pull request {folded(url)}" for url in item.places.get("pull request", ())))
