"""Asking a language model over HTTP, with the library's real client against a scripted server."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ingest.errors import ModelUnusable
from ingest.extract.llm import Answered, Unanswered
from ingest.extract.llm_pages import Page, pages
from ingest.fetch import llm
from ingest.fetch.llm import Endpoint, asker
from ingest.records import Session, Utterance
from tests.llm_server import Asked, Server, error, good, serving, text

CHOICE = {"subject": "mart", "choice": {"utterance": 0, "words": "We use DuckDB"}, "status": "accepted"}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture(params=["openai", "anthropic"])
def endpoint(request: pytest.FixtureRequest, server: Server) -> Endpoint:
    url = f"{server.url}/v1" if request.param == "openai" else server.url
    return Endpoint(request.param, "scripted", url, "secret-key", timeout_s=5, output_tokens=900, retries=2)


@pytest.fixture
def page() -> Page:
    said = Utterance(0, "We use DuckDB for the mart.", "person", "cue 1", speaker="Mara")
    [one] = pages(Session("meeting", "m", (said,), 1))
    return one


def test_a_good_answer_comes_with_the_tokens_that_the_server_reports(
    server: Server, endpoint: Endpoint, page: Page
) -> None:
    server.script = [good(CHOICE, tokens=(321, 45))]
    said = asker(endpoint)(page)
    assert isinstance(said, Answered)
    assert [one.choice.words for one in said.answer.decisions] == ["We use DuckDB"]
    assert (said.input_tokens, said.output_tokens) == (321, 45)
    [asked] = server.asked
    assert page.prompt == asked.prompt
    assert "to be quoted" in asked.told
    assert asked.body.get("max_tokens") == 900
    assert asked.body["temperature"] == 0
    assert "secret-key" in (asked.headers.get("authorization", "") + asked.headers.get("x-api-key", ""))


@pytest.mark.parametrize("form", ["schema", "tool", "prompt"])
def test_the_schema_goes_as_the_server_can_take_it(server: Server, page: Page, form: llm.Form) -> None:
    server.script = [error(400)]
    asker(Endpoint("openai", "scripted", f"{server.url}/v1", form=form, retries=1))(page)
    body = server.asked[0].body
    given = {
        "schema": body.get("response_format", {}).get("type") == "json_schema",
        "tool": bool(body.get("tools")),
        "prompt": "JSON object" in str(body["messages"]),
    }
    assert [name for name, is_given in given.items() if is_given] == [form]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(server: Server, endpoint: Endpoint, page: Page, status: int) -> None:
    server.script = [error(status), error(status), good(CHOICE)]
    assert isinstance(asker(endpoint)(page), Answered)
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("status", "told", "is_final", "requests"),
    [
        (429, "too many requests", False, 3),
        (500, "the request failed", False, 3),
        (400, "INTENT_LLM_FORM=prompt", False, 1),
        (401, "the key was refused", True, 1),
        (404, "no such model", True, 1),
    ],
)
def test_a_failure_that_stays_is_told(
    server: Server, endpoint: Endpoint, page: Page, status: int, told: str, is_final: bool, requests: int
) -> None:
    server.always = error(status)
    said = asker(endpoint)(page)
    assert isinstance(said, Unanswered)
    assert told in said.reason
    assert "secret-key" not in said.reason
    assert said.is_final is is_final
    assert len(server.asked) == requests


def test_an_answer_that_does_not_fit_is_asked_for_once_more(server: Server, endpoint: Endpoint, page: Page) -> None:
    server.script = [text("Sure! Here are the decisions:", tokens=(100, 10)), good(CHOICE, tokens=(120, 30))]
    said = asker(endpoint)(page)
    assert isinstance(said, Answered)
    assert (said.input_tokens, said.output_tokens) == (220, 40)


def test_one_that_never_fits_is_no_answer_and_its_tokens_count(server: Server, endpoint: Endpoint, page: Page) -> None:
    server.always = text("I would rather talk about the weather.", tokens=(100, 10))
    said = asker(endpoint)(page)
    assert isinstance(said, Unanswered)
    assert "did not fit the schema" in said.reason
    assert (said.input_tokens, said.output_tokens, said.is_final) == (200, 20, False)


def test_an_answer_cut_off_is_no_answer(server: Server, page: Page) -> None:
    server.script = [text('{"decisions": [{"subject": "mart", "cho', end="length")]
    said = asker(Endpoint("openai", "scripted", f"{server.url}/v1", retries=1))(page)
    assert isinstance(said, Unanswered)
    assert "cut off" in said.reason
    assert len(server.asked) == 1


def test_no_answer_in_time_is_told(server: Server, page: Page) -> None:
    is_over = threading.Event()

    def silent(_: Asked) -> None:
        is_over.wait(10)

    server.always = silent
    said = asker(Endpoint("openai", "scripted", f"{server.url}/v1", retries=1, timeout_s=0.2))(page)
    is_over.set()
    assert isinstance(said, Unanswered)
    assert "INTENT_LLM_TIMEOUT_S" in said.reason
    assert not said.is_final
    assert len(server.asked) == 2


def test_a_connection_that_breaks_is_tried_again_and_no_server_is_told(server: Server, page: Page) -> None:
    here = Endpoint("openai", "scripted", f"{server.url}/v1", retries=1)
    server.script = [lambda _: None, good(CHOICE)]
    assert isinstance(asker(here)(page), Answered)
    nobody = asker(replace(here, url="http://127.0.0.1:9/v1"))(page)
    assert isinstance(nobody, Unanswered)
    assert "no server answers" in nobody.reason
    assert nobody.is_final


def test_a_providers_own_service_needs_a_key_and_no_server_does() -> None:
    with pytest.raises(ModelUnusable, match="ANTHROPIC_API_KEY"):
        asker(Endpoint("anthropic", "claude"))
    assert asker(Endpoint("openai", "qwen", "http://localhost:1/v1"))


def test_a_missing_extra_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "find_spec", lambda _: None)
    with pytest.raises(ModelUnusable, match=r"pip install 'intent-server\[llm\]'"):
        asker(Endpoint("openai", "qwen", "http://localhost:1/v1"))


def test_a_price_is_told_only_where_the_library_knows_one() -> None:
    claude = Endpoint("anthropic", "claude-sonnet-4-5")
    assert llm.price(claude, 1_000_000, 0, 100) == pytest.approx(3)
    assert llm.price(claude, 0, 0, 0) == 0
    assert llm.price(Endpoint("openai", "no-such-model"), 1_000_000, 0, 100) is None
    assert llm.price(Endpoint("openai", "gpt-5-mini", "http://localhost:1/v1"), 1_000_000, 0, 100) is None
