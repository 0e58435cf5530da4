"""The answer to `why`: what the subject names, else what the question finds, judged, with a verdict over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from ingest.language_names import skipped_language
from intent_server.answers import Decision, Hit, LinkAnswer, Why
from intent_server.questions_alike import never_said, never_told
from intent_server.questions_anchors import OF_LINES
from intent_server.questions_asker import Asker, check_limit, in_names_of, names_note, words_about, words_of
from intent_server.questions_heard import heard_until, is_read, model_note, subject_heard_until
from intent_server.questions_hits import hits, touching
from intent_server.questions_index import Found, Held, find
from intent_server.questions_judge import candidates, fits
from intent_server.questions_passages import shortened
from intent_server.questions_past import NOW, Moment, searched
from intent_server.questions_places import changes_of, elsewhere, nodes_of
from intent_server.questions_pointed import Pointed, pointed, pointed_in, within_files
from intent_server.questions_subject import is_identifier
from intent_server.questions_verdict import Judged, is_replaced, verdict
from intent_server.search import Floats, says_something
from intent_server.search_fit import RELEVANT, decision_relevance
from intent_server.store import load, load_sessions
from intent_server.store.connect import Db

_FAR_BELOW = 0.3  # of the best one's relevance; what is less relevant is not shown beside it
_METHOD_WEIGHT = {"explicit": 0.4, "same_change": 0.3, "blame": 0.2, "name": 0.1}
_OF_LINES = 2.0  # more than relation and method together: a file's decisions come after those of the line
_HINT = 0.2  # of a link to what a question mentions: as much as a few of its words
_JUDGED = 8  # decisions over which a verdict is made; more are counted only


def answered(
    asker: Asker, question: str, subject: str | None, limit: int, moment: Moment = NOW, *, doubtful: bool = False
) -> Why:
    """See `questions.why`."""
    name = (subject or "").strip()
    text = question.strip() if says_something(question) or not name else ""  # "why?" of a subject asks for the subject
    words = words_about(text) if text or not name else words_of(name, "subject")
    check_limit(limit)
    with searched(asker, moment, doubtful=doubtful) as (one, store):
        db = one.db
        words = in_names_of(store, words)
        vector = asker.vector(words.about)
        words = words if is_read(store) else replace(words, about="")
        named = pointed(db, store, name) if name else pointed_in(db, store, text)
        named, beyond = (named, None) if moment else within_files(db, named)
        session_id = named.sessions[0] if named and not named.decisions else None
        found = find(db, store, words, vector, session_id=session_id)
        case = _Case(asker, db, store, found, vector, named, name, text, limit, touching(found))
        answer = Why(
            question=question.strip(),
            subject=name or None,
            as_of=moment.as_of,
            known_at=moment.known_at,
            note=" ".join(filter(None, (beyond, one.note, names_note(words), model_note(db, store, asker.embedder()))))
            or None,
            verdict="no record",
            heard_until=heard_until(store, moment),
        )
        _fill(answer, case)
        answer.subject_heard_until = subject_heard_until(store, _sessions(answer, case), moment)
    return answer


@dataclass(frozen=True, slots=True)
class _Case:
    """One question, and what the store has for it.

    `text`: empty where only the subject is asked about. `touched`: the conversation that touches the question.
    """

    asker: Asker
    db: Db
    store: Held
    found: Found
    vector: Floats
    named: Pointed
    name: str
    text: str
    limit: int
    touched: Sequence[int]

    @property
    def is_missing(self) -> bool:
        """Whether a subject was given that stands for nothing in the store."""
        return bool(self.name and not self.named)

    @property
    def is_of_lines(self) -> bool:
        """Whether lines are asked about and nothing else is said: what words find is not tied to them."""
        return self.named.has_lines and (not self.text or is_identifier(self.text))


def _fill(answer: Why, case: _Case) -> None:
    """The decisions that answer, with the verdict over them; else the conversation that touches the question."""
    if case.is_missing and case.text:
        told = shortened(case.name, 80)
        answer.left_out = f"Nothing is linked to the subject '{told}': answered by the question alone."
    if judged := _judged(case):
        _decide(answer, case, judged)
        if case.named.decisions and case.name and case.text:
            _tell(answer, never_told(case.found.weighed.asked, [case.store.told[one.decision_id] for one in judged]))
    _tell_places(answer, case.db, case.named)
    if judged:
        return
    _tell_unknown(answer, case.name or case.text, case.named)
    _tell_waiting(answer, case.store, case.name)
    if case.named.elsewhere and case.is_of_lines:
        answer.next = "Ask of the file, without the line."
    elif case.named.places and not case.text:
        answer.next = "search with words, or ingest the conversations in which it was decided."
    elif case.is_missing and not case.text:
        answer.next = "Ask in words, or search; nothing is linked to that subject."
    else:
        _discuss(answer, case)


def _tell(answer: Why, told: str | None) -> None:
    """Adds to what the answer says of itself."""
    answer.left_out = " ".join(filter(None, (answer.left_out, told))) or None


def _judged(case: _Case) -> list[Likely]:
    """The decisions that the subject or the question names, else those that the question finds."""
    asker, db, store, found, vector, named = case.asker, case.db, case.store, case.found, case.vector, case.named
    if named.decisions:
        return _those(asker, db, store, found, vector, named)
    if named.sessions or (named.places and not case.text) or case.is_of_lines:
        return []
    judged = _with_hints(asker, db, store, found, vector, named.hints)
    if case.is_missing and not case.text and is_identifier(case.name):
        whole = found.weighed.asked.words[0][0]
        judged = [one for one in judged if store.told[one.decision_id].says(whole)]
    return judged


def _discuss(answer: Why, case: _Case) -> None:
    """The conversation that touches the question; of a session that was named, its best passages whatever they say."""
    whole = bool(case.named) and not case.named.decisions
    answer.discussed = _discussed(case, whole=whole)
    if not answer.discussed:
        if not whole:
            asked, is_told = case.found.weighed.asked, is_identifier(case.name or case.text)
            is_past = answer.as_of is not None or answer.known_at is not None
            _tell(answer, never_said(case.db, case.store, asked, is_told=is_told, is_past=is_past))
        answer.next = "search with other words, or ingest the source that would hold it."
        return
    answer.verdict = "discussed, no decision found"
    _tell(answer, _not_looked_for(case.store, answer.discussed))
    _tell(answer, _waiting_there(case.store, answer.discussed))
    answer.next = f"get {answer.discussed[0].session_id} shows the conversation."


def _waiting_there(store: Held, discussed: Sequence[Hit]) -> str | None:
    """Says of the conversation shown that something in it may be a decision, and waits for a person's review."""
    standing = store.index.standing
    said = (standing.said_within(hit.session_id, hit.first_utterance, hit.last_utterance) for hit in discussed)
    waiting = sorted({one for ids in said for one in ids if one in store.doubtful})
    if not waiting:
        return None
    more = f" and {len(waiting) - 1} more wait" if len(waiting) > 1 else " waits"
    return f"Said there, decision {waiting[0]}{more} for a person's review; `get` shows it."


def _sessions(answer: Why, case: _Case) -> set[str]:
    """The sessions that hold what was asked about: of the decisions shown, named, or touching the question."""
    passages = case.store.documents(case.touched).values()
    touched = {document.session_id for document in passages}
    return touched | {one.session_id for one in answer.decisions} | set(case.named.sessions)


@dataclass(frozen=True, slots=True)
class Likely:
    """A decision with how likely it answers; more than 1 when it was named."""

    decision_id: str
    chance: float


def _those(asker: Asker, db: Db, store: Held, found: Found, vector: Floats, named: Pointed) -> list[Likely]:
    """Decisions that were named: those that govern the place first, then those that meet the question best."""
    ids = named.decisions
    fitted = fits(db, store, asker.embedder(), found, vector, ids)
    likely = [
        Likely(one, 1 + _weight(link, has_lines=named.has_lines) + _chance(store, found, one, decision_relevance(fit)))
        for one, link, fit in ((one, named.links.get(one), fitted[one]) for one in ids)
    ]
    return sorted(likely, key=lambda one: -one.chance)


def _weight(link: LinkAnswer | None, *, has_lines: bool = False) -> float:
    """A decision that governs a place before one that mentions it, and the stronger method first.

    `has_lines`: lines are asked about; what is tied to them comes before what is tied to the whole file.
    """
    if link is None:
        return 0.0
    of_lines = _OF_LINES if has_lines and link.target_kind in OF_LINES else 0.0
    return _METHOD_WEIGHT.get(link.method, 0.0) + (0.0 if link.relation == "mentions" else 1.0) + of_lines


def _with_hints(
    asker: Asker, db: Db, store: Held, found: Found, vector: Floats, hints: Mapping[str, LinkAnswer]
) -> list[Likely]:
    """The decisions that answer; those tied to what the question mentions are likelier, and never left out."""
    likely = {one.decision_id: one.chance for one in relevant(asker, db, store, found, vector)}
    rest = [one for one in hints if one not in likely]
    fitted = fits(db, store, asker.embedder(), found, vector, rest) if rest else {}
    likely |= {one: _chance(store, found, one, decision_relevance(fitted[one])) for one in rest}
    for one, link in hints.items():
        likely[one] += _HINT * (1 + _weight(link))
    return sorted((Likely(*one) for one in likely.items()), key=lambda one: -one.chance)


def _tell_unknown(answer: Why, called: str, named: Pointed) -> None:
    """Says of a name that stands for nothing that was read that it is unknown."""
    if is_identifier(called) and not (named or named.places):
        unknown = f"Nothing that was read is called '{shortened(called, 80)}'."
        answer.left_out = " ".join(filter(None, (unknown, answer.left_out)))


def _tell_waiting(answer: Why, store: Held, name: str) -> None:
    """Says of a decision named by its id that it waits for a person's review."""
    if waits := [one for one in store.doubtful.named(name.casefold()) if one not in store.cores]:
        _tell(answer, f"Decision {waits[0]} waits for a person's review and is no answer yet; `get` shows it.")


def _tell_places(answer: Why, db: Db, named: Pointed) -> None:
    """By which link each decision came, what the pipeline's nodes are, and what git shows of the place."""
    links = {**named.hints, **named.links}
    for decision in answer.decisions:
        decision.came_by = links.get(decision.decision_id)
    linked = [one for one in answer.decisions if one.came_by is not None]
    answer.nodes = nodes_of(db, named.places, linked, answer.as_of)
    answer.changes = changes_of(db, named.places, answer.as_of, is_past=answer.known_at is not None)
    if named.elsewhere:
        _tell(answer, elsewhere(named.elsewhere))


def relevant(asker: Asker, db: Db, store: Held, found: Found, vector: Floats) -> list[Likely]:
    """The decisions that answer, likeliest first."""
    fitted = fits(db, store, asker.embedder(), found, vector, candidates(store, found))
    chances = {one: decision_relevance(fit) for one, fit in fitted.items()}
    best = max(chances.values(), default=0.0)
    kept = [one for one, chance in chances.items() if chance >= max(RELEVANT, _FAR_BELOW * best)]
    return sorted((Likely(one, _chance(store, found, one, chances[one])) for one in kept), key=lambda one: -one.chance)


def _chance(store: Held, found: Found, decision_id: str, chance: float) -> float:
    """A little more for a decision in which somebody did what is asked of: who objected, who agreed."""
    role = found.weighed.asked.role
    return chance + (0.1 if role and role in store.told[decision_id].roles else 0.0)


def _decide(answer: Why, case: _Case, likely: Sequence[Likely]) -> None:
    """Fills in the decisions, the verdict over them, and how to go on."""
    db, limit = case.db, case.limit
    chances = {one.decision_id: one.chance for one in likely}
    wanted = list(chances)[: max(_JUDGED, limit)]
    read = load.decisions(db, wanted, case.store.written(db, wanted))
    judged = sorted((Judged(one, chances[one.decision_id]) for one in read), key=_order)
    firm = [one for one in judged if not one.decision.is_doubtful]
    answer.verdict = verdict(firm) if firm else "discussed, no decision found"
    answer.decisions = _shown(db, judged, limit)
    if more := len(chances.keys() - {one.decision_id for one in answer.decisions}):
        _tell(answer, f"{more} less likely decisions; raise limit to see them.")
    answer.next = f"get {answer.decisions[0].decision_id} shows one decision whole; each quote names its place."


def _order(one: Judged) -> tuple[bool, float]:
    """What waits for a person's review comes last, and no verdict rests on it."""
    return bool(one.decision.is_doubtful), -one.weight


def _shown(db: Db, judged: Sequence[Judged], limit: int) -> list[Decision]:
    """The first decisions, each replaced one after those that stand in its place now."""
    shown: dict[str, Decision] = {}
    for one in judged[:limit]:
        for decision in (*_successors(db, one.decision), one.decision):
            shown.setdefault(decision.decision_id, decision)
    first = list(shown).index(judged[0].decision.decision_id)
    return list(shown.values())[: max(limit, 1 + first)]


def _successors(db: Db, decision: Decision) -> list[Decision]:
    """What replaced it, the newest of the chain first."""
    chain: dict[str, Decision] = {}
    due = list(decision.superseded_by)
    while due:
        fresh = [found for found in load.decisions(db, due) if found.decision_id not in {*chain, decision.decision_id}]
        chain.update({found.decision_id: found for found in fresh})
        due = [newer for found in fresh for newer in found.superseded_by]
    return sorted(reversed(chain.values()), key=is_replaced)


def _not_looked_for(store: Held, discussed: Sequence[Hit]) -> str | None:
    """In which of these sessions no decision was looked for, because of their language."""
    notes = load_sessions.notes(store.db, {hit.session_id for hit in discussed})
    found: dict[str, str] = {}
    for session_id, head in store.names(dict.fromkeys(hit.session_id for hit in discussed)).items():
        if language := skipped_language(notes.get(session_id, ())):
            found[session_id] = f"'{shortened(head.title or PurePath(head.source).name, 60)}', in {language}"
    return f"Decisions were not looked for in {'; nor in '.join(found.values())}: read it with get." if found else None


def _discussed(case: _Case, *, whole: bool) -> list[Hit]:
    """The conversation that touches the question; of a session that was named, its best passages whatever they say."""
    found = case.found
    talk: Mapping[int, float] = {one: score for one, score in found.scores.items() if one not in found.decisions}
    numbers = sorted(talk, key=lambda one: -talk[one]) if whole else case.touched
    return hits(case.db, case.store, found, {one: talk[one] for one in numbers[: case.limit]})
