"""Pure: answers made to fit a number of characters, least important things first, saying what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableSequence
from typing import TypeAlias, TypeVar

from intent_server.answers import (
    Answer,
    Change,
    Claim,
    Decision,
    Event,
    Get,
    History,
    Hit,
    Line,
    Quote,
    Search,
    SessionAnswer,
    Version,
    Why,
)
from intent_server.answers_record import Numbered, Recorded, Review, Waiting
from intent_server.questions_passages import CUT, shortened

Fitted = TypeVar("Fitted", Why, Search, Get, History, Recorded, Review)
Fittable: TypeAlias = Why | Search | Get | History | Recorded | Review
T = TypeVar("T")

_NOTE_CHARS = 260  # what `left_out` may take, kept free from the start
_PAGE_TEXTS = (7000, 6000, 5000, 4000, 3000, 2000, 1000)  # the same for the only utterance on a page
_SHORT_TEXTS = (2000, 1000, 500, 250, 120, 60)  # limits tried in turn when single texts are too long


def size(answer: Answer) -> int:
    """Characters of the answer as compact JSON, without fields that say nothing."""
    return len(answer.model_dump_json(exclude_none=True))


def fit(answer: Fitted, max_chars: int, measure: Callable[[Answer], int] = size) -> Fitted:
    """The answer, or a copy without its least important parts that measures at most `max_chars`.

    What went is told in `left_out` with how to get it. Quotes go as a whole; single texts are cut only when nothing
    else is left to drop, with a mark where. Some 1,400 characters are the least that a decision takes.
    """
    if measure(answer) <= max_chars:
        return answer
    fitted = answer.model_copy(deep=True)
    room = max_chars - _NOTE_CHARS
    told: dict[str, int] = {}
    for what in _steps(fitted):
        told[what] = told.get(what, 0) + 1
        if measure(fitted) <= room:
            break
    fitted.left_out = _told(answer, told)
    return fitted


def _steps(answer: Fittable) -> Iterator[str]:
    """Takes one thing at a time out of the answer, least important first, and says what it was."""
    if isinstance(answer, Why):
        yield from _why_steps(answer)
    elif isinstance(answer, Search):
        yield from _page_steps(answer, answer.hits, "results")
    elif isinstance(answer, History):
        for event in reversed(answer.events):
            yield from _event_steps(event)
        yield from _page_steps(answer, answer.events, "decisions")
    elif isinstance(answer, Get):
        yield from _session_steps(answer)
    elif isinstance(answer, Review):
        yield from _page_steps(answer, answer.waiting, "waiting decisions")
        yield from _context_steps(answer)
    if not isinstance(answer, Why):
        for decision in reversed(_decisions(answer)):
            yield from _decision_steps([decision])
    for limit in _SHORT_TEXTS:
        yield from _cut_texts(answer, limit)


def _why_steps(answer: Why) -> Iterator[str]:
    """Conversation, then what is beside the decisions, then they themselves."""
    yield from _popped(answer.discussed, 1, "results")
    for kept in (2, 0):
        yield from _popped(answer.changes, kept, "details")
        for node in answer.nodes:
            yield from _popped(node.runs, kept // 2, "details")
            yield from _popped(node.made_in, 3 * kept // 2, "details")
        yield from _popped(answer.nodes, 1, "details")
        if kept:
            yield from _decision_steps(answer.decisions)


def _page_steps(answer: Search | History | Review, items: MutableSequence[T], what: str) -> Iterator[str]:
    """Items go from the end, and the next page begins where they went."""
    ends = int(answer.next_cursor) if answer.next_cursor else answer.total
    while len(items) > 1:
        items.pop()
        ends -= 1
        answer.next_cursor = str(ends)
        yield what


def _event_steps(event: Event) -> Iterator[str]:
    """Acts that were undone, then what was held between the first version and the last."""
    undone = [review for review in event.reviews if review.undone_at is not None]
    for review in undone:
        event.reviews.remove(review)
        yield "details"
    while len(event.versions) > 2:
        event.versions.pop(-2)
        yield "details"


def _session_steps(answer: Get) -> Iterator[str]:
    """Utterances go from the end and the next page begins there; around an evidence row, the outermost ones go."""
    if answer.session is None:
        return
    lines = answer.session.lines
    middle = answer.evidence.place.utterance_index if answer.evidence else None
    while len(lines) > 1:
        if middle is not None and middle - lines[0].utterance_index > lines[-1].utterance_index - middle:
            lines.pop(0)
        else:
            answer.session.next_cursor = str(lines.pop().utterance_index)
        yield "utterances"
    if middle is None and lines:
        yield from _parts_of(lines[0], answer.session)


def _parts_of(line: Line, session: SessionAnswer) -> Iterator[str]:
    """An utterance that fills more than a page goes on with the next one."""
    whole, begin = line.recorded_text, line.from_char or 0
    for limit in _PAGE_TEXTS:
        if len(whole) > limit:
            cut = max(whole.rfind(" ", limit // 2, limit), whole.rfind("\n", limit // 2, limit)) + 1 or limit
            line.recorded_text = f"{whole[:cut]}{CUT}"
            session.next_cursor = f"{line.utterance_index}.{begin + cut}"
            yield "texts cut, to go on at next_cursor"


def _context_steps(answer: Review) -> Iterator[str]:
    """Utterances round the evidence go first, from the end; those that are quoted stay."""
    for line in [line for line in reversed(answer.context) if not line.evidence]:
        answer.context.remove(line)
        yield "utterances"


def _decision_steps(decisions: list[Decision]) -> Iterator[str]:
    """Of later decisions first, then of the first: extra quotes, what is beside the point, then whole claims."""
    for decision in reversed(decisions):
        yield from _extra_quotes(decision)
    yield from _popped(decisions, 2, "decisions")
    for decision in reversed(decisions):
        for extras in (decision.consequences, decision.objections):
            yield from _popped(extras, 0, "details")
        yield from _popped(decision.links, 0, "details")
    yield from _popped(decisions, 1, "decisions")
    for decision in decisions:
        claims = (decision.constraints, decision.alternatives, decision.rationale)
        for kept in (3, 1):
            for some in claims:
                yield from _popped(some, kept, "details")
        yield from _popped(decision.people, 0, "details")
        for some in claims:
            yield from _popped(some, 0, "details")


def _popped(items: MutableSequence[T], keep: int, what: str) -> Iterator[str]:
    """Takes items away from the end until `keep` are left."""
    while len(items) > keep:
        items.pop()
        yield what


def _extra_quotes(decision: Decision) -> Iterator[str]:
    for claim in _claims(decision):
        while len(claim.quotes) > 1:
            claim.quotes.pop()
            yield "further quotes"


def _claims(decision: Decision) -> Iterator[Claim]:
    groups = (decision.consequences, decision.objections, decision.constraints, decision.alternatives)
    for claims in (*groups, decision.rationale, [decision.choice]):
        for claim in claims:
            yield from claim.reasons
            yield claim


def _decisions(answer: Fittable) -> list[Decision]:
    """The whole decisions in an answer, the most important first."""
    if isinstance(answer, Why):
        return answer.decisions
    if isinstance(answer, Review):
        return [one for one in (answer.decision, answer.other, *answer.became) if one is not None]
    if isinstance(answer, Get | Recorded):
        return [answer.decision] if answer.decision is not None else []
    return []


def _cut_texts(answer: Fittable, limit: int) -> Iterator[str]:
    """Cuts every text that is longer than the limit, at once."""
    texts: list[Hit | Line | Quote | Event | Version | Waiting | Change | Numbered] = []
    if isinstance(answer, Get):
        texts += answer.session.lines if answer.session else []
        texts += [answer.evidence] if answer.evidence else []
    elif isinstance(answer, History):
        texts += answer.events
        texts += [version for event in answer.events for version in event.versions]
    elif isinstance(answer, Why):
        texts += [*answer.discussed, *answer.changes]
        yield from _cut_facts(answer, limit)
    elif isinstance(answer, Search):
        texts += answer.hits
    elif isinstance(answer, Review):
        texts += [*answer.waiting, *answer.context, *answer.parts]
    claims = [claim for decision in _decisions(answer) for claim in _claims(decision)]
    texts += [quote for claim in claims for quote in claim.quotes]
    cut = 0
    for text in texts:
        cut += len(text.recorded_text) > limit
        text.recorded_text = shortened(text.recorded_text, limit)
    if cut:
        yield "texts cut at […]"


def _cut_facts(answer: Why, limit: int) -> Iterator[str]:
    """What links rest on, and what engines said, cut as texts are."""
    cut = 0
    links = [link for one in answer.decisions for link in (*one.links, *([one.came_by] if one.came_by else []))]
    for link in links:
        cut += len(link.evidence or "") > limit
        link.evidence = shortened(link.evidence, limit) if link.evidence else None
    for run in (run for node in answer.nodes for run in node.runs):
        cut += len(run.recorded_text or "") > limit
        run.recorded_text = shortened(run.recorded_text, limit) if run.recorded_text else None
    if cut:
        yield "texts cut at […]"


def _told(answer: Fittable, told: dict[str, int]) -> str:
    listed = ", ".join(
        what if what.startswith("texts") else f"{count} {what if count > 1 else what.removesuffix('s')}"
        for what, count in told.items()
    )
    remedy: str
    if isinstance(answer, History):
        remedy = "go on with next_cursor, or ask of one decision_id"
    elif isinstance(answer, Search):
        remedy = "go on with next_cursor, or `get` an id"
    elif isinstance(answer, Get):
        remedy = "go on with next_cursor" if answer.session else "`get` an evidence id, or --json on the command line"
    elif isinstance(answer, Review) and answer.waiting:
        remedy = "go on with next_cursor, or `get` an id"
    elif decisions := _decisions(answer):
        remedy = f"`get` a decision's id shows it whole, for example {decisions[0].decision_id}"
    else:
        remedy = "`search` pages through them"
    earlier = f"{answer.left_out} " if answer.left_out else ""
    return f"{earlier}Left out to fit: {listed}; {remedy}."
