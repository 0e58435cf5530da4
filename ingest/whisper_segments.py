"""What Whisper's own figures say of a segment: which ones it made of silence and noise, and which words are uncertain.

The rules that set a segment aside are named in the docstrings of the readers that use them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NO_SPEECH_PROB = 0.6
_LOW_LOGPROB = -1.0
_LOOP_RATIO = 2.4
_STOCK_PROB = 0.3
"""Half of Whisper's own limit: with so much doubt a stock phrase is taken for silence, with less for speech."""
_CREDIT = re.compile(
    r"(?:transcribed by https?://otter\.ai|(?:subtitles|captions|transcription|translation)\s+(?:made\s+)?"
    r"by\s+(?:the\s+)?(?:amara\.org|castingwords)(?:\s+community)?)\W*$",
    re.IGNORECASE,
)
_STOCK = re.compile(
    r"(?:(?:thanks|thank you)(?: so much| very much)? for (?:watching|listening|viewing)"
    r"|(?:please )?(?:(?:don't forget to )?(?:like and )?subscribe)(?: to (?:my|the|our) channel)?"
    r"|see you (?:in the next (?:video|one)|next time)"
    r"|ご視聴ありがとうございました|vielen dank fürs zuschauen|gracias por ver el video"
    r"|merci d'avoir regardé cette vidéo"
    r")\W*$",
    re.IGNORECASE,
)
_SOUND = re.compile(
    r"(?:[\[(*]\s*(?:[\w' -]{0,40}\b)?(?:music|applause|laugh\w*|chuckl\w*|silence|inaudible|unintelligible|noise"
    r"|cough\w*|sigh\w*|beep\w*|static|no audio|blank_audio|speaking in foreign language)\b[\w' -]{0,40}\s*[\])*]"
    r"|[♪♫\s]+)\W*$",
    re.IGNORECASE,
)
_LONGEST = 200
"""Characters of a segment that may still be a stock phrase, a credit line or a sound."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What is used of one segment."""

    pointer: str
    words: str
    speaker: str | None
    start_ms: int | None
    end_ms: int | None
    no_speech_prob: float | None
    avg_logprob: float | None
    compression_ratio: float | None


def doubt(segment: Segment) -> str | None:
    """Why the words of a segment that is kept are uncertain, by the limits at which Whisper itself tries again."""
    low, ratio, silence = segment.avg_logprob, segment.compression_ratio, segment.no_speech_prob
    told = (
        f"low log-probability {low:.2f}" if low is not None and low < _LOW_LOGPROB else None,
        f"high compression ratio {ratio:.1f}" if ratio is not None and ratio > _LOOP_RATIO else None,
        f"no-speech probability {silence:.2f}" if silence is not None and silence > _NO_SPEECH_PROB else None,
    )
    return ", ".join(one for one in told if one) or None


def rules(segments: Sequence[Segment]) -> list[str | None]:
    """For each segment the rule that sets it aside, or None."""
    found: list[str | None] = []
    run = 0
    for at, segment in enumerate(segments):
        before = segments[at - 1] if at else None
        same = before is not None and _sound(before.words) == _sound(segment.words)
        run = run + 1 if same else 1
        found.append(_rule(segment, run))
    return found


def _rule(segment: Segment, run: int) -> str | None:
    if not segment.words:
        return "no words"
    silent = segment.no_speech_prob is not None and segment.no_speech_prob > _NO_SPEECH_PROB
    unsure = segment.avg_logprob is not None and segment.avg_logprob < _LOW_LOGPROB
    if silent and unsure:
        return "no speech"
    looping = segment.compression_ratio is not None and segment.compression_ratio > _LOOP_RATIO
    if run >= 3 or (run == 2 and looping):
        return "repeated segment"
    return _by_words(segment) if len(segment.words) <= _LONGEST else None


def _by_words(segment: Segment) -> str | None:
    if _CREDIT.match(segment.words):
        return "credit line"
    if _SOUND.match(segment.words):
        return "sound"
    doubted = segment.no_speech_prob is not None and segment.no_speech_prob > _STOCK_PROB
    return "stock phrase" if doubted and _STOCK.match(segment.words) else None


def _sound(words: str) -> str:
    return re.sub(r"[^\w]+", " ", words).strip().casefold() or words
