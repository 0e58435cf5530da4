"""Part of the write side: extraction with a language model beside it, where one is asked or was asked before.

The model's candidates join those found without it: the same words are one decision, and the same grounding decides
what is kept. A page that fails leaves the session as it would be without a model; the next run asks it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic

from ingest.extract.ground import ground
from ingest.extract.llm import Ask, Unanswered, proposed
from ingest.extract.llm_answer import PageAnswer
from ingest.extract.llm_merge import Overlapping, merged
from ingest.extract.llm_pages import Page, instructions, pages, token_estimate
from ingest.pipeline import extract
from ingest.records import Draft, Ingested, Session
from ingest.text import folded
from intent_server.answers_llm import Dropped, FailedPage, LlmReport
from intent_server.config import Settings
from intent_server.record_llm_answers import Kept, choose, keep, kept, place_of

ASKED_KINDS = frozenset({"meeting", "agent_session", "pull_request", "chat", "mail", "issue"})
"""Conversations. Decision records, commits and statements say by their form what they decide."""
Extract = Callable[[Session], Ingested]


@dataclass(slots=True)
class Asking:
    """What one run asks of a model, and what came of it so far."""

    model: str
    ask: Ask
    output_tokens: int
    """The most that one answer may take."""
    budget: int | None = None
    """Tokens, read and written, that the run may use."""
    source: str | None = None
    """What is read now, for sessions without a title."""
    clock: Callable[[], float] = monotonic
    pages: int = 0
    answered_before: int = 0
    asked: int = 0
    over_budget: int = 0
    input_tokens: int = 0
    output_used: int = 0
    seconds: float = 0.0
    failed: list[FailedPage] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    _spent: int = 0
    """What counts against the budget: as the server reports, or the most it may have been where it reports nothing."""
    _final: str | None = None
    """Why no page can be answered any more."""

    def answer(self, page: Page, name: str) -> tuple[PageAnswer, tuple[int, int]] | None:
        """What the model says of a page, with the tokens used; None, noted, where that fails or would cost too much."""
        if self._final is not None:
            self._fail(page, name, self._final)
            return None
        most = page_tokens(page) + self.output_tokens
        twice = 2 * most + self.output_tokens  # asked once more, with the answer that did not fit
        if self.over_budget or (self.budget is not None and self._spent + twice > self.budget):
            self.over_budget += 1
            return None
        begun = self.clock()
        said = self.ask(page)
        self.seconds += self.clock() - begun
        self.asked += 1
        self.input_tokens += said.input_tokens
        self.output_used += said.output_tokens
        self._spent += said.input_tokens + said.output_tokens or most
        if isinstance(said, Unanswered):
            self._final = said.reason if said.is_final else None
            self._fail(page, name, said.reason)
            return None
        return said.answer, (said.input_tokens, said.output_tokens)

    def _fail(self, page: Page, name: str, reason: str) -> None:
        self.failed.append(FailedPage(session=name, page=page.number, pages=page.count, reason=reason))

    def report(self, usd: Callable[[int, int, int], float | None]) -> LlmReport:
        """The whole of it, with what it cost where a price is known."""
        return LlmReport(
            model=self.model,
            pages=self.pages,
            answered_before=self.answered_before,
            asked=self.asked,
            failed=self.failed,
            over_budget=self.over_budget,
            input_tokens=self.input_tokens,
            output_tokens=self.output_used,
            seconds=round(self.seconds, 1),
            usd=usd(self.input_tokens, self.output_used, self.asked),
            dropped=[Dropped(reason=reason, count=count) for reason, count in sorted(self.dropped.items())],
        )


def page_tokens(page: Page) -> int:
    """About how many tokens are sent to ask of a page, the schema included."""
    return token_estimate(page.prompt) + token_estimate(instructions()) + _SCHEMA_TOKENS


_SCHEMA_TOKENS = 700
"""The answer's schema has 2,300 characters, and comes back in a few hundred tokens of wrapping."""


def with_answers(settings: Settings) -> Extract:
    """Extraction with the answers that models gave before; nobody is asked."""
    return lambda session: _extracted(settings.store, session, None)


def with_model(settings: Settings, asking: Asking) -> Extract:
    """Extraction with a model's answers, those not held asked for."""
    return lambda session: _extracted(settings.store, session, asking)


def without_model(settings: Settings) -> Extract:
    """Extraction alone, from now on too: answers held do not count any more, and stay for when they shall again."""

    def plain(session: Session) -> Ingested:
        place = place_of(settings.store, session.kind, session.native_id)
        if kept(place).model is not None:
            choose(place, None)
        return extract(session)

    return plain


def is_asked(session: Session) -> bool:
    """Whether a model is asked about a session of this kind."""
    return session.kind in ASKED_KINDS and bool(session.utterances)


def forget_answers(places: list[Path]) -> None:
    """Remove the files of what models said of sessions."""
    for place in places:
        place.unlink(missing_ok=True)


def _extracted(store: Path, session: Session, asking: Asking | None) -> Ingested:
    plain = extract(session)
    place = place_of(store, session.kind, session.native_id)
    if not is_asked(plain.session) or (asking is None and not place.exists()):
        return plain
    held = kept(place)
    model = held.model if asking is None else asking.model
    if model is None:
        return plain
    answers = list(_answers(place, plain.session, held, model, asking))
    if not answers and held.model not in (None, model):
        model = str(held.model)  # the one asked now answered nothing: what is known stays
        answers = list(_answers(place, plain.session, held, model, None))
    elif answers and kept(place).model != model:
        choose(place, model)
    found = proposed(plain.session, answers, model)
    whole = ground(Draft(plain.session, candidates=merged(plain.candidates, found.candidates, Overlapping.OTHER)))
    if asking is not None and asking.model == model:
        asking.dropped.update(dict(found.dropped))
        asking.dropped.update(item.reason for item in whole.rejected)
    return replace(plain, candidates=whole.candidates)


def _answers(
    place: Path, session: Session, held: Kept, model: str, asking: Asking | None
) -> Iterator[tuple[Page, PageAnswer]]:
    """The pages that are answered, asked for where they are not; each answer is kept as it comes."""
    source = asking.source if asking is not None else None
    name = folded(session.title or source or session.native_id, 80)
    for page in pages(session):
        known = held.answers.get((model, page.fingerprint))
        if asking is not None:
            asking.pages += 1
            asking.answered_before += known is not None
        if known is None and asking is not None:
            said = asking.answer(page, name)
            if said is not None:
                known, tokens = said
                keep(place, model, page, known, tokens)
        if known is not None:
            yield page, known
