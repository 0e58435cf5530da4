"""The rows that decisions are written in: their parts, quotes and people, read together by id.

One simple statement a table, put together here: DuckDB finds rows by an index for a list of ids alone, and plans each
join for a millisecond or more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from intent_server.store.connect import Db
from intent_server.store.sql import query


@dataclass(frozen=True, slots=True)
class PartRow:
    """A version of a part. `about`: the part that it speaks about."""

    part_id: str
    kind: str
    about: str | None
    text: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote of a part, in one of the sessions where it stands."""

    part_id: str
    evidence_id: str
    session_id: str
    utterance_index: int
    start_char: int
    end_char: int
    quote: str


@dataclass(frozen=True, slots=True)
class Written:
    """One decision. `parts`: all versions, as extracted. `quotes`: by part. `people`: (name, role) of those now."""

    parts: list[PartRow] = field(default_factory=list)
    quotes: list[QuoteRow] = field(default_factory=list)
    people: list[tuple[str, str]] = field(default_factory=list)

    @property
    def open_parts(self) -> list[PartRow]:
        """The parts held now."""
        return [one for one in self.parts if one.is_open]

    def quotes_in(self, session_id: str) -> list[str]:
        """The words of the parts held now that stand in a session, in their own order.

        A part counts as held but where some version of it ended and none is open.
        """
        gone = {one.part_id for one in self.parts} - {one.part_id for one in self.open_parts}
        return sorted(one.quote for one in self.quotes if one.session_id == session_id and one.part_id not in gone)


def written(db: Db, decision_ids: Collection[str]) -> Mapping[str, Written]:
    """The rows of each of these decisions, by id; empty for one that the store has not."""
    found = {one: Written() for one in decision_ids}
    given = {"decision_ids": list(found)}
    if not found:
        return found
    for decision_id, *part in db.execute(query("written_parts"), given).fetchall():
        found[decision_id].parts.append(PartRow(*part))
    for decision_id, *quote in db.execute(query("written_quotes"), given).fetchall():
        found[decision_id].quotes.append(QuoteRow(*quote))
    for decision_id, person, role in db.execute(query("people"), given).fetchall():
        found[decision_id].people.append((person, role))
    return found
