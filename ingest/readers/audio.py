"""Recordings, sound or film: transcribed on this machine by Whisper, one file is one meeting.

Known by their first bytes: WAV, MP3, MP4 and M4A and MOV, Ogg and Opus, FLAC, WebM and Matroska, AAC, AMR, AIFF, AVI,
CAF, WMA, MPEG. Needs the `audio` extra and a model on this machine; nothing is downloaded.

Unit: a segment that the model heard; a stretch of speech of which it made nothing, and a voice that never speaks, are
one each. It is kept, or set aside:
  `silence`           a voice in which nobody ever speaks
  `no words`          a stretch of which the model made nothing, or a segment without words
  `no speech`, `repeated segment`, `credit line`, `stock phrase`, `sound`   what Whisper makes of silence, by the same
                      rules as in its JSON (reader whisper_json)
  `echoed prompt`     a segment that only repeats the prompt or the hot words, five words or more
A file that cannot be opened, or has no sound track, is an error as a whole. What could not be decoded of one that is
damaged or cut off is told in the session's notes.

Utterances are sentences, by the times of their words. Where Whisper itself would not trust the words (log-probability,
compression ratio, no-speech probability) the utterance's doubt says so. Speakers are channels or tracks that differ,
named by a roster, or a diarisation's labels where there is one (a recording of one track is then read as a mix); else
nobody.

Locator: where in the recording, `00:12:03.450`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.hearing import Hearing, Spoken, clock
from ingest.language_names import english_name
from ingest.readers.audio_cache import Transcript, VoiceHeard
from ingest.readers.audio_kinds import demuxer
from ingest.readers.audio_speakers import Turns, folded_key, roster, turns
from ingest.readers.audio_survey import RECORDING
from ingest.readers.audio_transcript import transcript
from ingest.records import Reader, Rejected, Session, Source, Utterance
from ingest.speech import Gathered, Word, meeting, results, sentences_of
from ingest.text import normalise
from ingest.times import utc
from ingest.whisper_segments import Segment, doubt, rules

_SUFFIXES = ".wav .mp3 .m4a .mp4 .mov .ogg .oga .opus .flac .webm .mkv .mka .aac .amr .aiff .aif .avi .caf .wma .3gp"
_SILENCE = "silence"
_NO_WORDS = "no words"
_ECHO = "echoed prompt"
_ECHO_WORDS = 5
_TURN_MS = 2_000
"""A pause after which the same words said again are no loop of the decoder: everybody says yes more than once."""
_BREATH_MS = 700
"""A pause after which a segment without an end mark is not the beginning of the next one."""


def accepts(source: Source) -> int:
    """85 for the first bytes of a recording."""
    return 85 if demuxer(source.head) and not source.members else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting.

    Raises: HearingMissing, ExtraMissing, WhisperMissing, WhisperUnusable, SpeakersUnreadable; SourceMalformed; NoSound.
    """
    names, diarised = roster(source), turns(source)
    heard = transcript(source, mixed=diarised is not None)
    gathered = Gathered(language=_language(source.hearing, heard))
    for voice in heard.voices:
        own = _own_speaker(voice, heard, names, diarised)
        _take(gathered, voice, _Attribution(own, names, diarised), heard.hints)
    gathered.merge()
    yield from results(gathered, lambda: _session(source, gathered, heard, names))


def count(source: Source) -> int:
    """The segments, wordless stretches and silent voices of the transcript."""
    heard = transcript(source, mixed=turns(source) is not None)
    return sum(len(voice.spoken) + voice.wordless or 1 for voice in heard.voices)


@dataclass(frozen=True, slots=True)
class _Attribution:
    """Who says a word of one voice."""

    own: str | None
    names: Mapping[str, str]
    diarised: Turns | None

    def speaker(self, start_ms: int, end_ms: int) -> str | None:
        label = self.diarised.speaker(start_ms, end_ms) if self.diarised else None
        return self.own if label is None else self.names.get(folded_key(label), label)


def _own_speaker(voice: VoiceHeard, heard: Transcript, names: Mapping[str, str], diarised: Turns | None) -> str | None:
    """The voice's name in the roster; its label where there are several, for then it is somebody's own."""
    alone = len(heard.voices) == 1
    is_everybody = RECORDING in voice.keys and (diarised is not None or sum(key.isdecimal() for key in names) > 1)
    named = next((names[key] for key in voice.keys if key in names and not (is_everybody and key.isdecimal())), None)
    return named or (None if alone or diarised is not None else voice.label)


def _language(hearing: Hearing | None, heard: Transcript) -> str | None:
    return "en" if hearing is not None and hearing.task == "translate" else heard.language


def _session(source: Source, gathered: Gathered, heard: Transcript, names: Mapping[str, str]) -> Session:
    return meeting(
        source,
        gathered,
        native_id=heard.sound,
        title=heard.title,
        made=utc(heard.created) if heard.created else None,
        notes=(*_notes(source.hearing, gathered, heard), *_roster_notes(gathered, heard, names)),
    )


def _notes(hearing: Hearing | None, gathered: Gathered, heard: Transcript) -> Iterator[str]:
    yield from heard.notes
    if gathered.utterances and hearing is not None:
        doing = "translated into English" if hearing.task == "translate" else "transcribed"
        yield f"{doing} by Whisper ({hearing.model})"
    if heard.is_told and heard.language is not None:
        yield f"language told by the model: {english_name(heard.language)}"
    doubtful = sum(one.doubt is not None for one in gathered.utterances)
    if doubtful:
        yield f"uncertain words in {doubtful} of {len(gathered.utterances)} utterances"


def _roster_notes(gathered: Gathered, heard: Transcript, names: Mapping[str, str]) -> Iterator[str]:
    """What the voices are called, where a roster names none of them."""
    speakers = {one.speaker for one in gathered.utterances if one.speaker}
    if names and gathered.utterances and not speakers & set(names.values()):
        called = ", ".join(sorted(speakers) or [voice.label for voice in heard.voices])
        yield f"the roster names nobody who was heard; voices here: {called}"


def _take(gathered: Gathered, voice: VoiceHeard, attribution: _Attribution, hints: Sequence[str]) -> None:
    """A voice's segments, kept or set aside; its utterances are sentences."""
    gathered.aside[_NO_WORDS] += voice.wordless
    if not voice.spoken and not voice.wordless:
        gathered.aside[_SILENCE] += 1
    kept: list[Spoken] = []
    for together in _apart(voice.spoken, _TURN_MS):
        segments = [_segment(spoken) for spoken in together]
        for spoken, segment, rule in zip(together, segments, rules(segments), strict=True):
            found = rule or (_ECHO if _is_echo(segment.words, hints) else None)
            if found is None:
                kept.append(spoken)
            else:
                gathered.aside[found] += 1
    gathered.kept += len(kept)
    for flow in _apart(kept, _BREATH_MS):
        gathered.utterances.extend(_utterances(flow, attribution))


def _segment(spoken: Spoken) -> Segment:
    return Segment(
        pointer=clock(spoken.start_ms / 1000),
        words=" ".join(normalise(spoken.text).split()),
        speaker=None,
        start_ms=spoken.start_ms,
        end_ms=spoken.end_ms,
        no_speech_prob=spoken.no_speech_prob,
        avg_logprob=spoken.avg_logprob,
        compression_ratio=spoken.compression_ratio,
    )


def _is_echo(words: str, hints: Sequence[str]) -> bool:
    return len(words.split()) >= _ECHO_WORDS and any(_letters(words) in _letters(hint) for hint in hints)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _apart(spoken: Sequence[Spoken], pause_ms: int) -> Iterator[list[Spoken]]:
    """Segments that follow each other without so long a pause between them."""
    flow: list[Spoken] = []
    for one in spoken:
        if flow and one.start_ms - flow[-1].end_ms >= pause_ms:
            yield flow
            flow = []
        flow.append(one)
    if flow:
        yield flow


def _utterances(flow: Sequence[Spoken], attribution: _Attribution) -> Iterator[Utterance]:
    """The sentences of segments said in one breath: one may go on from a segment into the next.

    A word's pointer is its number, by which the doubts of its segment are found again.
    """
    words: list[Word] = []
    doubts: list[str | None] = []
    for spoken in flow:
        doubtful = doubt(_segment(spoken))
        for word in _words(spoken):
            speaker = attribution.speaker(word.start_ms or 0, word.end_ms or 0)
            words.append(replace(word, pointer=str(len(words)), speaker=speaker))
            doubts.append(doubtful)
    found = list(sentences_of(words))
    edges = [*(int(one.locator) for one in found), len(words)]
    for one, (first, end) in zip(found, pairwise(edges), strict=True):
        why = "; ".join(dict.fromkeys(why for why in doubts[first:end] if why))
        yield replace(one, locator=clock((one.start_ms or 0) / 1000), doubt=why or None)


def _words(spoken: Spoken) -> list[Word]:
    """A segment's words with their times; the segment as one word where its words are not all of its text."""
    text = normalise(spoken.text).strip()
    found: list[Word] = []
    at = 0
    for word in spoken.words:
        letters = normalise(word.text).strip()
        place = text.find(letters, at)
        if not letters or place < 0 or text[at:place].strip():
            continue
        glued = bool(found) and place == at
        found.append(Word(letters, "", None, word.start_ms, word.end_ms, glued))
        at = place + len(letters)
    if not found or text[at:].strip() or len("".join(one.text for one in found)) != len("".join(text.split())):
        return [Word(text, "", None, spoken.start_ms, spoken.end_ms)]
    return found


READER = Reader(
    name="audio",
    suffixes=frozenset(_SUFFIXES.split()),
    accepts=accepts,
    read=read,
    count=count,
    unit="segments",
    reads_beside=True,
)
