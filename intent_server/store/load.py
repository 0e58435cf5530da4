"""Rows to answers: decisions with their parts, quotes, people and links. UTC is attached in the load modules only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ingest.hearing import clock
from intent_server.answers import Claim, Decision, LinkAnswer, PersonRole, Quote, ReviewEntry
from intent_server.errors import NotFound
from intent_server.store.connect import Db
from intent_server.store.load_written import QuoteRow, Written, written
from intent_server.store.sql import query
from intent_server.unclear import unclear

SHORT_ID_CHARS = 6
"""From this length on the start or the end of an id stands for it, where it fits one only."""


def utc(moment: datetime | None) -> datetime | None:
    """The stored moment with its zone, which the columns do not carry."""
    return None if moment is None else moment.replace(tzinfo=UTC)


def decisions(db: Db, ids: Sequence[str], known: Mapping[str, Written] | None = None) -> list[Decision]:
    """The decisions of these ids with all their parts, in the order given; those not held now are left out.

    `known`: the rows of these decisions, for who has read them already.
    """
    heads = db.execute(query("decisions"), {"decision_ids": list(ids)}).fetchall()
    rows = known if known is not None else written(db, [head[0] for head in heads])
    quotes = [quote for head in heads for quote in rows[head[0]].quotes]
    sessions = _quoted_sessions(db, {*(head[9] for head in heads), *(quote.session_id for quote in quotes)})
    heads = [head for head in heads if head[9] in sessions]
    if not heads:
        return []
    found = {"decision_ids": [head[0] for head in heads]}
    claims = _claims(_quotes(db, quotes, sessions), {one: rows[one] for one in found["decision_ids"]})
    edges = _Edges.of(db.execute(query("links"), found).fetchall())
    reviews = _reviews(db, found["decision_ids"])
    made = {
        head[0]: Decision(
            decision_id=head[0],
            subject=head[1],
            status=head[2],
            authority=head[3],
            confidence=head[4],
            decided_at=utc(head[5]),
            date_basis=sessions[head[9]].time_basis,
            is_doubtful=head[10] or None,
            valid_from=utc(head[6]),
            valid_to=utc(head[7]),
            recorded_from=head[8].replace(tzinfo=UTC),
            session_id=head[9],
            session=sessions[head[9]].name,
            choice=_choice(claims[head[0]]),
            rationale=_of_kind(claims[head[0]], "rationale"),
            alternatives=_of_kind(claims[head[0]], "alternative"),
            constraints=_of_kind(claims[head[0]], "constraint"),
            objections=_of_kind(claims[head[0]], "objection"),
            consequences=_of_kind(claims[head[0]], "consequence"),
            people=[PersonRole(person=person, role=role) for person, role in rows[head[0]].people],
            links=edges.links(head[0]),
            superseded_by=edges.superseded_by[head[0]],
            supersedes=edges.supersedes[head[0]],
            reviews=reviews[head[0]],
        )
        for head in heads
    }
    for decision in made.values():
        decision.unclear = unclear(decision)
    return [made[decision_id] for decision_id in dict.fromkeys(ids) if decision_id in made]


def _reviews(db: Db, ids: Sequence[str]) -> Mapping[str, list[ReviewEntry]]:
    """What was done with each decision here and stands, the first one done first."""
    found: dict[str, list[ReviewEntry]] = defaultdict(list)
    for row in db.execute(query("reviews_shown"), {"decision_ids": list(ids)}).fetchall():
        entry = ReviewEntry(
            review_id=row[1],
            action=row[2],
            actor=row[3],
            client=row[4],
            reason=row[5],
            recorded_from=row[6].replace(tzinfo=UTC),
            undone_at=utc(row[7]),
        )
        found[row[0]].append(entry)
    return found


@dataclass(frozen=True, slots=True)
class Core:
    """What a decision is about and where it was said, without its evidence.

    `utterances`: the indexes of those it quotes, rising.
    """

    decision_id: str
    session_id: str
    subject: str
    choice: str
    status: str
    authority: str
    confidence: float
    decided_at: datetime | None
    utterances: Sequence[int]
    is_doubtful: bool = False
    is_unclear: bool = False
    """Some of its words were hard to hear."""


def cores(db: Db, *, doubtful: bool = False) -> dict[str, Core]:
    """What each decision held now is about, by id; with `doubtful` those too that wait for a person's review."""
    rows = db.execute(query("decision_cores")).fetchall()
    found = (replace(Core(*row), decided_at=utc(row[7])) for row in rows)
    return {core.decision_id: core for core in found if doubtful or not core.is_doubtful}


def evidence(db: Db, evidence_id: str) -> Quote:
    """One evidence row by its full id, with the times of its utterance in the recording.

    Raises: NotFound.
    """
    row = db.execute(query("evidence"), {"evidence_id": evidence_id}).fetchone()
    if row is None:
        raise NotFound("evidence", evidence_id, "Its session was replaced or forgotten; `why` gives current ids.")
    found = QuoteRow("", row[0], row[4], row[5], row[2], row[3], row[1])
    quote, end_ms = _quote(found, row[6:13]), row[13]
    start_ms = quote.place.start_ms
    times = {"end_ms": end_ms, "offset": None if start_ms is None else clock(start_ms / 1000)}
    return quote.model_copy(update={"place": quote.place.model_copy(update=times)})


def fitting_decisions(db: Db, text: str) -> list[str]:
    """Full ids of the decisions that this id, or start or end of one, may stand for; at most 11."""
    return _fitting(db, "decision_ids", text)


def fitting_evidence(db: Db, text: str) -> list[str]:
    """Full ids of the evidence rows that this id, or start or end of one, may stand for; at most 11."""
    return _fitting(db, "evidence_ids", text)


def decisions_linked(db: Db, target: str) -> list[str]:
    """Ids of the decisions whose source names a file, line, commit or PR for which there is no anchor."""
    place = target.replace("\\", "/").removeprefix("./")
    file, _, line = place.rpartition(":")
    parameters = {"target": target, "file": file if file and line.strip("lL-0123456789") == "" else place}
    return [row[0] for row in db.execute(query("decisions_linked"), parameters).fetchall()]


@dataclass(frozen=True, slots=True)
class _Edges:
    """The links around some decisions, by decision."""

    out: Mapping[str, list[LinkAnswer]]
    supersedes: Mapping[str, list[str]]
    superseded_by: Mapping[str, list[str]]

    @staticmethod
    def of(rows: Iterable[tuple[str, str, str, str, str, str | None]]) -> _Edges:
        """From rows of (decision_id, relation, target_kind, target, method, evidence)."""
        edges = _Edges(defaultdict(list), defaultdict(list), defaultdict(list))
        for source, relation, target_kind, target, method, evidence in rows:
            if target_kind == "decision" and relation == "supersedes":
                edges.supersedes[source].append(target)
                edges.superseded_by[target].append(source)
            else:
                link = LinkAnswer(
                    relation=relation, target_kind=target_kind, target=target, method=method, evidence=evidence
                )
                edges.out[source].append(link)
        return edges

    def links(self, decision_id: str) -> list[LinkAnswer]:
        """The decision's links; what a source says of another record only where that record is not in the store."""
        is_resolved = bool(self.supersedes[decision_id] or self.superseded_by[decision_id])
        named = [link for link in self.out[decision_id] if link.target_kind in ("record", "superseded_by")]
        kept = [link for link in self.out[decision_id] if not is_resolved or link not in named]
        return [_read_forward(link) for link in kept]


def _read_forward(link: LinkAnswer) -> LinkAnswer:
    """`superseded_by X` for what is stored as its inverse: X supersedes this."""
    if link.target_kind != "superseded_by":
        return link
    return link.model_copy(update={"relation": "superseded_by", "target_kind": "record"})


@dataclass(frozen=True, slots=True)
class _KindedClaim:
    kind: str
    claim: Claim


def _claims(quotes: Mapping[str, list[Quote]], rows: Mapping[str, Written]) -> Mapping[str, list[_KindedClaim]]:
    """Each decision's claims in order; the reasons of an alternative stand inside it and nowhere else."""
    by_decision: dict[str, list[_KindedClaim]] = defaultdict(list)
    for owner, one in rows.items():
        claims = {part.part_id: Claim(quotes=quotes[part.part_id]) for part in one.open_parts}
        kinds = {part.part_id: part.kind for part in one.open_parts}
        for part in one.open_parts:
            if part.kind == "rationale" and part.about and kinds.get(part.about) == "alternative":
                claims[part.about].reasons.append(claims[part.part_id])
            else:
                by_decision[owner].append(_KindedClaim(part.kind, claims[part.part_id]))
    return by_decision


@dataclass(frozen=True, slots=True)
class _Session:
    """What is told of a session that is quoted."""

    name: str
    source: str
    started_at: datetime | None
    time_basis: str


def _quoted_sessions(db: Db, session_ids: Collection[str]) -> Mapping[str, _Session]:
    """These sessions by id; of those held now."""
    rows = db.execute(query("quoted_sessions"), {"session_ids": list(session_ids)}).fetchall() if session_ids else []
    return {row[0]: _Session(*row[1:]) for row in rows}


def _quotes(db: Db, rows: Sequence[QuoteRow], sessions: Mapping[str, _Session]) -> Mapping[str, list[Quote]]:
    """The quotes of each part that stand in sessions held now."""
    at = list(dict.fromkeys((row.session_id, row.utterance_index) for row in rows if row.session_id in sessions))
    given = {"session_ids": [session_id for session_id, _ in at], "utterances": [index for _, index in at]}
    told = {at[row[0]]: row[1:] for row in db.execute(query("quoted_places"), given).fetchall()} if at else {}
    found: dict[str, list[Quote]] = defaultdict(list)
    for row in rows:
        if (place := told.get((row.session_id, row.utterance_index))) is not None:
            session, (speaker, said_at, *rest) = sessions[row.session_id], place
            whole = (session.name, session.source, speaker, said_at or session.started_at, *rest)
            found[row.part_id].append(_quote(row, whole))
    return found


def _choice(claims: Sequence[_KindedClaim]) -> Claim:
    return next(found.claim for found in claims if found.kind == "choice")


def _of_kind(claims: Sequence[_KindedClaim], kind: str) -> list[Claim]:
    return [found.claim for found in claims if found.kind == kind]


def _quote(row: QuoteRow, place: Sequence[object]) -> Quote:
    """`place`: as in a row of queries/evidence.sql, from the session's name on."""
    session, source, speaker, said_at, start_ms, locator, doubt = place
    return Quote.model_validate(
        {
            "evidence_id": row.evidence_id,
            "recorded_text": row.quote,
            "start_char": row.start_char,
            "end_char": row.end_char,
            "place": {
                "session_id": row.session_id,
                "session": session,
                "source": source,
                "utterance_index": row.utterance_index,
                "speaker": speaker,
                "said_at": utc(said_at) if isinstance(said_at, datetime) else None,
                "start_ms": start_ms,
                "locator": locator,
                "doubt": doubt,
            },
        }
    )


def _fitting(db: Db, name: str, text: str) -> list[str]:
    if len(text) < SHORT_ID_CHARS:
        return []
    if db.execute(query(f"{name}_whole"), {"id": text}).fetchone():
        return [text]
    return [row[0] for row in db.execute(query(name), {"id": text}).fetchall()]
