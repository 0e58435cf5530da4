"""Laws of every reader of meeting and speech JSON, on its own sample bent out of shape, and on the largest inputs."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers import (
    assemblyai,
    aws_speech,
    deepgram,
    fathom_json,
    fireflies,
    granola,
    meet_entries,
    read_ai,
    whisper_json,
)
from ingest.records import Reader, Rejected, Session, Source
from ingest.registry import readers
from ingest.sources import Declared, stdin_source
from ingest.text import normalise
from tests.growth import assert_linear

MODULES = (assemblyai, aws_speech, deepgram, fathom_json, fireflies, granola, meet_entries, read_ai, whisper_json)
READERS = tuple(module.READER for module in MODULES)
SAMPLES = Path(__file__).parents[3] / "data" / "samples"
STRANGE = (
    *(None, True, 0, -1, 1.5, 10**30, float("nan"), float("inf"), 10**18, 1774512000000, "", " ", "\ud83d", "\x00"),
    *("a\u0301", "\u0301", "1.5", "1e400", "99:99:99", "9999-12-31T23:59:59-23:59", "\u2028", "१२", [], {}, [[]], [{}]),
)


def document_of(reader: Reader) -> object:
    (path,) = (SAMPLES / reader.name).iterdir()
    value = json.loads(path.read_text(encoding="utf-8"))
    return json.loads(value["cache"]) if reader.name == "granola" else value


def bent(value: object, random: Random, share: float) -> object:
    if random.random() < share:
        return random.choice(STRANGE)
    if isinstance(value, dict):
        return {key: bent(item, random, share) for key, item in value.items() if random.random() >= share}
    return [bent(item, random, share) for item in value] if isinstance(value, list) else value


def check(reader: Reader, data: bytes) -> None:
    opened = stdin_source(data, Declared())
    assert 0 <= reader.accepts(opened) <= 100
    try:
        found = list(reader.read(opened))
    except SourceError:
        return
    sessions = [item for item in found if isinstance(item, Session)]
    refused = sum(item.units for item in found if isinstance(item, Rejected))
    aside = sum(units for item in sessions for _, units in item.set_aside)
    assert sum(item.kept for item in sessions) + aside + refused == reader.count(opened)
    for item in sessions:
        assert [one.index for one in item.utterances] == list(range(len(item.utterances)))
        assert all(one.text.strip() and one.text == normalise(one.text) and one.locator for one in item.utterances)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@given(seed=st.integers(0, 2**32), share=st.sampled_from([0.005, 0.03, 0.15]), ascii_only=st.booleans())
def test_every_unit_is_accounted_for_however_the_sample_is_bent(
    reader: Reader, seed: int, share: float, ascii_only: bool
) -> None:
    text = json.dumps(bent(document_of(reader), Random(seed), share), ensure_ascii=ascii_only)
    check(reader, text.encode("utf-8", "replace"))


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_no_other_reader_wants_the_sample(reader: Reader) -> None:
    (path,) = (SAMPLES / reader.name).iterdir()
    opened = stdin_source(path.read_bytes(), Declared())
    assert [one.name for one in readers() if one.accepts(opened)] == [reader.name]


def slow_ones(words: int) -> list[tuple[Reader, object]]:
    def spoken(*words: dict[str, object]) -> object:
        return {"results": {"channels": [{"alternatives": [{"words": list(words)}]}]}}

    items = [{"start_time": str(at), "end_time": str(at), "alternatives": [{"content": "a"}]} for at in range(words)]
    labels = [{"start_time": "0", "end_time": str(words), "speaker_label": "spk_0"}] * words
    return [
        (deepgram.READER, spoken(*[{"word": "word", "start": at / 10, "end": at / 10} for at in range(words)])),
        (deepgram.READER, spoken(*[{"word": "a."}] * words)),
        (deepgram.READER, spoken({"word": "a. " * (words * 15)})),
        (deepgram.READER, '{"is_final": true, "channel": {}}\n' + '{"a": "\n' * words),
        (aws_speech.READER, {"results": {"items": items, "speaker_labels": {"segments": labels}}}),
        (whisper_json.READER, {"segments": [{"start": 0, "text": "[" + " a-" * 60}] * words}),
        (granola.READER, {"cache": '{"state":' + '{"documents":' * words}),
        (assemblyai.READER, '{"text": "' + '\\"' * (words * 50)),
    ]


@pytest.mark.parametrize("which", range(len(slow_ones(1))))
def test_the_worst_documents_are_read_in_linear_time(which: int) -> None:
    def read(words: int) -> None:
        reader, document = slow_ones(words)[which]
        text = document if isinstance(document, str) else json.dumps(document)
        check(reader, text.encode())

    assert_linear(read, 1_250)


def opening(data: bytes) -> Source:
    return stdin_source(data, Declared())


@pytest.mark.parametrize(("start", "piece"), [(b"", b'{"a":'), (b"", b"["), (b'{"a":1', b" "), (b"", b'{"\\')])
def test_any_opening_is_recognised_in_linear_time(start: bytes, piece: bytes) -> None:
    def recognise(chars: int) -> None:
        data = start + piece * (chars // len(piece))
        assert not any(reader.accepts(opening(data)) for reader in READERS)

    assert_linear(recognise, 16_000)
