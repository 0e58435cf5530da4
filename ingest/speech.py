"""What the readers of meeting and speech JSON share: items kept or refused, words made sentences, the session.

A reader takes items (segments, utterances, words) into a `Gathered`, which keeps, sets aside or rejects each, and
`meeting` makes one Session of it. Words become sentences: a new one where the speaker changes, where their own
punctuation ends one, after two seconds of silence, and (in a stretch without punctuation) after half a second.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from ingest.fingerprint import fingerprint
from ingest.json_source import BadItem, Item, name
from ingest.json_values import Broken
from ingest.records import Rejected, Session, Source, Utterance
from ingest.text import folded, glimpse, normalise, sentences
from ingest.times import session_start

NO_WORDS = "no words"
NOT_FINAL = "not final"
MACHINE_SUMMARY = "machine_summary"

_PAUSE_MS = 2_000
_SHORT_PAUSE_MS = 500
_LONG_STRETCH = 60
"""Words without an end mark beyond which short pauses divide them too."""

Heard = Utterance | Sequence[Utterance] | str
"""What an item holds: one utterance, several, or the name of the rule that sets it aside."""
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word, or (`glued`) a mark that belongs to the word before it."""

    text: str
    pointer: str
    speaker: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    glued: bool = False


@dataclass(slots=True)
class Gathered:
    """What the items of one meeting have given so far. Units: each item taken is kept, set aside or rejected."""

    utterances: list[Utterance] = field(default_factory=list)
    kept: int = 0
    aside: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    language: str | None = None
    """Its tag, where the source states one."""

    def take(self, items: Iterable[Item], one: Callable[[Mapping[str, object]], Heard]) -> None:
        """Items that hold what was said: `one` gives it, or the rule that sets the item aside, or raises BadItem."""
        for place, found in self._read(items, lambda item, _: one(item)):
            if isinstance(found, str):
                self.aside[found] += 1
            else:
                several = (found,) if isinstance(found, Utterance) else found
                self.utterances.extend(replace(each, locator=place or "#") for each in several)
                self.kept += 1

    def take_words(self, items: Iterable[Item], one: Callable[[Mapping[str, object], str], Word]) -> None:
        """Items that are words, in the order they were said: the utterances are the sentences that they make."""
        words = [word for _, word in self._read(items, one)]
        spoken = [word for word in words if word.text]
        self.aside[NO_WORDS] += len(words) - len(spoken)
        self.kept += len(spoken)
        self.utterances.extend(sentences_of(spoken))

    def merge(self) -> None:
        """Utterances that were taken channel by channel, by their starts; one without stays behind the one before."""
        keyed: list[tuple[int, Utterance]] = []
        latest = 0
        for one in self.utterances:
            latest = latest if one.start_ms is None else one.start_ms
            keyed.append((latest, one))
        self.utterances = [one for _, one in sorted(keyed, key=lambda pair: pair[0])]

    def _read(
        self, items: Iterable[Item], one: Callable[[Mapping[str, object], str], _Read]
    ) -> Iterator[tuple[str, _Read]]:
        for place, item in items:
            try:
                if isinstance(item, Broken):
                    raise BadItem(item.problem)
                if not isinstance(item, dict):
                    raise BadItem("not an object")
                found = one(item, place)
            except BadItem as error:
                text = normalise(item.text) if isinstance(item, Broken) else glimpse(item)
                self.rejected.append(Rejected(str(error), place or "#", text))
            else:
                yield place, found


def said(  # the fields of one utterance, as the source may state them
    text: object,
    *,
    speaker: str | None = None,
    start_ms: int | None = None,
    end_ms: int | None = None,
    said_at: datetime | None = None,
    native_id: object = None,
) -> Utterance | str:
    """The utterance of an item, to be numbered and placed later; NO_WORDS where its text is blank.

    Raises: BadItem when there is no text.
    """
    if not isinstance(text, str):
        raise BadItem("no text")
    words = " ".join(normalise(text).split())
    if not words:
        return NO_WORDS
    backwards = start_ms is not None and end_ms is not None and end_ms < start_ms
    return Utterance(
        index=0,
        text=words,
        role="person",
        locator="",
        speaker=speaker,
        native_id=name(native_id),
        said_at=said_at,
        start_ms=start_ms,
        end_ms=None if backwards else end_ms,
    )


def meeting(
    source: Source,
    gathered: Gathered,
    *,
    native_id: str | None = None,
    title: object = None,
    began: datetime | None = None,
    made: datetime | None = None,
    ended: datetime | None = None,
    notes: Sequence[str] = (),
) -> Session:
    """The session of what was gathered, its utterances numbered.

    `began` is the meeting's own date. `made`, when the machine wrote the transcript, is only an assumed date.
    """
    utterances = tuple(replace(one, index=index) for index, one in enumerate(gathered.utterances))
    aside = sorted((rule, units) for rule, units in gathered.aside.items() if units)
    words = [[one.speaker, one.start_ms, *([one.said_at] if one.said_at else []), one.text] for one in utterances]
    heading = name(title)
    started_at, basis = session_start(source, began)
    if made is not None and basis in {"assumed", "unknown"}:
        started_at, basis = made, "assumed"
    unnamed = utterances and not any(one.speaker for one in utterances)
    return Session(
        kind="meeting",
        native_id=native_id or fingerprint(words or [heading, aside]),
        identity="native" if native_id else "content",
        utterances=utterances,
        kept=gathered.kept,
        set_aside=tuple(aside),
        title=folded(heading) if heading else None,
        started_at=started_at,
        ended_at=ended,
        time_basis=basis,
        notes=(*notes, *(("speakers unknown",) if unnamed else ())),
        language=gathered.language,
    )


def results(gathered: Gathered, session: Callable[[], Session]) -> Iterator[Session | Rejected]:
    """What a reader yields for one meeting: the rejected items, then the session unless nothing is left for it."""
    yield from gathered.rejected
    if gathered.kept or gathered.aside.total():
        yield session()


def sentences_of(words: Sequence[Word]) -> Iterator[Utterance]:
    """Utterances of consecutive words, each located at its first word."""
    for turn in _turns(words):
        for part in _cut(turn):
            text = normalise(_joined(part)[0])
            starts = [word.start_ms for word in part if word.start_ms is not None]
            ends = [word.end_ms for word in part if word.end_ms is not None]
            found = said(
                text,
                speaker=part[0].speaker,
                start_ms=starts[0] if starts else None,
                end_ms=ends[-1] if ends else None,
            )
            if isinstance(found, Utterance):
                yield replace(found, locator=part[0].pointer)


def _turns(words: Sequence[Word], pause_ms: int = _PAUSE_MS) -> Iterator[list[Word]]:
    turn: list[Word] = []
    heard_ms: int | None = None
    for word in words:
        one = replace(word, speaker=turn[-1].speaker) if word.glued and turn else word
        paused = None not in (heard_ms, one.start_ms) and (one.start_ms or 0) - (heard_ms or 0) >= pause_ms
        if turn and (one.speaker != turn[-1].speaker or paused):
            yield turn
            turn = []
        turn.append(one)
        heard_ms = one.end_ms if one.end_ms is not None else heard_ms
    if turn:
        yield turn


def _cut(turn: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """A turn's words divided at the ends of its sentences."""
    text, starts = _joined(turn)
    firsts = [0, *(bisect_right(starts, start) - 1 for start, _ in sentences(text))]
    edges = [*sorted(set(firsts)), len(turn)]
    for first, end in pairwise(edges):
        part = turn[first:end]
        yield from _turns(part, _SHORT_PAUSE_MS) if len(part) > _LONG_STRETCH else [part]


def _joined(words: Sequence[Word]) -> tuple[str, list[int]]:
    """The words as text, and where in it each starts."""
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for word in words:
        gap = "" if word.glued or not pieces else " "
        pieces.append(gap + word.text)
        starts.append(length + len(gap))
        length += len(gap) + len(word.text)
    return "".join(pieces), starts


def whole(item: object, place: str, reason: str = "not an object") -> Rejected:
    """A meeting that cannot be read at all, as one refused item."""
    return Rejected(reason, place or "#", glimpse(item))
