"""What a language model is asked to answer of one page: decisions, each part as words quoted from an utterance.

The descriptions go to the model with the schema. Lists may be missing: small models leave empty ones out.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from ingest.records import PersonRole


class Quoted(BaseModel):
    """Words copied from one utterance."""

    utterance: int = Field(description="The number in square brackets.")
    words: str = Field(description="Copied letter by letter.")


class Option(BaseModel):
    """An option that was named and not taken."""

    option: Quoted
    reason: Quoted | None = Field(default=None, description="Why it was not taken, where somebody said so.")


class Voice(BaseModel):
    """Somebody's part in the decision, by what they said."""

    role: PersonRole
    quote: Quoted


class Found(BaseModel):
    """One decision."""

    subject: str = Field(description="What is decided about, in words of the page.")
    choice: Quoted
    status: Literal["accepted", "proposed", "declined"]
    rationale: list[Quoted] = Field(default_factory=list)
    alternatives: list[Option] = Field(default_factory=list)
    constraints: list[Quoted] = Field(default_factory=list)
    objections: list[Quoted] = Field(default_factory=list)
    consequences: list[Quoted] = Field(default_factory=list)
    people: list[Voice] = Field(default_factory=list)


class PageAnswer(BaseModel):
    """The decisions of one page; none is a good answer."""

    decisions: list[Found]
