"""A subject's decisions over time, to the terminal; and what was asked of another time."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.text import Text

from ingest.text import visible
from intent_server.answers import Event, History, ReviewEntry, Version
from intent_server.cli.output import heard, note, stdout

_LABEL_WIDTH = 14


def history(answer: History) -> None:
    """One block a decision, oldest decided first: when it held, its words, what the record said when, who reviewed."""
    out = stdout()
    for number, event in enumerate(answer.events):
        if number:
            out.print()
        _event(out, event)
    heard(answer.subject_heard_until)
    if answer.next_cursor:
        note(f"{answer.total} decisions; go on with --cursor {answer.next_cursor}.")
    if answer.left_out:
        note(answer.left_out)


def times(as_of: datetime | None, known_at: datetime | None, remark: str | None) -> None:
    """On stderr, what the answer is as of."""
    parts = []
    if as_of is not None:
        parts.append(f"what held at {_minute(as_of)}")
    if known_at is not None:
        parts.append(f"what the record knew at {_minute(known_at)}")
    if parts:
        note(f"Only {' and '.join(parts)}.")
    if remark:
        note(remark)


def _event(out: Console, event: Event) -> None:
    held = "" if event.is_held else "  no longer held"
    out.print(
        Text.assemble(
            (_day(event.decided_at), "bold"),
            " (assumed)  " if event.date_basis == "assumed" else "  ",
            (visible(event.subject), "bold"),
            f"  {event.status}",
            (f"  ({event.authority})", "dim"),
            "  waits for review" if event.is_doubtful and event.is_held else "",
            (held, "bold"),
        ),
        soft_wrap=True,
    )
    doubted = f"  (uncertain words: {event.doubt})" if event.doubt else ""
    _fact(out, "choice", f"“{event.recorded_text}”{doubted}")
    last = event.versions[-1]
    _fact(out, "held", f"{_day(last.valid_from)} {_held_until(last, is_held=event.is_held)}")
    for older in event.supersedes:
        _fact(out, "replaced", older)
    for newer in event.superseded_by:
        _fact(out, "replaced by", newer)
    for number, version in enumerate(event.versions):
        _fact(out, "" if number else "record", _version(version))
    if event.dropped_because:
        ended = f"{_minute(last.recorded_to)}  " if last.recorded_to else ""
        _fact(out, "", f"{ended}dropped: {event.dropped_because}")
    for number, review in enumerate(event.reviews):
        _fact(out, "" if number else "reviews", _review(review))
    _fact(out, "said in", ", ".join(dict.fromkeys((event.session, event.source.rsplit("/", 1)[-1]))))
    _fact(out, "id", event.decision_id)


def _held_until(version: Version, *, is_held: bool) -> str:
    if version.valid_to:
        return f"to {_day(version.valid_to)}"
    if not is_held:
        return "until it was dropped from the record"
    return "until replaced, nobody says when" if version.status == "superseded" else "to now"


def _version(version: Version) -> str:
    until = f", until {_day(version.valid_to)}" if version.valid_to else ""
    because = f"  ({version.because})" if version.because else ""
    return f"{_minute(version.recorded_from)}  {version.status} ({version.authority}){until}{because}"


def _review(review: ReviewEntry) -> str:
    by = review.actor if review.client is None else f"{review.actor} via {review.client}"
    why = f": {review.reason}" if review.reason else ""
    undone = f"  (undone {_minute(review.undone_at)})" if review.undone_at else ""
    return f"{_minute(review.recorded_from)}  {review.action} by {by}{why}{undone}"


def _fact(out: Console, label: str, text: str) -> None:
    out.print(Text.assemble((f"  {label:<{_LABEL_WIDTH}}", "cyan"), visible(text)), soft_wrap=True)


def _day(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d") if moment else "undated"


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
