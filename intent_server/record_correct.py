"""Part of the write side: the parts of a decision quoted anew, and its place in the search index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.records import Span
from intent_server.embed import Embedder
from intent_server.errors import BadRequest
from intent_server.record_acts import Acting
from intent_server.record_quotes import Claimed, checked, placed
from intent_server.search_documents import index_documents
from intent_server.store.connect import Db
from intent_server.store.held import candidate_of
from intent_server.store.ids import ids
from intent_server.store.index import Model, index_decision
from intent_server.store.review_moves import Version, versions
from intent_server.store.review_state import PartChange, rows_of, states
from intent_server.store.rows import Row, evidence_row


def corrected_parts(act: Acting, decision_id: str, claims: Sequence[Claimed]) -> PartChange | None:
    """The versions of parts that end and begin when these are given: they replace all of their kinds.

    An alternative takes the reasons it was not taken for with it; the reasons of the choice are another kind.
    None where they stand so already.
    Raises: QuotesMissing; BadRequest for two choices.
    """
    known = checked(claims)
    if sum(claim.kind == "choice" for claim in known) > 1:
        raise BadRequest("Two choices are given; a decision has one. Record the other one for itself.")
    session_id = str(rows_of(act.db, decision_id)[-1]["session_id"])
    told = [one for one in versions(act.db, decision_id) if one.row["recorded_to"] is None]
    spans = placed(act.db, known, session=session_id, utterance=_utterance_of(told, session_id)).spans
    closed = _replaced(told, known)
    quoted = [(one.kind, one.about is not None, (span,)) for one, span in zip(known, spans, strict=True)]
    if _said(told, closed, session_id) == quoted:
        return None
    new = ids(act.trail.now)
    part_ids = [next(new) for _ in known]
    first = 1 + max(int(str(one.row["position"])) for one in told)
    added: list[Row] = []
    evidence: list[Row] = []
    for number, (claim, span) in enumerate(zip(known, spans, strict=True)):
        about = None if claim.about is None else part_ids[claim.about]
        added.append(
            {
                "part_id": part_ids[number],
                "decision_id": decision_id,
                "position": first + number,
                "kind": claim.kind,
                "about_part_id": about,
                "text": span.quote,
            }
        )
        evidence.append(evidence_row(span, next(new), part_ids[number], decision_id, session_id))
    return PartChange(closed, added, evidence)


def index_again(db: Db, decision_id: str, embedder: Embedder) -> None:
    """Make the search index hold a decision as it stands."""
    state = states(db, [decision_id])[decision_id]
    documents = index_documents((), [(0, candidate_of(state))], embedder)
    model = Model(embedder.name, embedder.revision)
    index_decision(db, str(state["session_id"]), decision_id, documents, model)


def _utterance_of(told: Sequence[Version], session_id: str) -> int | None:
    """Where the choice stands as it is: of several places with the new words the nearest to it is meant."""
    choices = (one.spans.get(session_id, ()) for one in told if one.row["kind"] == "choice")
    return next((spans[0].utterance_index for spans in choices if spans), None)


def _said(
    told: Sequence[Version], part_ids: Sequence[str], session_id: str
) -> list[tuple[str, bool, tuple[Span, ...]]]:
    """Kind, whether it is about another part, and quotes of these parts."""
    return [
        (str(one.row["kind"]), one.about is not None, one.spans.get(session_id, ()))
        for one in told
        if one.part_id in part_ids
    ]


def _replaced(told: Sequence[Version], claims: Iterable[Claimed]) -> list[str]:
    kinds = {one.part_id: str(one.row["kind"]) for one in told}

    def group(kind: str, about: str | None) -> str:
        """Reasons of an alternative belong to it."""
        return "alternative" if about is not None and kinds.get(about) == "alternative" else kind

    given = {claim.kind if claim.about is None else "alternative" for claim in claims}
    return [one.part_id for one in told if group(str(one.row["kind"]), one.about) in given]
