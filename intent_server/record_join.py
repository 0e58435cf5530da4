"""Part of the write side: several decisions become one; what the others quote restates it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.records import Span
from intent_server.answers_record import Review
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.embed_models import chosen_model
from intent_server.errors import BadRequest
from intent_server.moments import Now
from intent_server.record_acts import acting, settle_all, shown, standing
from intent_server.record_correct import index_again
from intent_server.record_divide import check_unlinked, end
from intent_server.record_quotes import clean
from intent_server.store.connect import Db
from intent_server.store.ids import ids
from intent_server.store.review import Done, add_act, same_words
from intent_server.store.review_moves import Version, versions
from intent_server.store.review_state import PartChange, part_ids, put, rows_of
from intent_server.store.rows import Row, evidence_row


@dataclass(frozen=True, slots=True)
class _Joined:
    """A part of the one decision: what it says, where, and of the keeper's parts the one that it was."""

    kind: str
    text: str
    spans: tuple[Span, ...]
    about: int | None
    """Position among the joined parts."""
    was: Version | None = None


def merge(
    settings: Settings,
    decision_id: str,
    others: Sequence[str],
    *,
    by: Actor,
    now: Now,
    reason: str | None = None,
    embedder: Callable[[], Embedder] | None = None,
) -> Review:
    """Make several decisions of one session into the first of them: it keeps its id, choice, subject, status and times.

    What the others choose restates its choice; parts that say the same in the same words are one part with several
    quotes, other parts come to it. The others are closed, and history says into what they were merged.
    Raises: NotFound, AmbiguousId; BadRequest for none but itself, decisions of several sessions, or one that replaced
    another one or was replaced.
    """
    why = None if reason is None else clean(reason, "reason")
    model = (embedder or chosen_model(settings))()
    with acting(settings, by, now) as act:
        full, _ = standing(act.db, decision_id)
        gone = list(dict.fromkeys(standing(act.db, one)[0] for one in others))
        if not gone or full in gone:
            raise BadRequest(f"Decision {full} is merged with itself only. Name the others that say the same.")
        rows = rows_of(act.db, full)
        session_id = str(rows[-1]["session_id"])
        for one in gone:
            check_unlinked(act.db, one)
            if (there := str(rows_of(act.db, one)[-1]["session_id"])) != session_id:
                raise BadRequest(
                    f"Decision {one} stands in session {there}, {full} in {session_id}. Merge what one session says; "
                    "of two sessions say with supersede which replaced the other, or dismiss one."
                )
        told = [_open(act.db, one) for one in (full, *gone)]
        change = _change(full, session_id, told, ids(act.trail.now))
        done = Done("merged", why, changes={"parts": part_ids(change), "gave_way": gone})
        add_act(act.db, act.trail, by, full, done)
        end(act, gone, f"merged into {full}")
        put(act.db, act.trail, rows_of(act.db, full), reason="merged", parts=change)
        settle_all(act, [full], reason="merged")
        index_again(act.db, full, model)
        return Review(action="merge", decision=shown(act.db, full), closed=gone)


def _open(db: Db, decision_id: str) -> list[Version]:
    return [one for one in versions(db, decision_id) if one.row["recorded_to"] is None]


def _change(decision_id: str, session_id: str, told: Sequence[Sequence[Version]], new: Iterator[str]) -> PartChange:
    """The versions of parts that end and begin. `told`: the open parts of the keeper, then of the others."""
    joined = _joined(session_id, told)
    fresh = [one for one in joined if not _is_as_it_was(one, session_id, joined)]
    named = {id(one): next(new) for one in fresh}
    first = 1 + max(int(str(one.row["position"])) for one in told[0])
    added: list[Row] = []
    evidence: list[Row] = []
    for number, one in enumerate(fresh):
        about = None if one.about is None else _id_of(joined[one.about], named)
        added.append(
            {
                "part_id": named[id(one)],
                "decision_id": decision_id,
                "position": first + number if one.was is None else one.was.row["position"],
                "kind": one.kind,
                "about_part_id": about,
                "text": one.text,
            }
        )
        evidence += [evidence_row(span, next(new), named[id(one)], decision_id, session_id) for span in one.spans]
    return PartChange([one.was.part_id for one in fresh if one.was is not None], added, evidence)


def _joined(session_id: str, told: Sequence[Sequence[Version]]) -> list[_Joined]:
    """All parts, each once: the keeper's as they are, with what the others say of them."""
    made: list[_Joined] = []
    for number, own in enumerate(told):
        places: dict[str, int] = {}
        for one in sorted(own, key=lambda version: (version.about is not None, version.row["kind"] != "choice")):
            about = None if one.about is None else places.get(one.about)
            kind, text = str(one.row["kind"]), str(one.row["text"])
            spans = one.spans.get(session_id, ())
            at = _same(made, kind, text, about) if number else None
            if at is None:
                places[one.part_id] = len(made)
                made.append(_Joined(kind, text, spans, about, None if number else one))
            else:
                places[one.part_id] = at
                more = tuple(span for span in spans if span not in made[at].spans)
                made[at] = replace(made[at], spans=(*made[at].spans, *more))
    return made


def _same(made: Sequence[_Joined], kind: str, text: str, about: int | None) -> int | None:
    """Which of the parts says the same: there is one choice; others are compared by their words."""
    for at, one in enumerate(made):
        if one.kind == kind and (kind == "choice" or (one.about == about and same_words(one.text) == same_words(text))):
            return at
    return None


def _is_as_it_was(one: _Joined, session_id: str, joined: Sequence[_Joined]) -> bool:
    """Whether a part of the keeper stays: it got no quote, nor did the part that it speaks about."""
    if one.was is None or one.spans != one.was.spans.get(session_id, ()):
        return False
    return one.about is None or _is_as_it_was(joined[one.about], session_id, joined)


def _id_of(one: _Joined, named: dict[int, str]) -> str:
    return named.get(id(one)) or (one.was.part_id if one.was is not None else "")
