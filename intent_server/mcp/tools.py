"""The tools: one thin function each, over the questions that the command line asks too.

What a model reads of a tool is in descriptions/<tool>.md. The modules that answer (NumPy, DuckDB, the embedder) load
behind the first call, or while the client still reads the list of tools.
"""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, TextContent
from pydantic import Field

from intent_server.answers import Get, History, Rows, Search, Why
from intent_server.answers_record import Recorded, Review, ReviewAction
from intent_server.config import Settings
from intent_server.mcp.caller import actor, check_may_write
from intent_server.mcp.clean import compact, squeezed, squeezed_rows, visible_answer
from intent_server.moments import then, utc_now

if TYPE_CHECKING:
    from intent_server.questions import Asker
    from intent_server.questions_fit import Fitted

Cursor = Annotated[str, Field(description="next_cursor of the page before.")]
AsOf = Annotated[str, Field(description="What held then: date or UTC time.")]
KnownAt = Annotated[str, Field(description="What the record knew then.")]
Doubtful = Annotated[bool, Field(description="With what waits for review.")]
Quotes = list[str]


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
        question: Annotated[str, Field(description="In words.")] = "",
        subject: Annotated[str, Field(description="A path, table, column, commit, PR or decision id.")] = "",
        limit: Annotated[int, Field(ge=1, le=20)] = 3,
        as_of: AsOf = "",
        known_at: KnownAt = "",
    ) -> Annotated[CallToolResult, Why]:
        """Why something is so."""
        from intent_server import questions  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        when = _when(as_of, known_at)
        return self._delivered(questions.why(self.asker(), question, subject=subject or None, limit=limit, **when))

    def search(
        self,
        query: Annotated[str, Field(description="Words or a sentence to look for.")],
        session: Annotated[str, Field(description="Only in this one: id or title.")] = "",
        limit: Annotated[int, Field(ge=1, le=100)] = 10,
        cursor: Cursor = "",
        as_of: AsOf = "",
        known_at: KnownAt = "",
        doubtful: Doubtful = False,
    ) -> Annotated[CallToolResult, Search]:
        """Decisions and conversation by meaning and words."""
        from intent_server import questions  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        when, only = _when(as_of, known_at), session or None
        return self._delivered(
            questions.search(
                self.asker(),
                query,
                session=only,
                limit=limit,
                cursor=cursor or None,
                doubtful=doubtful,
                **when,
            )
        )

    def get(
        self,
        id: Annotated[str, Field(description="A decision_id, session_id, evidence_id or session title.")],
        cursor: Cursor = "",
    ) -> Annotated[CallToolResult, Get]:
        """One thing, whole."""
        return _result(self.got(id, cursor=cursor or None))

    def history(
        self,
        subject: Annotated[str, Field(description="A path, table, column, commit, PR, decision id, or words.")],
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
        cursor: Cursor = "",
        as_of: AsOf = "",
        known_at: KnownAt = "",
    ) -> Annotated[CallToolResult, History]:
        """A subject's decisions over time."""
        from intent_server import questions  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        when = _when(as_of, known_at)
        return self._delivered(questions.history(self.asker(), subject, limit=limit, cursor=cursor or None, **when))

    def record_decision(  # noqa: PLR0913  an argument is a field of the tool
        self,
        subject: Annotated[str, Field(description="What it is about, in a few words.")],
        choice: Annotated[str, Field(description="The exact words that state it.")],
        ctx: Context,
        session: Annotated[str, Field(description="Where it was said: id or title.")] = "",
        utterance: Annotated[int, Field(description="Number of the choice's utterance.")] = -1,
        statement: Annotated[str, Field(description="The words that state it now, if no session holds them.")] = "",
        status: Literal["accepted", "proposed", "declined"] = "accepted",
        rationale: Annotated[Quotes, Field(description="Quotes that say why.")] = [],  # noqa: B006  read only
        alternatives: Annotated[list[Quotes], Field(description="Each [option] or [option, reason], quoted.")] = [],  # noqa: B006  read only
        constraints: Annotated[Quotes, Field(description="Quotes.")] = [],  # noqa: B006  read only
        decided_by: Annotated[list[str], Field(description="Names.")] = [],  # noqa: B006  read only
        supersedes: Annotated[str, Field(description="Id of the decision it replaces.")] = "",
    ) -> Annotated[CallToolResult, Recorded]:
        """Put a decision into the record."""
        from intent_server.mcp.writing import Claims, recorded  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        check_may_write()
        claims = Claims(
            subject=subject,
            choice=choice,
            status=status,
            rationale=rationale,
            alternatives=alternatives,
            constraints=constraints,
            decided_by=decided_by,
            supersedes=supersedes or None,
            session=session or None,
            utterance=utterance if utterance >= 0 else None,
            statement=statement or None,
        )
        return self._delivered(recorded(self.asker(), claims, by=actor(ctx, self._settings), now=utc_now))

    def review(  # noqa: PLR0913  an argument is a field of the tool
        self,
        action: ReviewAction,
        ctx: Context,
        decision_id: Annotated[str, Field(description="For all but list.")] = "",
        reason: Annotated[str, Field(description="In the user's words; dismiss, correct, split need it.")] = "",
        newer_id: Annotated[str, Field(description="supersede: what replaced it.")] = "",
        subject: Annotated[str, Field(description="correct.")] = "",
        status: Annotated[Literal["", "accepted", "proposed", "declined"], Field(description="correct.")] = "",
        choice: Annotated[str, Field(description="correct: the exact words.")] = "",
        rationale: Annotated[Quotes, Field(description="correct: all quotes that say why.")] = [],  # noqa: B006
        valid_from: Annotated[str, Field(description="correct; supersede: since when the newer one holds.")] = "",
        valid_to: Annotated[str, Field(description="correct.")] = "",
        into: Annotated[list[Quotes], Field(description="split: each [choice, subject, part numbers].")] = [],  # noqa: B006
        others: Annotated[list[str], Field(description="merge: ids that say the same.")] = [],  # noqa: B006
        session: Annotated[str, Field(description="list: only in this one.")] = "",
        since: Annotated[str, Field(description="list: found since.")] = "",
        cursor: Cursor = "",
    ) -> Annotated[CallToolResult, Review]:
        """What a person thinks of decisions."""
        from intent_server.mcp.writing import Act, reviewed  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        if action not in ("list", "show"):
            check_may_write()
        act = Act(
            action=action,
            decision_id=decision_id,
            reason=reason or None,
            newer_id=newer_id,
            valid_from=valid_from or None,
            valid_to=valid_to or None,
            subject=subject or None,
            status=status or None,
            choice=choice,
            rationale=rationale,
            session=session or None,
            since=since or None,
            into=into,
            others=others,
            cursor=cursor or None,
        )
        return self._delivered(reviewed(self._settings, act, by=actor(ctx, self._settings), now=utc_now))

    def sql(
        self,
        query: Annotated[str, Field(description="One SELECT, in DuckDB's dialect.")],
        max_rows: Annotated[int, Field(ge=1, le=1000)] = 100,
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
                self._asker = questions.asker(self._settings, stays_open=True)
                self._asker.embedder()
            return self._asker

    def _delivered(self, answer: Fitted) -> CallToolResult:
        return _result(self._fitted(answer))

    def _fitted(self, answer: Fitted) -> dict[str, object]:
        from intent_server.questions_fit import fit  # noqa: PLC0415  loaded with questions

        most = self._settings.max_chars
        return squeezed(fit(visible_answer(answer), most), most)


class _When(TypedDict):
    """The moments that a question is asked as of."""

    as_of: datetime | None
    known_at: datetime | None


def _when(as_of: str, known_at: str) -> _When:
    """The moments asked for."""
    return {"as_of": then("as_of", as_of or None), "known_at": then("known_at", known_at or None)}


def _result(facts: dict[str, object]) -> CallToolResult:
    """The same facts twice: some clients give a model only the text, others only the structure."""
    return CallToolResult(content=[TextContent(type="text", text=compact(facts))], structured_content=facts)
