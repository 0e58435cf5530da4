"""What asking a language model took and gave, as `intent ingest --llm` reports it."""

from __future__ import annotations

from pydantic import Field

from intent_server.answers import Answer


class Dropped(Answer):
    """What a model said and the session does not, counted by reason."""

    reason: str
    count: int


class FailedPage(Answer):
    """A page without a usable answer; the next run asks it again."""

    session: str
    page: int
    pages: int
    reason: str


class LlmEstimate(Answer):
    """What a run would ask, before it does."""

    model: str
    pages: int
    answered_before: int = Field(description="Pages whose answers are kept: not asked or paid again.")
    input_tokens: int = Field(description="About; what is sent for the pages to be asked.")
    output_tokens: int = Field(description="At most; an answer that does not fit is asked for once more.")
    usd: float | None = Field(default=None, description="For both; absent where no price is known.")
    budget: int | None = Field(default=None, description="--llm-budget.")
    unheard: int = Field(default=0, description="Recordings that are not transcribed yet, and so not counted.")


class LlmReport(Answer):
    """What a run asked and what came of it."""

    model: str
    pages: int
    answered_before: int
    asked: int = Field(description="Pages sent in this run, failed ones included.")
    failed: list[FailedPage] = Field(default_factory=list)
    over_budget: int = Field(default=0, description="Pages not sent, to stay under --llm-budget.")
    input_tokens: int = Field(description="As the server reports.")
    output_tokens: int = Field(description="As the server reports.")
    seconds: float
    usd: float | None = None
    dropped: list[Dropped] = Field(default_factory=list)
