"""Answers to the terminal: stdout is data and nothing else, stderr the rest. The only module that prints.

Captured text is printed with its control and invisible characters made visible, so that it cannot drive a terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from ingest.text import visible
from intent_server.answers import Get, Hit, Line, Search, SessionAnswer, Sessions, Why
from intent_server.answers_record import Doctor, Forgotten, Verified
from intent_server.cli import excerpts, output_decision, output_links
from intent_server.cli.output_decision import clock, day, doubted

_LABEL_WIDTH = 14


def stdout() -> Console:
    """Standard output for an answer; colour only on a terminal, lines folded only there."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=not sys.stdout.isatty())


def note(message: str) -> None:
    """One plain line on stderr."""
    sys.stderr.write(visible(message) + "\n")


def lines(texts: Iterable[str]) -> None:
    """Plain lines on stdout."""
    out = stdout()
    for text in texts:
        out.print(Text(visible(text)), soft_wrap=True)


def as_json(answer: BaseModel) -> None:
    """The answer as JSON on stdout: the same model that MCP returns."""
    sys.stdout.write(answer.model_dump_json(indent=2, exclude_none=True) + "\n")


class Step(Protocol):
    """Tells what is being read now."""

    def __call__(self, name: str, *, is_new: bool = True) -> None:
        """`is_new`: it is another source than before, rather than more of the same."""


@contextmanager
def reading() -> Iterator[Step]:
    """A line on stderr that says what is being read and for how long; silent when stderr is no terminal."""
    bar = _bar(SpinnerColumn(), TextColumn("{task.completed} read, now {task.description}"), TimeElapsedColumn())
    with bar:
        task = bar.add_task("", total=None)

        def step(name: str, *, is_new: bool = True) -> None:
            bar.update(task, advance=int(is_new), description=visible(name).replace("[", "\\["))

        yield step


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr with time left, told (done, total); silent when stderr is no terminal."""
    bar = _bar(TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _bar(*columns: ProgressColumn) -> Progress:
    return Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
        redirect_stdout=sys.stdout.isatty(),  # lines on the same terminal go above the bar; a pipe gets its data
    )


def why(answer: Why) -> None:
    """A verdict line, then each decision with the words behind it, or the conversation that touches the question."""
    out = stdout()
    out.print(Text.assemble((answer.verdict, "bold"), (_heard(answer), "dim")))
    terms = excerpts.wanted(answer.question, answer.subject)
    for decision in answer.decisions:
        out.print()
        output_decision.decision(out, decision, terms)
    for hit in answer.discussed:
        out.print()
        _hit(out, hit, terms)
    for line in [*output_links.nodes(answer.nodes), *output_links.changes(answer.changes)]:
        out.print(Text(visible(line)), soft_wrap=True)
    _tail(answer.left_out, f"intent {answer.next}" if answer.next and answer.next.startswith("get ") else answer.next)


def _heard(answer: Why) -> str:
    """Until when the store was told of this, and of anything."""
    told = f"on this until {day(answer.subject_heard_until)}" if answer.subject_heard_until else ""
    if not answer.heard_until:
        return ""
    everything = f"sources heard until {day(answer.heard_until)}"
    return f"   ({everything}; {told})" if told else f"   ({everything})"


def heard(moment: datetime | None) -> None:
    """On stderr, until when the sources of what was asked about were heard."""
    if moment is not None:
        note(f"Sources on this were heard until {day(moment)}.")


def search(answer: Search) -> None:
    """One block a result, best first."""
    out = stdout()
    terms = excerpts.wanted(answer.query)
    for number, hit in enumerate(answer.hits):
        if number:
            out.print()
        _hit(out, hit, terms)
    if not answer.hits:
        note('No record matches. Try other words, or `intent sql "SELECT * FROM intent.sessions"` for what is stored.')
    heard(answer.subject_heard_until)
    cursor = f"{answer.total} results; go on with --cursor {answer.next_cursor}." if answer.next_cursor else None
    _tail(answer.left_out, cursor)


def get(answer: Get) -> None:
    """The one thing asked for, whole."""
    out = stdout()
    if answer.decision:
        output_decision.decision(out, answer.decision)
    if answer.evidence:
        output_decision.quote(out, "evidence", answer.evidence)
    if answer.session:
        if answer.decision or answer.evidence:
            out.print()
        _session(out, answer.session)
    _tail(answer.left_out, None)


def sessions(answer: Sessions) -> None:
    """One line a session: id, day, kind, length, title."""
    out = stdout()
    for session in answer.sessions:
        title = session.title or session.source.rsplit("/", 1)[-1]
        facts = f"{day(session.started_at)}  {session.kind:<16}{session.utterance_count:>6}  "
        out.print(Text.assemble((f"{session.session_id}  ", "dim"), facts, (visible(title), "bold")), soft_wrap=True)
    if not answer.sessions:
        note("The store holds no session yet: `intent ingest FILE`.")
    _tail(None, f"Go on with --cursor {answer.next_cursor}." if answer.next_cursor else None)


def forgotten(answer: Forgotten) -> None:
    """What was removed."""
    note(f"Forgot session {answer.session_id}: {answer.utterances} utterances, {answer.decisions} decisions.")


def verified(answer: Verified) -> None:
    """What was checked, what could not be made again and why, then each finding with what to do."""
    out = stdout()
    for checked in answer.checked:
        out.print(Text(f"{checked.count:>9,} {checked.rule}"))
    for unmade in answer.not_recomputed:
        out.print(Text(f"{unmade.count:>9,} batches not re-computed: {unmade.rule}", style="dim"), soft_wrap=True)
    for finding in answer.findings:
        told = f"FAILED {finding.check}: {finding.where}: {finding.problem}"
        out.print(Text(visible(told), style="bold"), soft_wrap=True)
        if finding.remedy:
            out.print(Text(visible(f"       {finding.remedy}")), soft_wrap=True)
    note("Everything holds." if not answer.findings else f"{counted(len(answer.findings), 'finding')}.")


def doctor(answer: Doctor) -> None:
    """The store's state and this installation's versions."""
    out = stdout()
    facts = [
        ("store", answer.store),
        ("schema", str(answer.schema_version)),
        ("duckdb", answer.duckdb),
        ("intent-server", answer.intent_server),
        ("embedder", answer.embedder),
        *((count.rule, f"{count.count:,}") for count in answer.counts),
    ]
    for name, value in facts:
        out.print(Text.assemble((f"{name:<{_LABEL_WIDTH}}", "dim"), visible(value)), soft_wrap=True)
    for finding in answer.findings:
        out.print(
            Text(visible(f"FAILED {finding.check}: {finding.where}: {finding.problem}"), style="bold"), soft_wrap=True
        )


def _hit(out: Console, hit: Hit, terms: Collection[str]) -> None:
    is_decision = hit.kind == "decision"
    head = excerpts.headline(hit.subject, hit.recorded_text) if is_decision and hit.subject else hit.session
    status = f"  {hit.status} ({hit.authority})" if hit.status else ""
    status += "  waits for review" if hit.is_doubtful else ""
    is_one = hit.first_utterance == hit.last_utterance
    span = f"utterance {hit.first_utterance}" if is_one else f"utterances {hit.first_utterance}-{hit.last_utterance}"
    out.print(Text.assemble((visible(head), "bold"), f"  {hit.kind}{status}", f"  {day(hit.said_at)}"), soft_wrap=True)
    words = excerpts.excerpt(hit.recorded_text, terms) if is_decision else hit.recorded_text
    out.print(Text(visible(words)))
    where = f"{f'{hit.session}, ' if is_decision else ''}{span}, session {hit.session_id}"
    if hit.decision_id:
        where += f", decision {hit.decision_id}"
    out.print(Text(visible(where + doubted(hit.doubt)), style="dim"), soft_wrap=True)


def _session(out: Console, session: SessionAnswer) -> None:
    assumed = " (assumed)" if session.time_basis == "assumed" else ""
    title = session.title or session.source.rsplit("/", 1)[-1]
    out.print(Text.assemble((visible(title), "bold"), f"  {session.kind}  {day(session.started_at)}{assumed}"))
    facts = [f"{session.utterance_count} utterances", session.source, *session.notes]
    out.print(Text(visible(", ".join(facts)), style="dim"), soft_wrap=True)
    for line in session.lines:
        out.print(_line(line))
    if session.next_cursor:
        note(f"Go on with --cursor {session.next_cursor}.")


def _line(line: Line) -> Text:
    moment = clock(line.start_ms) if line.start_ms is not None else ""
    speaker = line.speaker or line.topic or line.role
    return Text.assemble(
        (f"{line.utterance_index:>5} {moment:>9} ", "dim"),
        (visible(speaker) + ": ", "cyan"),
        visible(line.recorded_text),
        (visible(doubted(line.doubt)), "dim"),
    )


def _tail(left_out: str | None, next_call: str | None) -> None:
    for line in (left_out, next_call):
        if line:
            note(line)


def counted(number: int, noun: str) -> str:
    """`1 item`, `2 items`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
