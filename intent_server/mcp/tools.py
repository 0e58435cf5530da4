"""The tools: one thin function each, over the questions that the command line asks too.

What a model reads of a tool is in descriptions/<tool>.md. The modules that answer (NumPy, DuckDB, the embedder) load
behind the first call, or while the client still reads the list of tools.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Annotated

from mcp.types import CallToolResult, TextContent
from pydantic import Field

from intent_server.answers import Get, Rows, Search, Why
from intent_server.config import Settings
from intent_server.mcp.clean import compact, squeezed, squeezed_rows, visible_answer

if TYPE_CHECKING:
    from intent_server.questions import Asker
    from intent_server.questions_fit import Fitted

Text = Annotated[str, Field(max_length=2000)]
Cursor = Annotated[str | None, Field(max_length=100, description="next_cursor of the page before.")]


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
    ) -> Annotated[CallToolResult, Why]:
        """Why something is so."""
        from intent_server import questions  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        return self._delivered(questions.why(self.asker(), question, subject=subject, limit=limit))

    def search(
        self,
        query: Annotated[Text, Field(description="Words or a sentence to look for.")],
        session: Annotated[Text | None, Field(description="Only in this session: its id or title.")] = None,
        limit: Annotated[int, Field(ge=1, le=100, description="Results on one page.")] = 10,
        cursor: Cursor = None,
    ) -> Annotated[CallToolResult, Search]:
        """Decisions and conversation by meaning and words."""
        from intent_server import questions  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        return self._delivered(questions.search(self.asker(), query, session=session, limit=limit, cursor=cursor))

    def get(
        self,
        id: Annotated[Text, Field(description="A decision_id, session_id or evidence_id, or a session's title.")],
        cursor: Cursor = None,
    ) -> Annotated[CallToolResult, Get]:
        """One thing, whole."""
        from intent_server import questions  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        return self._delivered(questions.get(self.asker(), id, cursor=cursor))

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

    def asker(self) -> Asker:
        """What questions need, made once: the embedder is loaded and caches are empty."""
        from intent_server import questions  # noqa: PLC0415  NumPy, DuckDB and the tokenizer

        with self._loading:
            if self._asker is None:
                self._asker = questions.asker(self._settings)
                self._asker.embedder()
            return self._asker

    def _delivered(self, answer: Fitted) -> CallToolResult:
        from intent_server.questions_fit import fit  # noqa: PLC0415  loaded with questions

        most = self._settings.max_chars
        return _result(squeezed(fit(visible_answer(answer), most), most))


def _result(facts: dict[str, object]) -> CallToolResult:
    """The same facts twice: some clients give a model only the text, others only the structure."""
    return CallToolResult(content=[TextContent(type="text", text=compact(facts))], structured_content=facts)
