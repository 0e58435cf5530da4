"""A Codex session being gathered: its facts, its pieces in file order, and which of two tellings is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingest.agent_runs import ASSISTANT, Run, Said, count, say
from ingest.harness import PERSON
from ingest.json_values import fields, inside, moment, words
from ingest.readers.codex_calls import Asked
from ingest.readers.codex_dialogs import answered, answers
from ingest.readers.codex_records import ITEMS, OLDER, TYPES, Outcome, Piece, event_of, item_of, stream_of
from ingest.records import Utterance
from ingest.text import folded, normalise

Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """The pieces of one line."""

    line: int
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class Gathering:
    """What one file holds so far."""

    run: Run = field(default_factory=Run)
    told: list[Told] = field(default_factory=list)
    model: str = ASSISTANT
    is_side: bool = False
    is_headed: bool = False
    is_read: bool = False


def take(gathering: Gathering, record: Mapping[str, object], line: int) -> str:
    """Adds one record; the answer is empty, or why the record is refused."""
    kind = words(record.get("type"))
    outcome = _outcome(gathering, record, kind)
    if isinstance(outcome, str):
        return outcome
    gathering.is_read = True
    if not outcome.pieces:
        count(gathering.run, outcome.rule)
        return ""
    at = moment(record, "timestamp")
    gathering.told.append(Told(line, tuple(_placed(outcome, line, at))))
    return ""


def _outcome(gathering: Gathering, record: Mapping[str, object], kind: str) -> Outcome | str:
    """What a record comes to, or the problem that refuses it."""
    payload = record.get("payload")
    if payload is None:
        return _bare(gathering, record, kind)
    if kind in TYPES and not isinstance(payload, dict):
        return "the record's payload is not an object"
    inner = fields(payload)
    if kind == "session_meta":
        return _header(gathering, inner)
    if kind == "response_item":
        is_compaction = inside(record.get("metadata"), "compaction_output") is True
        return item_of(inner, gathering.model, is_side=gathering.is_side, is_compaction=is_compaction)
    if kind == "event_msg" and words(inner.get("type")) == "thread_name_updated":
        gathering.run.title = words(inner.get("thread_name")).strip() or gathering.run.title
        return Outcome(rule="")
    if kind == "event_msg":
        return event_of(inner, gathering.model, is_side=gathering.is_side)
    if kind == "turn_context":
        gathering.model = folded(words(inner.get("model"))) or gathering.model
    if kind == "compacted" and (summary := words(inner.get("message")).strip()):
        return Outcome((Piece(Said("summary", summary)),))
    return _plain(kind)


def _plain(kind: str) -> Outcome | str:
    if not kind:
        return "an object without a record type"
    return Outcome(rule=TYPES[kind]) if kind in TYPES else stream_of({}, kind)


def _bare(gathering: Gathering, record: Mapping[str, object], kind: str) -> Outcome | str:
    """A record without payload: a line of stdout, or of a rollout before 0.32, where the line is the item itself."""
    if kind == "thread.started":
        gathering.run.parent = gathering.run.parent or words(record.get("thread_id")).strip()
        return Outcome(rule="")
    if kind in ITEMS:
        return item_of(record, gathering.model, is_side=gathering.is_side)
    if kind in TYPES:
        return "the record has no payload"
    if kind:
        return stream_of(record, kind)
    if words(record.get("record_type")) == "state":
        return Outcome(rule="session_state")
    if words(record.get("id")) and "timestamp" in record:
        return _header(gathering, record)
    return "an object without a record type"


def _header(gathering: Gathering, meta: Mapping[str, object]) -> Outcome:
    """The first header is the session's; a later one repeats it, or is a copy of its parent's."""
    if gathering.is_headed:
        return Outcome(rule="repeated_header")
    run = gathering.run
    gathering.is_headed = True
    run.native = words(meta.get("id")).strip() or words(meta.get("session_id")).strip()
    run.project = words(meta.get("cwd")).strip()
    run.branch = words(inside(meta, "git", "branch")).strip()
    run.started = moment(meta, "timestamp")
    spawned = words(inside(meta, "source", "subagent", "thread_spawn", "parent_thread_id")).strip()
    gathering.is_side = bool(fields(meta.get("source")).get("subagent")) or meta.get("thread_source") == "subagent"
    parent = spawned or words(meta.get("forked_from_id")).strip()
    run.parent = parent if parent != run.native else ""
    if version := folded(words(meta.get("cli_version")), 40):
        run.notes[f"Codex {version}"] = None
    return Outcome(rule="")


def _placed(outcome: Outcome, line: int, at: datetime | None) -> list[Piece]:
    several = len({piece.said.record for piece in outcome.pieces}) > 1
    return [
        replace(
            piece,
            said=replace(piece.said, at=at, locator=f"line {line}, block {nth}" if several else f"line {line}"),
        )
        for nth, piece in enumerate(outcome.pieces, 1)
    ]


def finish(gathering: Gathering) -> Run | None:
    """The session, with everything told once; None when no line was read."""
    best_words: dict[Words, int] = {}
    best_calls: dict[str, int] = {}
    for told in gathering.told:
        for piece in told.pieces:
            best_calls[piece.call] = min(best_calls.get(piece.call, OLDER), piece.family)
        for key in _keys(told.pieces):
            best_words[key] = min(best_words.get(key, OLDER), told.pieces[0].family)
    asked: dict[str, tuple[Asked, Utterance]] = {}
    names: dict[str, str] = {}
    for told in gathering.told:
        kept = [piece for piece in told.pieces if not _is_repeated(piece, best_words, best_calls)]
        said = [utterance for piece in kept if (utterance := _speak(gathering.run, piece, asked, names))]
        count(gathering.run, "" if said else "no_text" if kept else "repeated")
    return gathering.run if gathering.is_read else None


def _keys(pieces: Sequence[Piece]) -> Iterator[Words]:
    """What the pieces of one line say, each and (of a message with several texts) all together."""
    yield from (_key(piece) for piece in pieces)
    if len(pieces) > 1 and len({piece.said.role for piece in pieces}) == 1:
        yield pieces[0].said.role, normalise("\n".join(piece.said.text for piece in pieces)).strip()


def _key(piece: Piece) -> Words:
    return piece.said.role, normalise(piece.said.text).strip()


def _is_repeated(piece: Piece, best_words: Mapping[Words, int], best_calls: Mapping[str, int]) -> bool:
    if piece.call:
        return best_calls[piece.call] < piece.family
    return best_words[_key(piece)] < piece.family


def _speak(
    run: Run, piece: Piece, asked: dict[str, tuple[Asked, Utterance]], names: dict[str, str]
) -> Utterance | None:
    """Says a piece; the output of a dialog is what the user answered, one utterance an answer."""
    dialog = asked.get(piece.call) if piece.call else None
    if piece.said.role == "tool_result" and dialog is not None and (given := answers(dialog[0], piece.printed)):
        last: Utterance | None = None
        for question, answer, note in given:
            text = f"{answer}\n{note}" if note else answer
            words_of = replace(piece.said, role="person", text=text, speaker=PERSON, topic=question.header or None)
            last = say(run, replace(words_of, record="") if last else words_of) or last
            if last is not None and (candidate := answered(question, answer, dialog[1], last)):
                run.stated.append(candidate)
        return last
    said = piece.said
    if said.role == "tool_call" and piece.call:
        names[piece.call] = said.topic or ""
    if said.role == "tool_result" and said.topic is None:
        said = replace(said, topic=names.get(piece.call) or None)
    utterance = say(run, said)
    if utterance is not None and piece.asked is not None and piece.call:
        asked[piece.call] = piece.asked, utterance
    return utterance
