"""The true path of faster-whisper, on a model of random weights: its words mean nothing, all else is as in use."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import ctranslate2
import numpy as np
import pytest

from ingest.errors import ExtraMissing, WhisperMissing, WhisperUnusable
from ingest.hearing import WHISPER_MODELS, Hearing, Spoken, Stretch
from ingest.pipeline import Reading, read
from ingest.readers import audio_whisper
from ingest.readers.audio import READER
from ingest.readers.audio_whisper import Whisper, whisper
from ingest.sources import Declared, file_source
from tests.sound import conversation, hearing, pause, speech, write
from tests.whisper_model import tiny_whisper

LINES = (
    (0, "Let's go with DuckDB for the mart because it needs no server."),
    (1, "Agreed, DuckDB it is. We drop Postgres."),
    (0, "Then the orders model gets a contract."),
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sure of its words."""
    return tiny_whisper(tmp_path_factory.mktemp("sure") / "model")


@pytest.fixture(scope="module")
def unsure(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Whose words Whisper's own limits do not trust."""
    return tiny_whisper(tmp_path_factory.mktemp("unsure") / "model", ends=8.0, sharp=0.5)


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Path:
    channels, _ = conversation(LINES)
    return write(tmp_path_factory.mktemp("call") / "call.wav", [channels])


@pytest.fixture
def asked(tmp_path: Path, model: Path) -> Hearing:
    return hearing(tmp_path, model=str(model), device="cpu", language="en", batch_size=2)


def stretches() -> list[Stretch]:
    sounds = [speech("we go with DuckDB"), np.concatenate([pause(0.3), speech("and drop Postgres")])]
    starts = (5_000, 60_000)
    return [Stretch(0, start, start + len(sound) // 16, sound) for start, sound in zip(starts, sounds, strict=True)]


def heard(path: Path, asked: Hearing) -> Reading:
    return read(file_source(path, Declared(hearing=asked)), READER)


def test_a_recording_is_decoded_into_timed_utterances_of_its_channels(call: Path, asked: Hearing) -> None:
    reading = heard(call, asked)
    session = reading.sessions[0]
    assert reading.read == 3
    assert {one.speaker for one in session.utterances} == {"Channel 1", "Channel 2"}
    times = [(one.start_ms, one.end_ms) for one in session.utterances]
    assert all(start is not None and end is not None and start <= end for start, end in times)
    assert [start for start, _ in times] == sorted(start or 0 for start, _ in times)
    second = [one for one in session.utterances if one.speaker == "Channel 2"]
    assert 6_000 < (second[0].start_ms or 0) < 10_500


def test_a_model_is_loaded_once_for_all_recordings(asked: Hearing, unsure: Path) -> None:
    one, other = whisper("a.wav", asked), whisper("b.wav", replace(asked, task="translate"))
    assert one._model is other._model
    assert whisper("c.wav", replace(asked, model=str(unsure)))._model is not one._model


@pytest.mark.parametrize("batch_size", [1, 4])
def test_segments_have_words_with_times_within_their_stretch(asked: Hearing, batch_size: int) -> None:
    found = whisper("m.wav", replace(asked, batch_size=batch_size)).transcribe(stretches(), "en")
    for stretch, spoken in zip(stretches(), found, strict=True):
        assert spoken
        for segment in spoken:
            assert segment.words
            for word in segment.words:
                assert stretch.start_ms <= word.start_ms <= word.end_ms <= stretch.end_ms
            assert segment.avg_logprob is not None
            assert segment.avg_logprob < 0


def test_the_same_sound_gives_the_same_words_alone_and_in_a_batch_of_others(asked: Hearing) -> None:
    model = whisper("m.wav", asked)
    together = model.transcribe(stretches(), "en")
    alone = [model.transcribe([one], "en")[0] for one in stretches()]
    assert [[one.text for one in spoken] for spoken in together] == [[one.text for one in spoken] for spoken in alone]


def test_segments_that_whisper_does_not_trust_are_decoded_alone_once_more(
    asked: Hearing, unsure: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = whisper("m.wav", replace(asked, model=str(unsure)))
    again: list[int] = []
    alone = Whisper._alone

    def counted(self: Whisper, stretch: Stretch, language: str) -> list[Spoken]:
        again.append(stretch.start_ms)
        return alone(self, stretch, language)

    monkeypatch.setattr(Whisper, "_alone", counted)
    seeds: list[int] = []
    monkeypatch.setattr(ctranslate2, "set_random_seed", seeds.append)
    assert all(model.transcribe(stretches(), "en"))
    assert again == [5_000, 60_000]
    assert len(seeds) == 2  # each begins with the same random numbers, whatever was decoded before
    assert len(set(seeds)) == 1


def test_uncertain_words_carry_their_doubt_to_the_utterance(call: Path, asked: Hearing, unsure: Path) -> None:
    session = heard(call, replace(asked, model=str(unsure))).sessions[0]
    assert session.utterances
    assert all((one.doubt or "").startswith("low log-probability -") for one in session.utterances)


def test_the_language_is_told_once_and_kept(call: Path, asked: Hearing, tmp_path: Path) -> None:
    told = heard(call, replace(asked, language=None)).sessions[0]
    assert told.language is not None
    assert any(note.startswith("language told by the model: ") for note in told.notes)
    again = whisper("m.wav", asked).language([replace(one, voice=1) for one in stretches()])
    assert again in whisper("m.wav", asked)._model.supported_languages


def test_a_killed_run_goes_on_and_a_finished_one_is_found(
    call: Path, asked: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_by_one = replace(asked, batch_size=1)
    heard_at: list[int] = []
    transcribe = Whisper.transcribe

    def dying(self: Whisper, given: Sequence[Stretch], language: str) -> Sequence[Sequence[Spoken]]:
        if len(heard_at) == 2:
            raise KeyboardInterrupt
        heard_at.extend(one.start_ms for one in given)
        return transcribe(self, given, language)

    monkeypatch.setattr(Whisper, "transcribe", dying)
    with pytest.raises(KeyboardInterrupt):
        heard(call, one_by_one)
    assert len(heard_at) == 2
    resumed: list[int] = []

    def counting(self: Whisper, given: Sequence[Stretch], language: str) -> Sequence[Sequence[Spoken]]:
        resumed.extend(one.start_ms for one in given)
        return transcribe(self, given, language)

    monkeypatch.setattr(Whisper, "transcribe", counting)
    reading = heard(call, one_by_one)
    assert len(resumed) == 1
    assert not set(resumed) & set(heard_at)
    assert heard(call, one_by_one) == reading
    assert len(resumed) == 1
    fresh = heard(call, replace(one_by_one, cache=asked.models / "fresh"))
    assert fresh == reading
    assert len(resumed) == 4


def test_a_model_with_other_weights_is_another_transcript(asked: Hearing, unsure: Path) -> None:
    one, other = whisper("m.wav", asked), whisper("m.wav", replace(asked, model=str(unsure)))
    assert one.fingerprint == whisper("m.wav", asked).fingerprint
    assert one.fingerprint != other.fingerprint
    assert one.fingerprint != whisper("m.wav", replace(asked, batch_size=1)).fingerprint


def test_hints_leave_the_decoder_room(asked: Hearing) -> None:
    words = tuple(f"stg_orders_{at}" for at in range(500))
    model = whisper("m.wav", replace(asked, prompt="A data meeting.", hot_words=words))
    hints = model._hints
    used = model._model.hf_tokenizer.encode(f"{hints['initial_prompt']} {hints['hotwords']}").ids
    assert 100 < len(used) <= 221
    assert (hints["hotwords"] or "").startswith("stg_orders_0, stg_orders_1")
    assert model.transcribe(stretches(), "en")[0]


def test_a_model_that_is_not_there_is_an_error_with_its_size_and_the_command(asked: Hearing, call: Path) -> None:
    with pytest.raises(WhisperMissing, match=r"486 MB, with: intent models pull small\."):
        heard(call, replace(asked, model="small"))
    with pytest.raises(WhisperMissing, match="or one of tiny, "):
        heard(call, replace(asked, model="no-such-model"))


def test_without_the_extra_the_error_says_how_it_is_installed(
    asked: Hearing, call: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio_whisper, "find_spec", lambda _: None)
    with pytest.raises(ExtraMissing, match=r"pip install 'intent-server\[audio\]'"):
        heard(call, replace(asked, model="small"))


def test_a_model_of_a_known_name_is_taken_from_its_folder(asked: Hearing, model: Path) -> None:
    asked.models.mkdir(parents=True)
    (asked.models / "small").symlink_to(model)
    assert whisper("m.wav", replace(asked, model="small")).transcribe(stretches(), "en")
    assert "small" in WHISPER_MODELS


def test_models_of_openai_whisper_and_of_pytorch_say_how_they_are_converted(asked: Hearing, tmp_path: Path) -> None:
    checkpoint = tmp_path / "small.pt"
    checkpoint.write_bytes(b"PK\x03\x04")
    with pytest.raises(WhisperUnusable, match="ct2-transformers-converter --model openai/whisper-small "):
        whisper("m.wav", replace(asked, model=str(checkpoint)))
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "model.safetensors").write_bytes(b"")
    with pytest.raises(WhisperUnusable, match="in the form of PyTorch"):
        whisper("m.wav", replace(asked, model=str(tmp_path / "hub")))


def test_a_model_without_its_tokenizer_is_refused_before_the_library_would_fetch_one(
    asked: Hearing, model: Path, tmp_path: Path
) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "model.bin").symlink_to(model / "model.bin")
    with pytest.raises(WhisperUnusable, match=r"no tokenizer\.json"):
        whisper("m.wav", replace(asked, model=str(tmp_path / "bare")))


def test_a_broken_model_is_an_error_and_no_crash(asked: Hearing, model: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in model.iterdir():
        (broken / path.name).write_bytes(path.read_bytes()[:1000] if path.name == "model.bin" else path.read_bytes())
    with pytest.raises(WhisperUnusable, match="Fetch the model again"):
        whisper("m.wav", replace(asked, model=str(broken))).transcribe(stretches(), "en")


def test_a_device_that_is_not_there_is_an_error_that_says_what_would_do(asked: Hearing) -> None:
    import ctranslate2  # noqa: PLC0415  slow to load

    if ctranslate2.get_cuda_device_count():
        pytest.skip("there is a GPU")
    with pytest.raises(WhisperUnusable, match="try --device cpu"):
        whisper("m.wav", replace(asked, device="cuda")).transcribe(stretches(), "en")


def test_a_language_that_the_model_does_not_know_is_an_error_that_lists_them(asked: Hearing) -> None:
    with pytest.raises(WhisperUnusable, match=r"'xx'; it knows af, am, "):
        whisper("m.wav", asked).transcribe(stretches(), "xx")


def test_a_language_may_be_named_in_words(call: Path, asked: Hearing) -> None:
    assert heard(call, replace(asked, language="German")).sessions[0].language == "de"


@pytest.fixture(autouse=True)
def nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import faster_whisper.transcribe  # noqa: PLC0415  slow to load

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a model would have been downloaded")

    monkeypatch.setattr(faster_whisper.transcribe, "download_model", refuse)
    yield
