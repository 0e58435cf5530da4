"""Settings of the optional language model: from flags and the environment; a key from the environment alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from ingest.fetch.llm import Endpoint, Form, Provider
from intent_server.config import number
from intent_server.errors import BadRequest

_EXAMPLES = "anthropic:claude-sonnet-4-5, openai:gpt-5-mini, or with INTENT_LLM_URL openai:qwen3:8b"


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    read: float
    written: float

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """What so many tokens cost."""
        return (self.read * input_tokens + self.written * output_tokens) / 1e6


def endpoint(named: str | None = None, *, environment: Mapping[str, str] = os.environ) -> Endpoint:
    """The model asked for by `--llm-model` or INTENT_LLM, and where it is.

    A provider's own key goes to the provider's own service only; a server named by INTENT_LLM_URL gets INTENT_LLM_KEY.
    Raises: BadRequest for what is not set or cannot be used.
    """
    text = named or environment.get("INTENT_LLM") or ""
    provider, _, model = text.partition(":")
    if provider not in get_args(Provider) or not model:
        what = f"'{text}' names no language model" if text else "No language model is named"
        raise BadRequest(f"{what}. Give --llm-model or INTENT_LLM as PROVIDER:MODEL: {_EXAMPLES}.")
    url = environment.get("INTENT_LLM_URL") or None
    if url is not None and not url.startswith(("http://", "https://")):
        raise BadRequest(f"INTENT_LLM_URL='{url}' is no address. Give it with http://, as http://localhost:11434/v1.")
    form = environment.get("INTENT_LLM_FORM") or "auto"
    if form not in get_args(Form):
        raise BadRequest(f"INTENT_LLM_FORM='{form}' is none of {', '.join(get_args(Form))}.")
    own = environment.get(f"{provider.upper()}_API_KEY") if url is None else None
    return Endpoint(
        provider=cast(Provider, provider),
        model=model,
        url=url,
        key=environment.get("INTENT_LLM_KEY") or own or None,
        form=cast(Form, form),
        timeout_s=number(environment, "INTENT_LLM_TIMEOUT_S", 120),
        output_tokens=int(number(environment, "INTENT_LLM_OUTPUT_TOKENS", 4000)),
        retries=int(number(environment, "INTENT_LLM_RETRIES", 4)),
    )


def price(environment: Mapping[str, str] = os.environ) -> Price | None:
    """INTENT_LLM_PRICE as `READ/WRITTEN`; None where it is not set.

    Raises: BadRequest.
    """
    text = environment.get("INTENT_LLM_PRICE")
    if not text:
        return None
    read, _, written = text.partition("/")
    try:
        return Price(float(read), float(written))
    except ValueError as error:
        raise BadRequest(
            f"INTENT_LLM_PRICE='{text}' is no price. Give US dollars for a million tokens read and written, as 3/15."
        ) from error
