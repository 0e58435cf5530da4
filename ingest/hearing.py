"""What it takes to hear a recording: the model and its options, what it is given and gives, and how far it is.

A recording has voices (a track, a channel, or the mix of all), a voice has stretches in which somebody speaks, and of
a stretch a Transcriber makes Spoken segments. All times are milliseconds from the start of the recording.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]
    """One voice's samples, SAMPLE_RATE a second, -1 to 1."""

Task = Literal["transcribe", "translate"]
Device = Literal["auto", "cpu", "cuda"]

EXTRA = "audio"
SAMPLE_RATE = 16_000
"""Samples a second of what a Transcriber is given: what Whisper was trained on."""
BATCH_SIZE = 8
"""Stretches transcribed together unless told otherwise; 1 is one after the other."""
MODEL_FILES = ("config.json", "model.bin", "preprocessor_config.json", "tokenizer.json", "vocabulary.*")
"""What a model folder holds; the preprocessor's file and one of the vocabulary's forms may be missing."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A Whisper model in CTranslate2 form that can be had by name."""

    repository: str
    """On the Hugging Face Hub."""
    megabytes: int
    """Of the download."""


WHISPER_MODELS: Mapping[str, KnownModel] = MappingProxyType(
    {
        "tiny": KnownModel("Systran/faster-whisper-tiny", 78),
        "tiny.en": KnownModel("Systran/faster-whisper-tiny.en", 78),
        "base": KnownModel("Systran/faster-whisper-base", 148),
        "base.en": KnownModel("Systran/faster-whisper-base.en", 148),
        "small": KnownModel("Systran/faster-whisper-small", 486),
        "small.en": KnownModel("Systran/faster-whisper-small.en", 486),
        "medium": KnownModel("Systran/faster-whisper-medium", 1_531),
        "medium.en": KnownModel("Systran/faster-whisper-medium.en", 1_531),
        "large-v2": KnownModel("Systran/faster-whisper-large-v2", 3_090),
        "large-v3": KnownModel("Systran/faster-whisper-large-v3", 3_091),
        "large-v3-turbo": KnownModel("mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1_622),
        "distil-small.en": KnownModel("Systran/faster-distil-whisper-small.en", 336),
        "distil-large-v3": KnownModel("Systran/faster-distil-whisper-large-v3", 1_516),
    }
)

OTHER_NAMES: Mapping[str, str] = MappingProxyType({"large": "large-v3", "turbo": "large-v3-turbo"})
"""What openai-whisper calls them too."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How far a recording is: told after every batch of stretches, and at last."""

    done_s: float
    """Seconds of sound behind us, all voices together; what an earlier run left in the cache is counted."""
    total_s: float
    factor: float | None
    """The real-time factor: seconds of work a second of sound, cached ones apart; None before the first."""
    peak_bytes: int | None = None
    """The most memory that this process has held; None where the system does not say."""
    uri: str = ""
    """Of the source."""
    voices: int = 1
    """How many of the recording's length are in these seconds."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """At most 30 seconds of one voice, in which somebody speaks."""

    voice: int
    """From 0: the channel or track, where these are voices of their own."""
    start_ms: int
    end_ms: int
    sound: Sound


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word with its times."""

    text: str
    start_ms: int
    end_ms: int
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """One segment as the model heard it, with what it says of its own certainty."""

    text: str
    start_ms: int
    end_ms: int
    words: tuple[SpokenWord, ...] = ()
    avg_logprob: float | None = None
    no_speech_prob: float | None = None
    compression_ratio: float | None = None


class Transcriber(Protocol):
    """What makes words of sound."""

    @property
    def fingerprint(self) -> str:
        """Of the model and of what else decides its words: transcripts are cached under it."""

    def language(self, stretches: Sequence[Stretch]) -> str:
        """The tag of the language spoken in the first stretches of a recording."""

    def transcribe(self, stretches: Sequence[Stretch], language: str) -> Sequence[Sequence[Spoken]]:
        """For each stretch its segments, in the order given, with times from the start of the recording."""


def silent(_: Heard) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """How recordings are to be transcribed. A Transcriber given takes the place of faster-whisper."""

    model: str
    """`small`: one of WHISPER_MODELS, lying in `models`/small; or a path to a folder in CTranslate2 form."""
    models: Path
    """Where fetched models lie, each in a folder of its name with MODEL_FILES."""
    language: str | None = None
    """None: told by the model from the first stretches."""
    task: Task = "transcribe"
    prompt: str | None = None
    """As a person gives it. Another prompt is another transcript."""
    hot_words: tuple[str, ...] = ()
    """Names that may be said, the most telling first. They are hints: a transcript made with others stays valid, so
    that what a store learns from a recording does not have it transcribed anew."""
    device: Device = "auto"
    batch_size: int = BATCH_SIZE
    cache: Path | None = None
    """Folder for finished stretches and transcripts; None: kept only while the process lives."""
    roster: Path | None = None
    """Names of tracks, channels or speaker labels; None: the one beside the recording, if any."""
    speakers: Path | None = None
    """Who speaks when: RTTM or WhisperX JSON; None: the RTTM beside the recording, if any."""
    tell: Callable[[Heard], None] = silent
    transcriber: Transcriber | None = None


def clock(seconds: float) -> str:
    """A place in a recording as people write it: `00:12:03.450`."""
    minutes, ms = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{ms // 1000:02}.{ms % 1000:03}"


def model_folder(hearing: Hearing) -> Path:
    """Where the model lies, or would: the path given, or the folder of its name among the fetched ones."""
    given = Path(hearing.model).expanduser()
    return hearing.models / hearing.model if hearing.model in WHISPER_MODELS else given
