"""The tools: one thin function each, over the questions that the command line asks too.

What a model reads of a tool is in descriptions/<tool>.md. The modules that answer (NumPy, DuckDB, the embedder) load
behind the first call, or while the client still reads the list of tools.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel, Field

from intent_server.answers import Get, History, Recorded, Review, ReviewAction, Rows, Search, Why
from intent_server.config import Settings
from intent_server.mcp.caller import actor, check_may_write
from intent_server.mcp.clean import compact, squeezed, squeezed_rows, visible_answer
from intent_server.moments import then

if TYPE_CHECKING:
    from intent_server.questions import Asker
    from intent_server.questions_fit import Fitted

Text = Annotated[str, Field(max_length=2000)]
Quote = Annotated[str, Field(max_length=8000)]
Id = Annotated[str, Field(max_length=200)]
Cursor = Annotated[str | None, Field(max_length=100, description="next_cursor of the page before.")]
AsOf = Annotated[str | None, Field(max_length=40, description="What held then: a date, or a time in UTC.")]
KnownAt = Annotated[str | None, Field(max_length=40, description="What the record knew then: a date or time.")]


class TurnedDown(BaseModel):
    """An option that was not taken, quoted, with the quoted reason where one was said."""

    option: Quote
    reason: Quote | None = None


MAX_QUERIES = 2
"""SQL processes at a time; each may take a gigabyte. Further calls wait, a few seconds at most for each before them."""


class Tools:
    """The tools of one store. A method's signature is its input schema, its return type the output schema."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._asker: Asker | None = None
        self._loading = threading.Lock()
        self._running = threading.Semaphore(MAX_QUERIES)

    def why(
        self,
        question: Annotated[Text, Field(description="The question, in words.")] = "",
        subject: Annotated[
            Text | None, Field(description="What it is about: a path, table, column, commit, PR or decision id.")
        ] = None,
        limit: Annotated[int, Field(ge=1, le=20, description="Decisions at most.")] = 3,
        as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> Annotated[CallToolResult, Why]:
        """Why something is so."""
        from intent_server import questions  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        when = _when(as_of, known_at)
        return self._delivered(questions.why(self.asker(), question, subject=subject, limit=limit, **when))

    def search(
        self,
        query: Annotated[Text, Field(description="Words or a sentence to look for.")],
        session: Annotated[Text | None, Field(description="Only in this session: its id or title.")] = None,
        limit: Annotated[int, Field(ge=1, le=100, description="Results on one page.")] = 10,
        cursor: Cursor = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> Annotated[CallToolResult, Search]:
        """Decisions and conversation by meaning and words."""
        from intent_server import questions  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        when = _when(as_of, known_at)
        found = questions.search(self.asker(), query, session=session, limit=limit, cursor=cursor, **when)
        return self._delivered(found)

    def get(
        self,
        id: Annotated[Text, Field(description="A decision_id, session_id or evidence_id, or a session's title.")],
        cursor: Cursor = None,
    ) -> Annotated[CallToolResult, Get]:
        """One thing, whole."""
        return _result(self.got(id, cursor=cursor))

    def history(
        self,
        subject: Annotated[Text, Field(description="A path, table, column, commit, PR, decision id, or words.")],
        limit: Annotated[int, Field(ge=1, le=50, description="Decisions on one page.")] = 10,
        cursor: Cursor = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> Annotated[CallToolResult, History]:
        """A subject's decisions over time."""
        from intent_server import questions  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        when = _when(as_of, known_at)
        return self._delivered(questions.history(self.asker(), subject, limit=limit, cursor=cursor, **when))

    def record_decision(  # noqa: PLR0913  an argument is a field of the tool
        self,
        subject: Annotated[str, Field(max_length=200, description="What is decided about, in a few words.")],
        choice: Annotated[Quote, Field(description="The exact words that state the choice.")],
        ctx: Context,
        session: Annotated[Text | None, Field(description="Where it was said: a session's id or title.")] = None,
        statement: Annotated[
            Quote | None, Field(description="The words that state it here and now, if in no stored session.")
        ] = None,
        status: Annotated[
            Literal["accepted", "proposed", "declined"], Field(description="Whether it binds.")
        ] = "accepted",
        rationale: Annotated[list[Quote], Field(max_length=20, description="Quotes that say why.")] = [],  # noqa: B006
        alternatives: Annotated[list[TurnedDown], Field(max_length=20, description="Options turned down.")] = [],  # noqa: B006  read only
        constraints: Annotated[list[Quote], Field(max_length=20, description="Quotes of limits.")] = [],  # noqa: B006
        decided_by: Annotated[list[Id], Field(max_length=20, description="People's names.")] = [],  # noqa: B006
        supersedes: Annotated[Id | None, Field(description="Id of the decision that it replaces.")] = None,
    ) -> Annotated[CallToolResult, Recorded]:
        """Put a decision into the record."""
        from intent_server import record_statement  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        check_may_write()
        claims = [record_statement.Claimed("choice", choice)]
        claims += [record_statement.Claimed("rationale", quote) for quote in rationale]
        claims += [record_statement.Claimed("constraint", quote) for quote in constraints]
        for option in alternatives:
            claims.append(record_statement.Claimed("alternative", option.option))
            if option.reason:
                claims.append(record_statement.Claimed("rationale", option.reason, about=len(claims) - 1))
        stated = record_statement.Stated(
            subject=subject,
            parts=tuple(claims),
            status=status,
            people=tuple(record_statement.Person(name, "decided") for name in decided_by),
            supersedes=supersedes,
        )
        return self._delivered(
            record_statement.record_decision(
                self._settings,
                stated,
                by=actor(ctx, self._settings),
                now=datetime.now(UTC),
                session=session,
                statement=statement,
                embedder=self.asker().embedder,
            )
        )

    def review(  # noqa: PLR0913  an argument is a field of the tool
        self,
        action: Annotated[ReviewAction, Field(description="What to do.")],
        ctx: Context,
        decision_id: Annotated[Id | None, Field(description="Of which decision; not for list.")] = None,
        reason: Annotated[
            Text | None, Field(description="Why, in the user's words; dismiss and correct need it.")
        ] = None,
        newer_id: Annotated[Id | None, Field(description="supersede: the decision that replaced it.")] = None,
        valid_from: Annotated[
            Id | None, Field(description="correct: since when it holds. supersede: since when the newer one does.")
        ] = None,
        valid_to: Annotated[Id | None, Field(description="correct: until when it held.")] = None,
        subject: Annotated[str | None, Field(max_length=200, description="correct: what it is about.")] = None,
        status: Annotated[
            Literal["accepted", "proposed", "declined"] | None, Field(description="correct: whether it binds.")
        ] = None,
        choice: Annotated[Quote | None, Field(description="correct: the exact words of the choice.")] = None,
        rationale: Annotated[
            list[Quote] | None, Field(max_length=20, description="correct: all quotes that say why; [] for none.")
        ] = None,
        session: Annotated[Text | None, Field(description="list: only in this session.")] = None,
        cursor: Cursor = None,
    ) -> Annotated[CallToolResult, Review]:
        """What a person thinks of decisions."""
        from intent_server.mcp.reviewing import Asked, reviewed  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        if action != "list":
            check_may_write()
        asked = Asked(
            action=action,
            decision_id=decision_id,
            reason=reason,
            newer_id=newer_id,
            valid_from=valid_from,
            valid_to=valid_to,
            subject=subject,
            status=status,
            choice=choice,
            rationale=rationale,
            session=session,
            cursor=cursor,
        )
        return self._delivered(reviewed(self._settings, asked, by=actor(ctx, self._settings), now=datetime.now(UTC)))

    def sql(
        self,
        query: Annotated[str, Field(description="One SELECT, in DuckDB's dialect.")],
        max_rows: Annotated[int, Field(ge=1, le=1000, description="Rows at most.")] = 100,
    ) -> Annotated[CallToolResult, Rows]:
        """One SELECT over the views."""
        from intent_server.store import sandbox  # noqa: PLC0415  DuckDB

        given = self._settings
        with self._running:
            rows = sandbox.select(given.store, query, max_rows=max_rows, max_chars=given.max_chars, wait_s=given.wait_s)
        return _result(squeezed_rows(visible_answer(rows), given.max_chars))

    def got(self, id: str, cursor: str | None = None) -> dict[str, object]:
        """The facts of one thing by its id."""
        from intent_server import questions  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        return self._fitted(questions.get(self.asker(), id, cursor=cursor))

    def ids(self, kind: Literal["decision", "session"], start: str, limit: int) -> list[str]:
        """Ids that begin with what was typed, newest first."""
        from intent_server.questions_ids import ids_beginning  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        return ids_beginning(self.asker(), kind, start, limit=limit)

    def asker(self) -> Asker:
        """What questions need, made once: the embedder is loaded and caches are empty."""
        from intent_server import questions  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        with self._loading:
            if self._asker is None:
                self._asker = questions.asker(self._settings)
                self._asker.embedder()
            return self._asker

    def _delivered(self, answer: Fitted) -> CallToolResult:
        return _result(self._fitted(answer))

    def _fitted(self, answer: Fitted) -> dict[str, object]:
        from intent_server.questions_fit import fit  # noqa: PLC0415  loaded with questions

        most = self._settings.max_chars
        return squeezed(fit(visible_answer(answer), most), most)


def _when(as_of: str | None, known_at: str | None) -> dict[str, datetime | None]:
    """The moments asked for."""
    return {"as_of": then("as_of", as_of), "known_at": then("known_at", known_at)}


def _result(facts: dict[str, object]) -> CallToolResult:
    """The same facts twice: some clients give a model only the text, others only the structure."""
    return CallToolResult(content=[TextContent(type="text", text=compact(facts))], structured_content=facts)
