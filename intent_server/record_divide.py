"""Part of the write side: one decision becomes several, each with its own words for what was chosen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

from ingest.extract.propose_subject import subject
from ingest.records import (
    Candidate,
    Method,
    Part,
    Person,
    PersonRole,
    Reference,
    Relation,
    Session,
    Span,
    Status,
    TimeBasis,
)
from ingest.text import folded
from intent_server.answers_record import Review
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.embed_models import chosen_model
from intent_server.errors import BadRequest
from intent_server.moments import Now
from intent_server.record_acts import Acting, acting, settle_all, shown, standing
from intent_server.record_correct import index_again
from intent_server.record_quotes import Claimed, checked, clean, placed
from intent_server.record_supersede import superseders
from intent_server.store.change import close_decisions, replaced_by
from intent_server.store.connect import Db
from intent_server.store.held import candidate_of
from intent_server.store.ids import ids
from intent_server.store.index import unindex_decision
from intent_server.store.review import Done, add_act
from intent_server.store.review_state import states
from intent_server.store.rows import Row, decision_content, decision_fingerprint, decision_rows, fetched
from intent_server.store.save import insert_decisions

EXTRACTOR = "split/1"
_KINDS = ("rationale", "alternative", "constraint", "objection", "consequence")
"""In the order in which the parts of a decision are shown and numbered."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the decisions that another becomes: the words that choose, and which numbered parts go with them.

    `subject`: None keeps that of the whole. `parts`: numbers as `show` has them; None leaves it to nearness.
    """

    choice: str
    subject: str | None = None
    parts: tuple[int, ...] | None = None


def part_numbers(text: str) -> tuple[int, ...]:
    """The numbers in `2,3`; none in an empty text or `-`.

    Raises: BadRequest.
    """
    named = [] if text.strip() in ("", "-") else [one.strip() for one in text.split(",")]
    if odd := [one for one in named if not (one.isascii() and one.isdigit() and len(one) < 5)]:
        raise BadRequest(
            f"'{odd[0][:20]}' is no part's number. Write 2,3 as `review show` numbers them, or - for none."
        )
    return tuple(map(int, named))


def split(
    settings: Settings,
    decision_id: str,
    into: Sequence[Piece],
    *,
    by: Actor,
    now: Now,
    reason: str,
    embedder: Callable[[], Embedder] | None = None,
) -> Review:
    """Make one decision into several, each with its own choice, quoted from the same session.

    Parts that no piece names go with the choice nearest to them; reasons against an alternative go with it. The people,
    status and times of the whole are those of each. It is closed, and history names what it became.
    Raises: QuotesMissing, NotFound, AmbiguousId; BadRequest for fewer than two pieces, two with the same words, a part
    that it has not, or a decision that replaced another one or was replaced.
    """
    why = clean(reason, "reason")
    if len(into) < 2:
        raise BadRequest(f"{len(into)} choices are given: a decision is split into two or more. Quote each.")
    model = (embedder or chosen_model(settings))()
    with acting(settings, by, now) as act:
        full, _ = standing(act.db, decision_id)
        check_unlinked(act.db, full)
        state = states(act.db, [full])[full]
        made = [_put(act, state, one) for one in _pieces(act.db, state, into)]
        add_act(act.db, act.trail, by, full, Done("split", why, changes={"became": made}))
        end(act, [full], f"split into {' and '.join(made)}")
        settle_all(act, made, reason="split off")
        for one in made:
            index_again(act.db, one, model)
        became = [decision for one in made if (decision := shown(act.db, one)) is not None]
        return Review(action="split", became=became, closed=[full])


def numbered_positions(parts: Sequence[Part]) -> list[int]:
    """The positions of the parts that are numbered, in that order: all but the choice and reasons of alternatives."""
    whole = [at for at, part in enumerate(parts) if not _is_reason_against(parts, part)]
    return sorted((at for at in whole if parts[at].kind in _KINDS), key=lambda at: (_KINDS.index(parts[at].kind), at))


def _is_reason_against(parts: Sequence[Part], part: Part) -> bool:
    return part.kind == "rationale" and part.about is not None and parts[part.about].kind == "alternative"


def _pieces(db: Db, state: Row, into: Sequence[Piece]) -> list[Candidate]:
    """The decisions that one becomes, before they are written."""
    whole = candidate_of(state)
    claims = checked([Claimed("choice", one.choice) for one in into])
    choices = placed(db, claims, session=str(state["session_id"])).spans
    if twice := [span.quote for span, count in Counter(choices).items() if count > 1]:
        raise BadRequest(
            f"Two of the choices are the same words, “{folded(twice[0], 60)}”. Quote what tells them apart."
        )
    numbers = numbered_positions(whole.parts)
    wanted = _divided(whole.parts, numbers, choices, into)
    people = tuple(Person(name, role) for name, role in _people(state))
    references = tuple(_references(db, str(state["decision_id"])))
    return [
        replace(
            whole,
            subject=folded(clean(one.subject, "subject")) if one.subject else subject(choice.quote, whole=choice.quote),
            authority="recorded",
            confidence=1.0,
            extractor=EXTRACTOR,
            parts=_parts(whole.parts, choice, own),
            decided_at=_said_at(db, state, choice),
            is_doubtful=False,
            status=cast(Status, state["status"]),
            people=people,
            references=references,
        )
        for one, choice, own in zip(into, choices, wanted, strict=True)
    ]


def _divided(
    parts: Sequence[Part], numbers: Sequence[int], choices: Sequence[Span], into: Sequence[Piece]
) -> list[list[int]]:
    """Of each piece the positions of its parts, reasons of alternatives with them."""
    named: dict[int, list[int]] = {}
    for at, one in enumerate(into):
        for number in one.parts or ():
            if not 1 <= number <= len(numbers):
                raise BadRequest(
                    f"Part {number} is none of the {len(numbers)} that the decision has; `review show` numbers them."
                )
            named.setdefault(numbers[number - 1], []).append(at)
    free = [at for at, one in enumerate(into) if one.parts is None] or list(range(len(into)))
    found: list[list[int]] = [[] for _ in into]
    for position in numbers:
        span = parts[position].spans[0]
        nearest = min(free, key=lambda at: (_distance(span, choices[at]), at))
        for at in dict.fromkeys(named.get(position, [nearest])):
            found[at].append(position)
            found[at] += [
                other for other, part in enumerate(parts) if _is_reason_against(parts, part) and part.about == position
            ]
    return found


def _distance(span: Span, choice: Span) -> tuple[int, int]:
    return abs(span.utterance_index - choice.utterance_index), abs(span.start_char - choice.start_char)


def _parts(parts: Sequence[Part], choice: Span, own: Iterable[int]) -> tuple[Part, ...]:
    positions = list(dict.fromkeys(own))
    moved = {old: new for new, old in enumerate(positions, start=1)}
    about = [parts[at].about for at in positions]
    kept = [
        replace(parts[at], about=None if of is None else moved.get(of)) for at, of in zip(positions, about, strict=True)
    ]
    return (Part("choice", (choice,)), *kept)


def _people(state: Row) -> list[tuple[str, PersonRole]]:
    return [(str(name), cast(PersonRole, role)) for name, role in json.loads(str(state["people"] or "[]"))]


def _references(db: Db, decision_id: str) -> list[Reference]:
    """What the whole's source names outside the store: each piece is tied to it too."""
    rows = fetched(db, "links_of_decisions", ids=json.dumps([decision_id]))
    kept = [row for row in rows if row["decision_id"] == decision_id]
    return [
        Reference(
            cast(Relation, row["relation"]), str(row["target_kind"]), str(row["target"]), cast(Method, row["method"])
        )
        for row in kept
        if row["target_kind"] not in ("decision", "record", "superseded_by")
    ]


def _said_at(db: Db, state: Row, choice: Span) -> datetime | None:
    """When the words were said; where that is not known, when the whole was."""
    given = {"session_id": str(state["session_id"]), "utterance_index": choice.utterance_index}
    row = next(fetched(db, "said_at", **given), None)
    said = row["said_at"] if row is not None and row["said_at"] is not None else state["decided_at"]
    return None if said is None else datetime.fromisoformat(str(said)).replace(tzinfo=UTC)


def _put(act: Acting, state: Row, made: Candidate) -> str:
    """Write one of the decisions that another becomes; its id."""
    session_id, whole = str(state["session_id"]), str(state["decision_id"])
    given = {"session_id": session_id, "utterance_index": made.parts[0].spans[0].utterance_index}
    basis = next((row["time_basis"] for row in fetched(act.db, "said_at", **given)), "unknown")
    session = Session(kind="", native_id="", utterances=(), kept=0, time_basis=cast(TimeBasis, basis))
    rows = decision_rows(made, session, session_id=session_id, new=ids(act.trail.now), now=act.trail.now)
    decision_id = str(rows["decisions"][0]["decision_id"])
    insert_decisions(act.db, [rows])
    mark = decision_fingerprint(decision_content(made, session))
    act.trail.note("add", "decision", decision_id, after=mark)
    changes = {
        name: state[name]
        for name in ("valid_from", "valid_to")
        if state[name] is not None and state[name] != (state["decided_at"] if name == "valid_from" else None)
    }
    add_act(act.db, act.trail, act.by, decision_id, Done("split_off", None, whole, changes))
    return decision_id


def end(act: Acting, decision_ids: Sequence[str], reason: str) -> None:
    """Close decisions that became others, and take them out of the index."""
    close_decisions(act.db, act.trail, decision_ids, reason=reason)
    for one in decision_ids:
        unindex_decision(act.db, one)


def check_unlinked(db: Db, decision_id: str) -> None:
    """Nothing where a decision may end without what it replaced coming back, or what replaced it losing its sense.

    Raises: BadRequest.
    """
    if after := superseders(db, decision_id):
        problem = f"was replaced by {', '.join(after)}"
    elif before := replaced_by(db, decision_id):
        problem = f"replaced {', '.join(before)}"
    else:
        return
    raise BadRequest(f"Decision {decision_id} {problem}. Undo that first; then say it of what stands afterwards.")
