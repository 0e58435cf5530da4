"""`intent record` and `intent review`: what a person states, and what they say of decisions in the record."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import cast

import click

from ingest.records import PartKind, Status
from intent_server import record_review, record_statement
from intent_server.answers_record import Review
from intent_server.cli import output, output_review
from intent_server.cli.options import Command, chosen, group_store_option, json_option, moment, store_option
from intent_server.config import Actor, Settings
from intent_server.moments import utc_now
from intent_server.record_review import Correction, Piece
from intent_server.record_statement import Claimed, Stated

_KINDS: Sequence[tuple[PartKind, str]] = (
    ("rationale", "because"),
    ("alternative", "instead_of"),
    ("constraint", "constraint"),
)


def quotes_options(command: Command) -> Command:
    """`--because`, `--instead-of` and `--constraint`: quotes, each repeatable."""
    for name, told in (
        ("--constraint", "Words that say what had to be kept to; repeatable."),
        ("--instead-of", "Words that name what was not taken; repeatable."),
        ("--because", "Words that give the reason; repeatable."),
    ):
        command = click.option(name, multiple=True, metavar="QUOTE", help=told)(command)
    return command


def reason_option(*, required: bool) -> Callable[[Command], Command]:
    """`--reason`, kept with the act."""

    def made(command: Command) -> Command:
        return click.option("-m", "--reason", required=required, help="Why; kept with the act.")(command)

    return made


@click.command()
@click.option("--subject", required=True, help="What is decided about: a component, table, path, policy.")
@click.option("--choice", metavar="QUOTE", help="Words that say what was decided; with --say the whole if not given.")
@quotes_options
@click.option("--session", help="Where the words stand: a session's id or title; else the only one that holds them.")
@click.option("--say", metavar="WORDS", help="State it here and now; quotes are of these words ('-': standard input).")
@click.option("--supersedes", metavar="ID", help="The decision that this one replaces.")
@click.option(
    "--status",
    type=click.Choice(["proposed", "accepted", "declined"]),
    default="accepted",
    show_default=True,
    help="Whether it is settled.",
)
@click.option("--date", help="When it was decided: 2026-03-03, or with a time, UTC; else when the words were said.")
@json_option
@store_option
def record(  # noqa: PLR0913  one argument a flag
    subject: str,
    choice: str | None,
    session: str | None,
    say: str | None,
    supersedes: str | None,
    status: str,
    date: str | None,
    as_json: bool,
    store: Path | None,
    **quotes: tuple[str, ...],
) -> None:
    """Put a decision into the record, each part quoted from a session or from what you --say.

    The same again changes nothing; `intent review undo` takes it back.
    """
    if session and say:
        raise click.UsageError("Give --session or --say, not both: quotes stand in one of them.")
    statement = sys.stdin.read() if say == "-" else say
    if choice is not None and not choice.strip():
        raise click.UsageError("--choice is empty. Was a shell variable unset?")
    words = choice or statement
    if not words:
        raise click.UsageError("Give --choice with the words that say what was decided, or --say them.")
    settings = chosen(store)
    stated = Stated(
        subject=subject,
        parts=(Claimed("choice", words), *_claimed(quotes)),
        status=cast(Status, status),
        supersedes=supersedes,
        decided_at=moment("--date", date),
    )
    by, now = _who_and_when(settings)
    answer = record_statement.record_decision(settings, stated, by=by, now=now, session=session, statement=statement)
    output.as_json(answer) if as_json else output_review.recorded(answer)


@click.group(invoke_without_command=True)
@group_store_option
@click.pass_context
def review(context: click.Context) -> None:
    """See what waits for a person; ratify, dismiss, correct, split, merge or supersede decisions, and undo that."""
    if context.invoked_subcommand is None:
        nothing = {"session": None, "since": None, "doubtful": False, "cursor": None, "store": None}
        context.invoke(review_list, **nothing, limit=20, as_json=False)


@review.command("list")
@click.option("--session", help="Only of this session: its id or title.")
@click.option("--since", metavar="DATE", help="Only what came into the record since then.")
@click.option("--doubtful", is_flag=True, help="Only what is too weak to be delivered and in no answer.")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="Decisions on one page.")
@click.option("--cursor", help="Go on where the last page ended.")
@json_option
@store_option
def review_list(
    session: str | None,
    since: str | None,
    doubtful: bool,
    limit: int,
    cursor: str | None,
    as_json: bool,
    store: Path | None,
) -> None:
    """List what waits and why: contradictions, what lost its words, what is not delivered, what nobody looked at.

    Of each kind the most confident first.
    """
    begins = moment("--since", since)
    answer = record_review.waiting(
        chosen(store), session=session, since=begins, doubtful=doubtful, limit=limit, cursor=cursor
    )
    output.as_json(answer) if as_json else output_review.waiting(answer)


@review.command("show")
@click.argument("decision_id", metavar="ID")
@click.option(
    "--around",
    type=click.IntRange(0, 20),
    default=3,
    show_default=True,
    help="Utterances before and after each that it quotes.",
)
@json_option
@store_option
def review_show(decision_id: str, around: int, as_json: bool, store: Path | None) -> None:
    """Show a decision in its conversation, its words marked and its parts numbered, and what may be done with it."""
    answer = record_review.show(chosen(store), decision_id, around=around)
    output.as_json(answer) if as_json else output_review.shown(answer)


@review.command("ratify")
@click.argument("decision_ids", nargs=-1, required=True, metavar="ID...")
@reason_option(required=False)
@json_option
@store_option
def review_ratify(decision_ids: tuple[str, ...], reason: str | None, as_json: bool, store: Path | None) -> None:
    """Confirm decisions: from now on a person's word stands behind each."""
    settings = chosen(store)
    by, now = _who_and_when(settings)
    for decision_id in decision_ids:
        _show(record_review.ratify(settings, decision_id, by=by, now=now, reason=reason), as_json=as_json)


@review.command("dismiss")
@click.argument("decision_ids", nargs=-1, required=True, metavar="ID...")
@reason_option(required=True)
@json_option
@store_option
def review_dismiss(decision_ids: tuple[str, ...], reason: str, as_json: bool, store: Path | None) -> None:
    """Take wrong decisions out of answers; reading their source again does not bring them back."""
    settings = chosen(store)
    by, now = _who_and_when(settings)
    for decision_id in decision_ids:
        _show(record_review.dismiss(settings, decision_id, by=by, now=now, reason=reason), as_json=as_json)


@review.command("correct")
@click.argument("decision_id", metavar="ID")
@reason_option(required=True)
@click.option("--subject", help="What it is about.")
@click.option("--status", type=click.Choice(["proposed", "accepted", "declined", "superseded"]), help="How it stands.")
@click.option("--from", "valid_from", metavar="DATE", help="From when it holds.")
@click.option("--until", "valid_to", metavar="DATE", help="Until when it held.")
@click.option("--choice", metavar="QUOTE", help="The words that say what was decided.")
@quotes_options
@json_option
@store_option
def review_correct(  # noqa: PLR0913  one argument a flag
    decision_id: str,
    reason: str,
    subject: str | None,
    status: str | None,
    valid_from: str | None,
    valid_to: str | None,
    choice: str | None,
    as_json: bool,
    store: Path | None,
    **quotes: tuple[str, ...],
) -> None:
    """Mend a decision; given quotes stand in its session and replace all it has of their kind."""
    settings = chosen(store)
    parts = (*((Claimed("choice", choice),) if choice else ()), *_claimed(quotes))
    correction = Correction(
        subject=subject,
        status=cast(Status | None, status),
        valid_from=moment("--from", valid_from),
        valid_to=moment("--until", valid_to),
        parts=parts or None,
    )
    by, now = _who_and_when(settings)
    answer = record_review.correct(settings, decision_id, correction, by=by, now=now, reason=reason)
    _show(answer, as_json=as_json)


@review.command("split")
@click.argument("decision_id", metavar="ID")
@click.option("--choice", "choices", multiple=True, metavar="QUOTE", help="Words of one of the choices; two or more.")
@click.option(
    "--subject", "subjects", multiple=True, help="What the choice at the same place is about; else as it was."
)
@click.option(
    "--parts",
    multiple=True,
    metavar="2,3",
    help="Which numbered parts (`review show`) go with the choice at the same place, '-' for none; else the nearest.",
)
@reason_option(required=True)
@json_option
@store_option
def review_split(
    decision_id: str,
    choices: tuple[str, ...],
    subjects: tuple[str, ...],
    parts: tuple[str, ...],
    reason: str,
    as_json: bool,
    store: Path | None,
) -> None:
    """Make one decision into several, each with its own choice quoted from the same session."""
    for name, given in (("--subject", subjects), ("--parts", parts)):
        if len(given) > len(choices):
            raise click.UsageError(
                f"{len(given)} {name} for {len(choices)} --choice: the nth goes with the nth choice."
            )
    into = [
        Piece(quote, subject, None if numbers is None else record_review.part_numbers(numbers))
        for quote, subject, numbers in zip_longest(choices, subjects, parts)
    ]
    settings = chosen(store)
    by, now = _who_and_when(settings)
    _show(record_review.split(settings, decision_id, into, by=by, now=now, reason=reason), as_json=as_json)


@review.command("merge")
@click.argument("decision_id", metavar="ID")
@click.argument("others", nargs=-1, required=True, metavar="ID...")
@reason_option(required=False)
@json_option
@store_option
def review_merge(
    decision_id: str, others: tuple[str, ...], reason: str | None, as_json: bool, store: Path | None
) -> None:
    """Make several decisions of one session into the first: what the others quote restates it."""
    settings = chosen(store)
    by, now = _who_and_when(settings)
    _show(record_review.merge(settings, decision_id, others, by=by, now=now, reason=reason), as_json=as_json)


@review.command("supersede")
@click.argument("decision_id", metavar="OLDER")
@click.option("--by", "newer_id", required=True, metavar="NEWER", help="The decision that replaced it.")
@click.option("--from", "valid_from", metavar="DATE", help="From when the newer one holds; else as recorded.")
@reason_option(required=False)
@json_option
@store_option
def review_supersede(
    decision_id: str, newer_id: str, valid_from: str | None, reason: str | None, as_json: bool, store: Path | None
) -> None:
    """Say that a newer decision replaced this one: it held until the newer one began."""
    settings = chosen(store)
    by, now = _who_and_when(settings)
    since = moment("--from", valid_from)
    answer = record_review.supersede(settings, decision_id, newer_id, by=by, now=now, reason=reason, valid_from=since)
    _show(answer, as_json=as_json)


@review.command("undo")
@click.argument("decision_id", metavar="ID")
@reason_option(required=False)
@json_option
@store_option
def review_undo(decision_id: str, reason: str | None, as_json: bool, store: Path | None) -> None:
    """Take back the last thing done to a decision here; a review's id names the very act."""
    settings = chosen(store)
    by, now = _who_and_when(settings)
    _show(record_review.undo(settings, decision_id, by=by, now=now, reason=reason), as_json=as_json)


def _claimed(quotes: dict[str, tuple[str, ...]]) -> tuple[Claimed, ...]:
    return tuple(Claimed(kind, quote) for kind, name in _KINDS for quote in quotes[name])


def _who_and_when(settings: Settings) -> tuple[Actor, Callable[[], datetime]]:
    return Actor(settings.actor), utc_now


def _show(answer: Review, *, as_json: bool) -> None:
    output.as_json(answer) if as_json else output_review.reviewed(answer)
