"""An agent reads a whole session page by page, each utterance with its number, and can quote any of it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from mcp import Client

from ingest.records import Session, Utterance
from intent_server.config import Settings
from intent_server.embed import bundled
from intent_server.mcp.server import build_server

pytestmark = pytest.mark.anyio

Keep = Callable[..., Path]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def talk(texts: list[str]) -> Session:
    said = tuple(
        Utterance(at, text, "person", f"cue {at}", speaker="Mara", start_ms=at) for at, text in enumerate(texts)
    )
    return Session("meeting", "long", said, len(said), title="Long planning")


async def pages(client: Client, session: str) -> AsyncIterator[dict]:
    cursor = ""
    while True:
        given = {"id": session} | ({"cursor": cursor} if cursor else {})
        answer = await client.call_tool("get", given)
        assert not answer.is_error, answer.content
        assert len(answer.content[0].text) <= 8_000
        yield answer.structured_content["session"]
        cursor = answer.structured_content["session"].get("next_cursor", "")
        if not cursor:
            return


async def test_two_thousand_utterances_are_walked_without_a_gap(keep: Keep) -> None:
    texts = [f"Point {at}: we looked at it and we keep it as it is, for now." for at in range(2_000)]
    place = keep((talk(texts), []), model=bundled())
    async with Client(build_server(Settings(store=place))) as client:
        seen = [line async for page in pages(client, "Long planning") for line in page["lines"]]
        calls = [page["session_id"] async for page in pages(client, "Long planning")]
        assert [line["utterance_index"] for line in seen] == list(range(2_000))
        assert [line["recorded_text"] for line in seen] == texts
        assert len(calls) <= 60
        assert len(set(calls)) == 1
        given = {"subject": "point 1234", "choice": seen[1234]["recorded_text"], "session": calls[0], "utterance": 1234}
        made = await client.call_tool("record_decision", given)
    quote = made.structured_content["decision"]["choice"]["quotes"][0]
    assert quote["place"]["utterance_index"] == 1234


async def test_an_utterance_longer_than_a_page_is_read_to_its_end(keep: Keep) -> None:
    long = " ".join(f"word{at}" for at in range(4_000)) + " so we keep the vault."
    long = f"\u202e{long}"
    place = keep((talk(["Hello.", long, "Goodbye."]), []), model=bundled())
    async with Client(build_server(Settings(store=place))) as client:
        lines = [line async for page in pages(client, "Long planning") for line in page["lines"]]
        begin = [line.get("from_char", 0) for line in lines if line["utterance_index"] == 1]
        text = "".join(line["recorded_text"].removesuffix("[…]") for line in lines if line["utterance_index"] == 1)
    assert text == long.replace("\u202e", "⟨U+202E⟩")
    assert begin == sorted(set(begin))
    assert [line["recorded_text"] for line in lines if line["utterance_index"] != 1] == ["Hello.", "Goodbye."]


async def test_a_cursor_that_no_answer_gave_is_refused(keep: Keep) -> None:
    place = keep((talk(["Hello."]), []), model=bundled())
    async with Client(build_server(Settings(store=place))) as client:
        for cursor in ("1.x", "1.2.3", ".5.", "x"):
            answer = await client.call_tool("get", {"id": "Long planning", "cursor": cursor})
            assert answer.is_error
            assert "none that an answer gave" in answer.content[0].text
