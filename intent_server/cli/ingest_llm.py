"""`intent ingest --llm`: a language model asked beside the passes, what that would take and what it took."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn

import click

from ingest.errors import SourceError, WhisperMissing
from ingest.extract.llm_pages import Page
from ingest.fetch.llm import Endpoint, asker
from ingest.fetch.llm import price as listed_price
from ingest.records import Source
from ingest.registry import reader_for
from intent_server import config_llm, record
from intent_server.answers_llm import LlmEstimate, LlmReport
from intent_server.cli.options import Command
from intent_server.cli.output import counted, note
from intent_server.config import Settings
from intent_server.config_llm import Price
from intent_server.errors import BadRequest
from intent_server.record_hearing import READER as RECORDINGS
from intent_server.record_hearing import HeardNoMore
from intent_server.record_llm import Asking, Extract, with_answers, with_model, without_model
from intent_server.record_llm_estimate import Estimate, estimated
from intent_server.record_pipelines import READERS as PIPELINES


@dataclass(frozen=True, slots=True)
class LlmFlags:
    """The flags about a language model, as given."""

    llm: bool | None
    model: str | None
    budget: int | None
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Model:
    """The model of one run."""

    endpoint: Endpoint
    asking: Asking
    price: Price | None

    def usd(self, input_tokens: int, output_tokens: int, requests: int) -> float | None:
        """What so many tokens cost: by INTENT_LLM_PRICE, else by the library's list; None where neither knows."""
        if self.price is not None:
            return self.price.of(input_tokens, output_tokens)
        return listed_price(self.endpoint, input_tokens, output_tokens, requests)

    @property
    def report(self) -> LlmReport:
        """What the run asked and what came of it."""
        return self.asking.report(self.usd)


def llm_options(command: Command) -> Command:
    """`--llm`, `--llm-model`, `--llm-budget` and `--dry-run`."""
    for option in (
        click.option("--dry-run", is_flag=True, help="With --llm: tell what it would take, and do nothing."),
        click.option(
            "--llm-budget", type=click.IntRange(min=1), metavar="TOKENS", help="Stop asking before it takes more."
        ),
        click.option("--llm-model", metavar="PROVIDER:MODEL", help="anthropic:… or openai:…; else INTENT_LLM."),
        click.option(
            "--llm/--no-llm",
            default=None,
            help="Ask a language model too (extra: llm); --no-llm: leave out what one answered before.",
        ),
    ):
        command = option(command)
    return command


def model_of(wanted: LlmFlags) -> Model | None:
    """The model to be asked; None where none is.

    Raises: BadRequest for flags that need --llm, or a model that is not named; ModelUnusable.
    """
    if not wanted.llm:
        given = (("--llm-model", wanted.model), ("--llm-budget", wanted.budget), ("--dry-run", wanted.dry_run))
        for flag, value in given:
            if value:
                raise BadRequest(f"{flag} is about a language model: give --llm with it.")
        return None
    endpoint = config_llm.endpoint(wanted.model)
    ask = _asks_nothing if wanted.dry_run else asker(endpoint)  # what it would take is told without a key too
    return Model(endpoint, Asking(endpoint.name, ask, endpoint.output_tokens, wanted.budget), config_llm.price())


def _asks_nothing(page: Page) -> NoReturn:
    raise AssertionError(f"A dry run asked about a page of {len(page.prompt)} characters.")


def extract_of(settings: Settings, wanted: LlmFlags, model: Model | None) -> Extract:
    """How decisions are found in this run."""
    if model is not None:
        return with_model(settings, model.asking)
    return without_model(settings) if wanted.llm is False else with_answers(settings)


def estimate_of(
    run_by: record.Recorder,
    sources: Iterable[Source],
    reader_name: str | None,
    model: Model,
    *,
    kept: Callable[[Source], Source],
) -> LlmEstimate:
    """What asking about these sources would take at most; one that cannot be read counts for nothing, as in the run.

    `kept`: a recording of which only what was heard before counts: none is transcribed for an estimate.
    """
    total, unheard = Estimate(), 0
    for source in sources:
        try:
            reader = reader_for(source, name=reader_name)
            if reader.name not in PIPELINES:
                said = kept(source) if reader.name == RECORDINGS else source
                total += estimated(run_by, said, reader, model.asking.model)
        except (HeardNoMore, WhisperMissing):
            unheard += 1
        except SourceError:
            continue  # told by the run itself
    due = total.pages - total.answered_before
    written = due * model.endpoint.output_tokens
    return LlmEstimate(
        model=model.asking.model,
        pages=total.pages,
        answered_before=total.answered_before,
        input_tokens=total.input_tokens,
        output_tokens=written,
        usd=model.usd(total.input_tokens, written, due),
        budget=model.asking.budget,
        unheard=unheard,
    )


def show_estimate(answer: LlmEstimate) -> None:
    """What will be asked, before it is."""
    due = answer.pages - answer.answered_before
    held = f" ({answer.answered_before} answered before)" if answer.answered_before else ""
    text = f"{answer.model}: {counted(due, 'page')} to ask{held}, about {answer.input_tokens:,} tokens to send, "
    text += f"up to {answer.output_tokens:,} to come back"
    text += _cost(answer.usd, "about ") if due else ""
    text += f"; {counted(answer.unheard, 'recording')} not heard yet, not counted" if answer.unheard else ""
    note(f"{text}." + (f" Stops before {answer.budget:,} tokens." if answer.budget else ""))


def show_report(answer: LlmReport) -> None:
    """What was asked, what came of it, and which pages have no answer."""
    text = f"{answer.model}: {counted(answer.asked, 'page')} asked, {answer.answered_before} answered before; "
    text += f"{answer.input_tokens:,} tokens sent, {answer.output_tokens:,} came back in {answer.seconds:.1f} s"
    note(text + (_cost(answer.usd, "") if answer.asked else "") + ".")
    if answer.asked > len(answer.failed) and not answer.input_tokens + answer.output_tokens:
        note("The server reports no tokens; --llm-budget counts the most that each page may have taken.")
    if answer.dropped:
        told = ", ".join(f"{one.count} {one.reason}" for one in answer.dropped)
        note(f"Left out of its answers: {told}.")
    for failed in answer.failed:
        note(f"No answer to page {failed.page} of {failed.pages} of '{failed.session}': {failed.reason}.")
    if answer.failed:
        note("Decisions found without the model are kept. Run it again to ask the failed pages.")
    if answer.over_budget:
        remedy = "Run it again to go on." if answer.asked else "Not one page fits: give a larger --llm-budget."
        note(f"{counted(answer.over_budget, 'page')} not asked, to stay under the budget. {remedy}")


def is_whole(answer: LlmReport | None) -> bool:
    """Whether every page was answered."""
    return answer is None or not (answer.failed or answer.over_budget)


def _cost(usd: float | None, how: str) -> str:
    return f", {how}${usd:,.2f}" if usd is not None else ", price unknown (INTENT_LLM_PRICE sets one)"
