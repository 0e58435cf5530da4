"""Part of the audio reader: Whisper and the detector of speech, as faster-whisper runs them.

The only module that knows faster-whisper and CTranslate2, an optional extra that takes seconds to load: it is imported
when the first stretch is heard. Nothing is fetched from here. A model is a folder in CTranslate2 form; its tokenizer
must lie in it, for the library would otherwise download one.

Stretches are decoded in batches, greedily over beams as faster-whisper does; one whose words Whisper itself would not
trust (log-probability below -1.0 or compression ratio above 2.4, its own limits) is decoded once more alone, with
Whisper's rising temperatures. The random numbers of these are seeded, so the same sound gives the same words but for
what the order of sums in several threads may change; what was heard is kept, and not heard twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ExtraMissing, WhisperMissing, WhisperUnusable
from ingest.fingerprint import fingerprint, fingerprint_of_bytes
from ingest.hearing import (
    EXTRA,
    SAMPLE_RATE,
    WHISPER_MODELS,
    Hearing,
    Spoken,
    SpokenWord,
    Stretch,
    model_folder,
)

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment

Sound = NDArray[np.float32]

_VERSION = 1
"""Raised when the same model makes other words of the same sound."""
_LOW_LOGPROB = -1.0
_LOOP_RATIO = 2.4
_NO_SPEECH_PROB = 0.6
_SEED = 7
_LANGUAGE_STRETCHES = 4
"""Half a minute each: what the language is told by, unless an earlier one settles it."""
_HINT_TOKENS = 220
"""Half of what the decoder can hold: prompt and hot words together, the rest is for the words of the stretch."""
_WHISPERS_OWN = {"jv": "jw"}
"""Codes that Whisper writes otherwise than BCP 47."""
_SAMPLED_BLOCKS = 64
_SAMPLED_BYTES = 64 * 1024
"""A model's weights are told apart by 4 MB spread over them: hashing all 3 GB of a large one takes seconds each run."""


def speech_detector(uri: str) -> SpeechDetector:
    """The detector of speech that faster-whisper bundles (Silero).

    Raises: ExtraMissing.
    """
    try:
        from faster_whisper.vad import get_vad_model  # noqa: PLC0415  the optional extra, seconds to load
    except ModuleNotFoundError as error:
        raise ExtraMissing(uri, "a recording", EXTRA) from error
    return SpeechDetector(get_vad_model())


@dataclass(frozen=True, slots=True)
class SpeechDetector:
    """For each frame the probability that it holds speech."""

    model: object

    def __call__(self, sound: Sound) -> Sound:
        """Shape: one figure for each 512 samples."""
        assert callable(self.model)
        return np.asarray(self.model(sound), np.float32).reshape(-1)


def whisper(uri: str, hearing: Hearing) -> Whisper:
    """The model that was asked for, to be loaded when it is first used.

    Raises: ExtraMissing, before a model is asked for that could not be used; WhisperMissing; WhisperUnusable where the
        folder is no model in CTranslate2 form.
    """
    if find_spec("faster_whisper") is None:
        raise ExtraMissing(uri, "a recording", EXTRA)
    folder = model_folder(hearing)
    known = WHISPER_MODELS.get(hearing.model)
    if (
        (folder.suffix == ".pt" and folder.is_file())
        or any(folder.glob("*.pt"))
        or (folder / "model.safetensors").is_file()
    ):
        raise WhisperUnusable(uri, model=hearing.model, cause=_conversion(folder))
    if not (folder / "model.bin").is_file():
        raise WhisperMissing(
            uri,
            model=hearing.model,
            folder=folder.as_posix(),
            megabytes=known.megabytes if known else None,
            known=tuple(WHISPER_MODELS),
        )
    if not (folder / "tokenizer.json").is_file():
        cause = f"'{folder.as_posix()}' has no tokenizer.json; copy the one the model was made with into it"
        raise WhisperUnusable(uri, model=hearing.model, cause=cause)
    return Whisper(uri, hearing, folder)


def _conversion(folder: Path) -> str:
    """How a model in another form is made one that can be used."""
    what = "a checkpoint of openai-whisper" if folder.suffix == ".pt" else "a model in the form of PyTorch"
    model = "openai/whisper-" + folder.stem if folder.suffix == ".pt" else folder.as_posix()
    return (
        f"it is {what}. Convert it to CTranslate2's once: pip install 'transformers[torch]', then "
        f"ct2-transformers-converter --model {model} --output_dir FOLDER --quantization float16 "
        "--copy_files tokenizer.json preprocessor_config.json; and name FOLDER as the model"
    )


@dataclass(eq=False)
class Whisper:
    """A Transcriber: faster-whisper with one model."""

    uri: str
    hearing: Hearing
    folder: Path

    @property
    def fingerprint(self) -> str:
        """Of the model's files, of how stretches are decoded, and of this module's version."""
        files = sorted(path for path in self.folder.iterdir() if path.suffix in {".bin", ".json", ".txt"})
        weights = [(path.name, path.stat().st_size, fingerprint_of_bytes(_sampled(path))) for path in files]
        return fingerprint([_VERSION, weights, self.hearing.batch_size > 1])

    def language(self, stretches: Sequence[Stretch]) -> str:
        """By up to two minutes of speech; a model of English alone hears English."""
        if not self._model.model.is_multilingual:
            return "en"
        sound = np.concatenate([_whole_windows(one.sound) for one in stretches[:_LANGUAGE_STRETCHES]])
        told, _, _ = self._model.detect_language(sound, language_detection_segments=_LANGUAGE_STRETCHES)
        return str(told)

    def transcribe(self, stretches: Sequence[Stretch], language: str) -> Sequence[Sequence[Spoken]]:
        """In one batch, and alone those whose words are not to be trusted."""
        language = _WHISPERS_OWN.get(language, language)
        if language not in self._model.supported_languages:
            cause = f"it does not know the language '{language}'; it knows {self._languages()}"
            raise WhisperUnusable(self.uri, model=self.hearing.model, cause=cause)
        if self.hearing.batch_size < 2:
            return [self._alone(stretch, language) for stretch in stretches]
        together = self._together(stretches, language)
        return [
            self._alone(stretch, language) if any(map(_is_untrusted, spoken)) else spoken
            for stretch, spoken in zip(stretches, together, strict=True)
        ]

    @cached_property
    def _model(self) -> WhisperModel:
        try:
            import ctranslate2  # noqa: PLC0415  the optional extra, seconds to load
        except ModuleNotFoundError as error:
            raise ExtraMissing(self.uri, "a recording", EXTRA) from error
        try:
            device = self.hearing.device
            if device == "auto":
                device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
            return _loaded(self.folder.as_posix(), device, self.fingerprint)
        except (RuntimeError, ValueError, OSError) as error:
            cause = f"{' '.join(str(error).split())}. Fetch the model again, or try --device cpu"
            raise WhisperUnusable(self.uri, model=self.hearing.model, cause=cause) from error

    def _languages(self) -> str:
        known = sorted(self._model.supported_languages)
        return ", ".join(known[:12]) + ("…" if len(known) > 12 else "")

    def _together(self, stretches: Sequence[Stretch], language: str) -> list[list[Spoken]]:
        from faster_whisper import BatchedInferencePipeline  # noqa: PLC0415  likewise

        sound, starts = _joined(stretches)
        clips = [
            {"start": start, "end": start + len(one.sound) / SAMPLE_RATE}
            for start, one in zip(starts, stretches, strict=True)
        ]
        segments, _ = BatchedInferencePipeline(self._model).transcribe(
            sound,
            language=language,
            task=self.hearing.task,
            clip_timestamps=clips,
            batch_size=self.hearing.batch_size,
            word_timestamps=True,
            **self._hints,
        )
        of_clip: dict[int, list[Spoken]] = {round(start): [] for start in starts}
        place = {round(start): stretch for start, stretch in zip(starts, stretches, strict=True)}
        for segment in segments:
            clip = segment.seek // 100  # a hundredth of a second is a frame
            of_clip[clip].append(_spoken(segment, place[clip], clip))
        return list(of_clip.values())

    def _alone(self, stretch: Stretch, language: str) -> list[Spoken]:
        import ctranslate2  # noqa: PLC0415  likewise

        ctranslate2.set_random_seed(_SEED)
        segments, _ = self._model.transcribe(
            stretch.sound,
            language=language,
            task=self.hearing.task,
            condition_on_previous_text=False,
            word_timestamps=True,
            **self._hints,
        )
        return [_spoken(segment, stretch, 0) for segment in segments]

    @cached_property
    def _hints(self) -> Mapping[str, str | None]:
        """Prompt and hot words, as many of these as leave the decoder room."""
        encode = self._model.hf_tokenizer.encode
        prompt = self.hearing.prompt
        left = _HINT_TOKENS - (len(encode(prompt, add_special_tokens=False).ids) if prompt else 0)
        chosen: list[str] = []
        for word in self.hearing.hot_words:
            left -= len(encode(f" {word},", add_special_tokens=False).ids)
            if left < 0:
                break
            chosen.append(word)
        return {"initial_prompt": prompt, "hotwords": ", ".join(chosen) or None}


@lru_cache(maxsize=1)
def _loaded(folder: str, device: str, _fingerprint: str) -> WhisperModel:
    """The model, loaded once for all recordings of a run: a large one takes seconds, and its memory."""
    import ctranslate2  # noqa: PLC0415  the optional extra, seconds to load
    from faster_whisper import WhisperModel  # noqa: PLC0415  likewise

    kinds = ctranslate2.get_supported_compute_types(device)
    quick = "float16" if device == "cuda" else "int8"
    return WhisperModel(
        folder, device=device, compute_type=quick if quick in kinds else "default", local_files_only=True
    )


def _sampled(path: Path) -> Iterator[bytes]:
    size = path.stat().st_size
    with path.open("rb") as stream:
        for block in range(_SAMPLED_BLOCKS):
            stream.seek(max(0, size - _SAMPLED_BYTES) * block // (_SAMPLED_BLOCKS - 1))
            yield stream.read(_SAMPLED_BYTES)


def _whole_windows(sound: Sound) -> Sound:
    """Filled up to the half minute, so that each stretch is judged by itself."""
    return np.pad(sound, (0, max(0, 30 * SAMPLE_RATE - len(sound))))


def _joined(stretches: Sequence[Stretch]) -> tuple[Sound, list[float]]:
    """The stretches in one sound, and the second at which each begins: a whole one, which no rounding moves."""
    padded = [np.pad(one.sound, (0, -len(one.sound) % SAMPLE_RATE)) for one in stretches]
    starts = np.cumsum([0, *(len(one) for one in padded)])[:-1] / SAMPLE_RATE
    return np.concatenate(padded), [float(start) for start in starts]


def _is_untrusted(spoken: Spoken) -> bool:
    """Whether Whisper would decode the segment again, by its own rule."""
    low = spoken.avg_logprob is not None and spoken.avg_logprob < _LOW_LOGPROB
    if low and spoken.no_speech_prob is not None and spoken.no_speech_prob > _NO_SPEECH_PROB:
        return False
    return low or (spoken.compression_ratio is not None and spoken.compression_ratio > _LOOP_RATIO)


def _spoken(segment: Segment, stretch: Stretch, start_s: float) -> Spoken:
    """A segment of the library, its times counted from the start of the recording and within its stretch."""

    def ms(seconds: float) -> int:
        return min(max(stretch.start_ms + round((seconds - start_s) * 1000), stretch.start_ms), stretch.end_ms)

    words = tuple(
        SpokenWord(str(word.word), ms(word.start), ms(word.end), round(float(word.probability), 3))
        for word in segment.words or ()
    )
    return Spoken(
        str(segment.text).strip(),
        ms(segment.start),
        ms(segment.end),
        words,
        round(float(segment.avg_logprob), 3),
        round(float(segment.no_speech_prob), 3),
        round(float(segment.compression_ratio), 3),
    )
