"""Documents that a question found, as results to show: in which order, and with which words."""

from __future__ import annotations

from collections.abc import Mapping

from intent_server.answers import Hit
from intent_server.questions_index import Document, Found, Held, first
from intent_server.questions_passages import passage
from intent_server.questions_pointed import Pointed
from intent_server.questions_turns import Read
from intent_server.questions_verdict import search_weight
from intent_server.search_relevance import TOUCHES, conversation_relevance
from intent_server.store import load_sessions
from intent_server.store.connect import Db
from intent_server.store.load import Core
from intent_server.store.load_sessions import Head, Stretch
from intent_server.unclear import HARD_TO_HEAR

MAX_RESULTS = 150
"""Results of one search, over all its pages."""

_MAX_PASSAGES = 40
_NEAREST = 0.25  # without any of the words, a hit must be at least this near in meaning


def ranked(store: Held, found: Found) -> dict[int, float]:
    """Documents to show with their scores, best first, each place once.

    Without those that have no word and are far in meaning.
    """
    near = {
        number: score
        for number, score in found.scores.items()
        if number in found.matched or found.cosines.get(number, 0.0) >= _NEAREST
    }
    placed = store.documents(first(near, MAX_RESULTS))
    scores: dict[int, float] = {}
    for number, document in placed.items():
        core = store.cores.get(document.decision_id or "")
        if core is None and document.decision_id:
            continue
        scores[number] = found.scores[number] * (search_weight(core.authority, core.status) if core else 1.0)
    places: dict[tuple[str, str | None, int, int], int] = {}
    for number in first(scores, len(scores)):
        at = placed[number]
        places.setdefault((at.session_id, at.decision_id, at.first_utterance, at.last_utterance), number)
    return {number: scores[number] for number in places.values()}


def with_tied(store: Held, scores: Mapping[int, float], named: Pointed) -> dict[int, float]:
    """Before all other documents the decisions tied to places that the query names, strongest link first."""
    tied = dict.fromkeys((*named.links, *named.hints))
    if not tied:
        return dict(scores)
    best = max(scores.values(), default=1.0)
    numbers = store.numbers_of(tied)
    first = {numbers[one]: best + 1 - rank / len(tied) for rank, one in enumerate(tied) if one in numbers}
    return first | {number: score for number, score in scores.items() if number not in first}


def touching(found: Found) -> list[int]:
    """Documents of conversation that touch the question, best first."""
    talk = {number: score for number, score in found.scores.items() if number not in found.decisions}
    return [number for number in first(talk, _MAX_PASSAGES) if _touches(found, number)]


def hits(db: Db, store: Held, found: Found, scores: Mapping[int, float], read: Read | None = None) -> list[Hit]:
    """What is shown of each document, in the order given. `read`: what was read of some before."""
    read = read or Read()
    numbers = list(scores)
    placed = store.documents(numbers)
    names = store.names(dict.fromkeys(document.session_id for document in placed.values()))
    kept = [placed[number] for number in numbers if number in placed and placed[number].session_id in names]
    store.cores.have([document.decision_id for document in kept if document.decision_id])
    talk = [document for document in kept if document.decision_id is None]
    unread = [document for document in talk if document.document_no not in read.lines]
    stretches = [Stretch(at.session_id, at.first_utterance, at.last_utterance) for at in unread]
    spoken = load_sessions.lines(db, stretches) if stretches else []
    lines = {**read.lines, **dict(zip((document.document_no for document in unread), spoken, strict=True))}
    weights = found.weighed.term_weights()
    made: list[Hit] = []
    for document in kept:
        if document.decision_id is not None:
            made.append(_decision_hit(document, names[document.session_id], store.cores[document.decision_id], scores))
        elif said := lines[document.document_no]:
            told = passage(said, weights, gains=read.evidence_of(document.session_id, said))
            moment = next((line.said_at for line in said if line.said_at), names[document.session_id].started_at)
            shown = [one for one in said if told.first_utterance <= one.utterance_index <= told.last_utterance]
            facts = {
                "first_utterance": told.first_utterance,
                "last_utterance": told.last_utterance,
                "said_at": moment,
                "recorded_text": told.text,
                "doubt": next((one.doubt for one in shown if one.doubt is not None), None),
            }
            made.append(_hit(document, names[document.session_id], scores).model_copy(update=facts))
    return made


def _hit(document: Document, head: Head, scores: Mapping[int, float]) -> Hit:
    return Hit(
        kind="conversation",
        session_id=document.session_id,
        session=head.name,
        first_utterance=document.first_utterance,
        last_utterance=document.last_utterance,
        said_at=head.started_at,
        source=head.source,
        score=round(scores.get(document.document_no, 0.0), 4),
        recorded_text="",
    )


def _decision_hit(document: Document, head: Head, core: Core, scores: Mapping[int, float]) -> Hit:
    return _hit(document, head, scores).model_copy(
        update={
            "kind": "decision",
            "decision_id": core.decision_id,
            "subject": core.subject,
            "status": core.status,
            "authority": core.authority,
            "is_doubtful": core.is_doubtful or None,
            "doubt": HARD_TO_HEAR if core.is_unclear else None,
            "said_at": core.decided_at or head.started_at,
            "recorded_text": core.choice,
        }
    )


def _touches(found: Found, number: int) -> bool:
    share = found.weighed.share(found.matched.get(number, frozenset()))
    cosine = found.weighed.asked.nearness(found.cosines.get(number, 0.0))
    return conversation_relevance(share=share, cosine=cosine) >= TOUCHES
