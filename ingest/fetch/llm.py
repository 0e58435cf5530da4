"""Asks a language model about pages, over its provider's interface: the only module that knows the client library.

Anthropic's Messages and OpenAI's Chat Completions are spoken, the latter by most local servers too (Ollama, vLLM,
llama.cpp). pydantic-ai has the model answer in our schema and asks once more where the answer does not fit it; the
providers' own clients try again after a timeout, 429 and 5xx, as long as Retry-After says. Which library: see
data/decisions/0005.
The library takes seconds to load and is an optional extra: it is imported when the first page is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from ingest.errors import ModelUnusable
from ingest.extract.llm import Answered, Ask, Unanswered
from ingest.extract.llm_answer import PageAnswer
from ingest.extract.llm_pages import Page, instructions
from ingest.extract.redact import mask

if TYPE_CHECKING:
    from pydantic_ai import ModelSettings
    from pydantic_ai.models import Model
    from pydantic_ai.output import OutputSpec
    from pydantic_ai.usage import RunUsage

Provider = Literal["anthropic", "openai"]
Form = Literal["auto", "schema", "tool", "prompt"]
"""How the answer's schema is given: `schema`, the server is told to keep to it; `tool`, as the arguments of a tool;
`prompt`, in words, for servers that know neither. `auto`: `tool` with Anthropic, else `schema`."""

EXTRA = "llm"
_REASON_CHARS = 200
_OPENAI = "https://api.openai.com/v1"
_ANTHROPIC = "https://api.anthropic.com"
_NO_KEY = "none"
"""Sent where a local server wants no key: the clients refuse an empty one."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is, and how it is asked."""

    provider: Provider
    model: str
    url: str | None = None
    """None: the provider's own."""
    key: str | None = field(default=None, repr=False)
    """Never stored or shown."""
    form: Form = "auto"
    timeout_s: float = 120.0
    output_tokens: int = 4_000
    """The most an answer may take; one that is cut there is no answer."""
    retries: int = 4
    """How often the client tries again after a timeout, 429 or 5xx: with its waits some 15 s in all."""

    @property
    def name(self) -> str:
        """`provider:model`, as it is stored with what it found."""
        return f"{self.provider}:{self.model}"


def asker(endpoint: Endpoint) -> Ask:
    """What asks this model about a page.

    Raises: ModelUnusable when the `llm` extra is not installed, or the provider's own service has no key.
    """
    if find_spec("pydantic_ai") is None:
        raise ModelUnusable(
            endpoint.name, f"its client is not installed. Install it with: pip install 'intent-server[{EXTRA}]'"
        )
    if endpoint.url is None and endpoint.key is None:
        keys = f"{endpoint.provider.upper()}_API_KEY or INTENT_LLM_KEY"
        raise ModelUnusable(endpoint.name, f"there is no key. Set {keys}, or INTENT_LLM_URL for a server of your own")

    def ask(page: Page) -> Answered | Unanswered:
        return asyncio.run(_asked(endpoint, page))

    return ask


def price(endpoint: Endpoint, input_tokens: int, output_tokens: int, requests: int) -> float | None:
    """What so many tokens cost in US dollars, by the library's list; None where it does not know the model.

    `requests`: over how many they are spread; long ones cost more a token.
    """
    if endpoint.url is not None or find_spec("genai_prices") is None:
        return None
    if requests == 0:
        return 0.0
    from genai_prices import Usage, calc_price  # noqa: PLC0415  an optional extra

    usage = Usage(input_tokens=input_tokens // requests, output_tokens=output_tokens // requests)
    try:
        return requests * float(calc_price(usage, endpoint.model, provider_id=endpoint.provider).total_price)
    except LookupError:
        return None


async def _asked(endpoint: Endpoint, page: Page) -> Answered | Unanswered:
    from pydantic_ai import Agent, ModelSettings, exceptions  # noqa: PLC0415  an optional extra, seconds to load
    from pydantic_ai.usage import RunUsage  # noqa: PLC0415  likewise

    usage = RunUsage()
    settings = ModelSettings(
        max_tokens=endpoint.output_tokens, timeout=endpoint.timeout_s, temperature=0.0, max_retries=endpoint.retries
    )
    try:
        async with _model(endpoint) as model:
            agent = Agent(
                model,
                output_type=_output(endpoint),
                instructions=instructions(),
                retries=1,
                model_settings=_supported(endpoint, settings),
            )
            result = await agent.run(page.prompt, usage=usage)
    except exceptions.AgentRunError as error:
        return _unanswered(error, usage)
    return Answered(result.output, usage.input_tokens, usage.output_tokens)


def _output(endpoint: Endpoint) -> OutputSpec[PageAnswer]:
    from pydantic_ai import NativeOutput, PromptedOutput, ToolOutput  # noqa: PLC0415  likewise

    form = endpoint.form if endpoint.form != "auto" else "tool" if endpoint.provider == "anthropic" else "schema"
    if form == "tool":
        return ToolOutput(PageAnswer, name="decisions")
    return NativeOutput(PageAnswer) if form == "schema" else PromptedOutput(PageAnswer)


def _supported(endpoint: Endpoint, settings: ModelSettings) -> ModelSettings:
    """Without a temperature with the providers themselves: newer models of both refuse to be told one."""
    if endpoint.url is None:
        settings.pop("temperature", None)
    return settings


@asynccontextmanager
async def _model(endpoint: Endpoint) -> AsyncIterator[Model]:
    """The model behind a client of its own, closed with it."""
    key = endpoint.key or _NO_KEY
    if endpoint.provider == "anthropic":
        from anthropic import AsyncAnthropic  # noqa: PLC0415  likewise
        from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415  likewise
        from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415  likewise

        async with AsyncAnthropic(
            api_key=key, base_url=endpoint.url or _ANTHROPIC, max_retries=endpoint.retries, timeout=endpoint.timeout_s
        ) as claude:
            yield AnthropicModel(endpoint.model, provider=AnthropicProvider(anthropic_client=claude))
        return
    from openai import AsyncOpenAI  # noqa: PLC0415  likewise
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415  likewise
    from pydantic_ai.profiles.openai import OpenAIModelProfile  # noqa: PLC0415  likewise
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415  likewise
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider  # noqa: PLC0415  likewise

    async with AsyncOpenAI(
        api_key=key, base_url=endpoint.url or _OPENAI, max_retries=endpoint.retries, timeout=endpoint.timeout_s
    ) as client:
        if endpoint.url is None:
            yield OpenAIChatModel(endpoint.model, provider=OpenAIProvider(openai_client=client))
        else:
            older = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=False)
            yield OpenAIChatModel(
                endpoint.model, provider=OpenAICompatibleProvider("local", openai_client=client), profile=older
            )


def _unanswered(error: Exception, usage: RunUsage) -> Unanswered:
    from pydantic_ai import exceptions  # noqa: PLC0415  likewise

    final = (
        exceptions.ModelAuthenticationError,
        exceptions.ModelNotFoundError,
        exceptions.ModelQuotaExceededError,
        exceptions.ModelConnectionError,
    )
    is_final = isinstance(error, final) and not isinstance(error, exceptions.ModelTimeoutError)
    return Unanswered(_reason(error), usage.input_tokens, usage.output_tokens, is_final)


def _reason(error: Exception) -> str:
    """The failure in a few words: what kind it is, what the server said, and what would help."""
    from pydantic_ai import exceptions  # noqa: PLC0415  likewise

    kinds: tuple[tuple[type[Exception], str], ...] = (
        (exceptions.OutputTokenLimitExceeded, "the answer was cut off; raise INTENT_LLM_OUTPUT_TOKENS"),
        (exceptions.ContentFilterError, "the provider's content filter stopped the answer"),
        (exceptions.ModelAuthenticationError, "the key was refused"),
        (exceptions.ModelNotFoundError, "no such model there, or a wrong INTENT_LLM_URL"),
        (exceptions.ModelQuotaExceededError, "the account's quota is spent"),
        (exceptions.ModelRateLimitError, "too many requests, still after waiting"),
        (exceptions.ModelTimeoutError, "no answer in time; raise INTENT_LLM_TIMEOUT_S"),
        (exceptions.ModelConnectionError, "no server answers there"),
        (exceptions.ModelContextWindowExceededError, "the page is longer than the model can read"),
        (exceptions.ModelRequestRejectedError, "the server refused the request; try INTENT_LLM_FORM=prompt"),
        (exceptions.UnexpectedModelBehavior, "the answer did not fit the schema, twice"),
    )
    told = next((text for kind, text in kinds if isinstance(error, kind)), "the request failed")
    said = " ".join(mask(str(error)).text.split())
    return f"{told} ({said[:_REASON_CHARS]}{'…' if len(said) > _REASON_CHARS else ''})"
