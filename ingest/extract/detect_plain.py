"""What the judge of plain talk has in view of a sentence: its shape, its words, and what stands before and after it.

People mostly settle things without a word that announces it: "Blue then.", "the weekly mail goes". What such sentences
share is their shape, so a sentence is read twice: as it is said, and with every word but the small ones (pronouns,
auxiliaries, "then", "fine", "instead") put as its ending: "then we're <ing> per <w> and not per <w>". The turn before
and the three after it count by their shape, and by whether another person asks, agrees or objects; and what is settled
was spoken of before, so it counts how much of the sentence's matter was. Nothing of the session as a whole counts: the
judge learns from snippets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import ceil
from zlib import crc32

import numpy as np
import numpy.typing as npt

from ingest.extract.detect_ngrams import Bag, Floats, gathered, running
from ingest.extract.detect_units import Unit
from ingest.records import Session, Utterance

PLAIN_BITS = 18
_ROWS = (1 << PLAIN_BITS) - 1
_LONGEST_SHAPE, _LONGEST_WORDS = 5, 2
_BEFORE_CHARS = 160
_AFTER_TOKENS = 6
_STEM_CHARS = 6
_LONGEST_TURN = 2_000
_ENDINGS = ("ing", "ed", "ly", "s")
_TOKEN = re.compile(r"[a-zA-Z]+(?:'[a-zA-Z]+)?|\d+(?:[.,:]\d+)*|[?!.,;:–—-]|`[^`]*`|…")
_SMALL = frozenset(
    """
    i you he she it we they me him her us them my your his its our their mine yours ours theirs this that these
    those here there a an the some any no none every each all both either neither another other such same own one
    two three four five six seven eight nine ten am is are was were be been being have has had having do does did
    doing done will would shall should can could may might must ought not never always still already just only also
    even too again once yet now then so soon later today tomorrow and or but nor if unless until till because since
    while whereas though although as than whether when where why how what which who whose whoever whatever in on at
    by for from to of with without into onto over under up down out off about around after before between through
    during against per via within across along behind beyond instead rather except yes yeah yep yup nope nah ok okay
    right fine good great sure agreed well oh ah hm hmm um uh er please thanks thank sorry alright perfect cool true
    fair enough sounds settled deal exactly absolutely let let's lets go goes going gonna went gone get gets got
    make makes made take takes keep keeps use put say says said think know want need see look like mean guess
    suppose feel ever maybe perhaps probably possibly actually really basically definitely certainly obviously
    otherwise anyway more most less least much many few little first last next i'm i'll i'd i've we're we'll we'd
    we've you're you'll it's it'll that's that'll there's he's she's they're they'll don't doesn't didn't won't
    wouldn't can't couldn't shouldn't isn't aren't wasn't weren't haven't hasn't hadn't what's who's where's how's
    here's everyone everybody someone somebody anyone anybody nobody nothing something anything everything monday
    tuesday wednesday thursday friday saturday sunday week month year day
    """.split()
)
"""Words that make the shape of a sentence; all others make its matter."""
_ASSENT = re.compile(
    r"\W*(?:yeah|yep|yes|ok(?:ay)?|mm|right|sure|good|great|alright|fine|cool|true|exactly|absolutely|definitely|agreed"
    r"|i agree|perfect|lgtm|\+1|done|deal|sounds (?:good|great)|makes sense|that's (?:fine|good|right|true)|do it"
    r"|go ahead|works for|no objections?|happy with|i can live|thumbs|👍|will do|understood|got it|noted|finally"
    r"|thanks?|nice|please)\b",
    re.IGNORECASE,
)
_DISSENT = re.compile(
    r"\W*(?:no\b(?! objection| problem)|nope|but|hmm|nah|actually|wait|hold on|i don'?t|why|really\?|are you sure"
    r"|not so fast|hang on)\b",
    re.IGNORECASE,
)


def weighed(found: Bag, table: npt.NDArray[np.floating], offset: float) -> Floats:
    """What all that is in view of each sentence says together. Shape: (sentences,).

    `table`: (2^PLAIN_BITS, 2), the weight of what is in view and the square by which its length is taken out.
    """
    sums = running(table[found.ids])[found.starts]
    told = sums[1:] - sums[:-1]
    odds: Floats = (told[:, 0] / np.sqrt(np.maximum(told[:, 1], 1e-6)) + offset).astype(np.float32)
    return odds


def in_view(session: Session, units: Sequence[Unit]) -> Bag:
    """What is in view of each sentence, as row numbers of the judge's table, each once."""
    spoken = turns_of(session)
    places = {one.index: at for at, one in enumerate(spoken)}
    around: dict[int, list[int]] = {}
    said: dict[int, tuple[frozenset[str], frozenset[str], frozenset[str]]] = {}
    rows = []
    for unit in units:
        at = places[unit.utterance_index]
        if at not in around:
            around[at] = list(_around(spoken, at))
            said[at] = _said(spoken, at - 1, at), _said(spoken, at - 5, at - 1), _said(spoken, at + 1, at + 3)
        own = _own(spoken[at], unit, is_to_agent=session.kind == "agent_session")
        rows.append([*own, *around[at], *_known(unit.text, *said[at])])
    return _once(rows)


def _once(rows: Sequence[Sequence[int]]) -> Bag:
    """The row numbers of each sentence, rising, each once."""
    found = gathered(rows)
    owner = np.repeat(np.arange(len(rows), dtype=np.int64), np.diff(found.starts))
    keys = np.unique(owner << PLAIN_BITS | found.ids & _ROWS)
    return Bag(keys & _ROWS, np.searchsorted(keys >> PLAIN_BITS, np.arange(len(rows) + 1)))


def _own(utterance: Utterance, unit: Unit, *, is_to_agent: bool) -> list[int]:
    """The sentence itself, and the edges of what the speaker says before and after it.

    Apart for what a person says to an agent and what the agent says.
    """
    text, tokens = utterance.text, _tokens(unit.text)
    shape, words = _shape(tokens), [one.lower() for one in tokens]
    found = _runs("d:", shape, _LONGEST_SHAPE)
    if is_to_agent:
        found.append(_row(utterance.role))
        found += _runs(f"{utterance.role} d:", shape, 3)
        found += _runs(f"{utterance.role} l:", words, 1)
    found += _runs("l:", words, _LONGEST_WORDS)
    found.append(_row(f"len:{min(6, len(tokens) // 4)}"))
    before, after = text[: unit.start_char].strip(), text[unit.end_char :].strip()
    found.append(_row(f"own:{bool(before)} {bool(after)}"))
    if before:
        found += _singly("ob:", _shape(_tokens(before[-_BEFORE_CHARS:]))[-4:])
    if after:
        found += _runs("oa:", _shape(_tokens(after[:_BEFORE_CHARS])[:5]), 2)
        if "?" in after:
            found.append(_row("oa?"))
    return found


def _around(spoken: Sequence[Utterance], at: int) -> Iterator[int]:
    """The turn before, and the three after: who has them, whether they ask, agree or object, and how they begin."""
    speaker = spoken[at]
    if at == 0:
        yield _row("P:none")
    else:
        text, who = spoken[at - 1].text, _who(spoken[at - 1], speaker)
        yield _row(f"P:{who}")
        if text.rstrip().endswith("?"):
            yield _row(f"P:?{who}")
        yield from _singly("P:", _answers(text))
        yield from _singly("p:", _shape(_tokens(text[-_BEFORE_CHARS:])))
    following = spoken[at + 1 : at + 4]
    if not following:
        yield _row("N:none")
    for number, one in enumerate(following):
        who = _who(one, speaker)
        if number < 2 or who == "other":
            yield from _after(min(number, 1), who, one.text)
    if following:
        tokens = _tokens(following[0].text[:_BEFORE_CHARS])
        yield from _runs("n:", _shape(tokens[:_AFTER_TOKENS]), 2)
        yield from _singly("nl:", [token.lower() for token in tokens[:5]])


def _said(spoken: Sequence[Utterance], first: int, stop: int) -> frozenset[str]:
    """The matter of some turns."""
    return frozenset[str]().union(*(_matter(one.text) for one in spoken[max(0, first) : max(0, stop)]))


def _known(text: str, before: frozenset[str], earlier: frozenset[str], later: frozenset[str]) -> Iterator[int]:
    """How much of a sentence's matter was said in the turn before it, in the four before that, and in the next two."""
    matter = _matter(text)
    if not matter:
        yield _row("R:none")
        return
    for name, found in (
        ("before", matter & before),
        ("earlier", matter & earlier - before),
        ("new", matter - before - earlier),
        ("known", matter & (before | earlier)),
        ("later", matter & later),
    ):
        yield _row(f"R:{name} {ceil(3 * len(found) / len(matter))}")


def _after(number: int, who: str, text: str) -> Iterator[int]:
    yield _row(f"N{number}:{who}")
    for answer in _answers(text):
        yield _row(f"N{number}:{who}{answer}")
        yield _row(f"N:{answer}")
    if "?" in text:
        yield _row(f"N{number}:?")
    if len(text.split(maxsplit=5)) <= 4:
        yield _row(f"N{number}:short")


def _answers(text: str) -> Iterator[str]:
    if assents(text):
        yield "assent"
    if dissents(text):
        yield "diss"


def turns_of(session: Session) -> list[Utterance]:
    """What persons and agents say; tools and harness are passed over."""
    return [one for one in session.utterances if one.role in ("person", "assistant")]


def assents(text: str) -> bool:
    """Whether an answer begins by agreeing."""
    return _ASSENT.match(text) is not None


def dissents(text: str) -> bool:
    """Whether an answer begins by objecting or asking back."""
    return _DISSENT.match(text) is not None


def are_alike(utterance: Utterance, speaker: Utterance) -> bool:
    """Whether both are by one speaker."""
    return (utterance.role, utterance.speaker) == (speaker.role, speaker.speaker)


def _who(utterance: Utterance, speaker: Utterance) -> str:
    return "same" if are_alike(utterance, speaker) else "other"


@lru_cache(maxsize=64)
def _matter(text: str) -> frozenset[str]:
    """The words that make no shape, by their first letters: "migrate" and "migration" are one."""
    words = (one.lower() for one in _tokens(text[:_LONGEST_TURN]) if one[0].isalpha())
    return frozenset(one[:_STEM_CHARS] for one in words if len(one) > 2 and one not in _SMALL)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.replace("’", "'"))


def _shape(tokens: Sequence[str]) -> list[str]:
    """Small words as they are, others as their endings, two and more plain ones beside one another as one."""
    out: list[str] = []
    for token in tokens:
        one = _class(token)
        if one == "<w>" and out and out[-1] in ("<w>", "<ww>"):
            out[-1] = "<ww>"
        else:
            out.append(one)
    return out


@lru_cache(maxsize=8192)
def _class(token: str) -> str:
    lowered = token.lower()
    if lowered in _SMALL:
        return lowered
    if token[0].isdigit():
        return "#"
    if token[0] == "`":
        return "<code>"
    if not token[0].isalpha():
        return "-" if token in "–—-" else "." if token in ".…!;" else token
    endings = (one for one in _ENDINGS if lowered.endswith(one) and len(lowered) > len(one) + 2)
    return f"<{next(endings, 'w')}>"


def _runs(name: str, tokens: Sequence[str], longest: int) -> list[int]:
    """Sequences of up to `longest` tokens, with `^` before and `$` after them all.

    The checksum of "d:we go" goes on from that of "d:we": no sequence is put together.
    """
    padded = [b"^", *[token.encode() for token in tokens], b"$"]
    spaced = [b" " + token for token in padded]
    named = _row(name)
    shorter = [crc32(token, named) for token in padded]
    found = list(shorter)
    for more in range(1, longest):
        shorter = list(map(crc32, spaced[more:], shorter))
        found += shorter
    return found


def _singly(name: str, tokens: Iterable[str]) -> Iterator[int]:
    named = _row(name)
    return (crc32(token.encode(), named) for token in tokens)


@lru_cache(maxsize=1024)
def _row(text: str) -> int:
    return crc32(text.encode())
