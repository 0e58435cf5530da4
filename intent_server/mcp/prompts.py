"""The prompts: what a person picks in a client to have an agent use the tools well; texts: descriptions/prompt_*.md."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from ingest.text import visible

if TYPE_CHECKING:
    from mcp.server import MCPServer

_MAX_CHARS = 2000
Words = Annotated[str, Field(max_length=_MAX_CHARS)]


def add_prompts(server: MCPServer) -> None:
    """Register the prompts."""

    @server.prompt(
        name="explain_why",
        title="Explain why",
        description="Why is this so? Answers from the record, with exact quotes, and says when there is no record.",
    )
    def explain_why(question: Annotated[Words, Field(description="The question, or a path, table or commit.")]) -> str:
        return _text("explain_why", question=question)

    @server.prompt(
        name="extract_decisions",
        title="Extract decisions",
        description="Read a stored session and record the decisions in it that are missing, each with exact quotes.",
    )
    def extract_decisions(session: Annotated[Words, Field(description="The session's id or title.")]) -> str:
        return _text("extract_decisions", session=session)

    @server.prompt(
        name="review_change",
        title="Review a change",
        description="Check a change against what was decided: broken decisions, constraints and rejected options.",
    )
    def review_change(
        change: Annotated[Words, Field(description="Paths, a commit, a PR, or what the change does, in words.")],
    ) -> str:
        return _text("review_change", change=change)


def _text(name: str, **given: str) -> str:
    """descriptions/prompt_<name>.md with the argument in its place."""
    text = (files("intent_server.mcp") / "descriptions" / f"prompt_{name}.md").read_text("utf-8").strip()
    [(argument, words)] = given.items()
    return text.replace(f"{{{argument}}}", visible(words.strip()))
