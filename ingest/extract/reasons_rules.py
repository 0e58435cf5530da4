"""The phrases that announce a reason, an alternative or a limit right around a choice, and the words each one covers.

Only clear phrases count: "because", "instead of", "must not". What has none is `reasons_model`'s to judge.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from ingest.extract.because import CLAUSE_OF_REASON
from ingest.records import Part, Session, Span, Utterance
from ingest.text import overlap, sentences, span

_AFTER_UTTERANCES, _BEFORE_UTTERANCES = 2, 6
LONGEST_CHARS = 320
_BEFORE_CHARS, _AFTER_CHARS = 5, 40
"""So near to the choice an option set against it ends or begins: of those farther off 3 in 50 are alternatives."""
_BECAUSE = re.compile(
    r"\b(?:because(?! of that\b)|'?cause(?= (?:it|we|they|the|that|there|i|you|if)\b)|since(?= (?:it|we|that"
    r"|they|the|there|this"
    r"|you|i|most|all|every|no)\b)(?! (?:the (?:start|beginning|last)|last|then\b))|so that\b|otherwise\b"
    r"|due to\b|in order to\b"
    r"|to (?:avoid|prevent|make sure|ensure)\b|given (?:that|the)\b"
    r"|the (?:main |whole |only |other )?(?:reason|point|benefit|advantage)s? (?:is|was|for|being|are)\b)|"
    + CLAUSE_OF_REASON.pattern,
    re.IGNORECASE,
)
_OPENS_WITH_REASON = re.compile(
    r"(?:um+ |uh+ |and |well |yeah,? |so |also |i mean )*(?:because\b|'cause\b|the (?:main |whole "
    r"|only )?reason\b|otherwise\b"
    r"|that's because\b|(?:it|that|this)(?:'s| is| was| would be| will be) (?:much |a lot |way |far |simply |just )?"
    r"(?:simpler|easier|faster|cheaper|safer|cleaner|better|smaller|less|more|enough)\b)",
    re.IGNORECASE,
)
_REASON_END = re.compile(r"[,;] (?:so (?!that)|but |and then |let'?s |which means we|then we )|;|\n", re.IGNORECASE)
_INSTEAD = re.compile(
    r"(?:\b(?P<how>instead of|rather than|as opposed to|and not)|, not|\b(?:prefer|chose|choose|picked?|rather have"
    r"|going with|go with)"
    r" [^.;,\n]{2,60}? (?:over|than))\s+(?:than\s+)?(?!just\b|only\b|that\b|sure\b|really\b|necessarily\b|exactly\b"
    r"|even\b|for an?\b|an? (?:day|hour|minute|suggestion|question)\b|the other way)(?P<what>[^.;,:!?…\n]{2,120})",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"\b(?:don'?t|do not|stop|no longer) us(?:e|ing) (?P<what>[^.;,\n]{2,60})[.;,] ?(?:instead )?use\b", re.IGNORECASE
)
_TURNED_DOWN = re.compile(
    r"(?:(?:^|[,;.!?–—] ?)(?:and |but )?| and | but )(?:(?:we |i )?(?:don't|stop|no longer)|not|no(?: more)?|never"
    r"|forget(?: about)?) (?!even\b|for an?\b|in\b|just\b|only\b|really\b|until\b|before\b|yet\b|now\b|one\b|want\b"
    r"|need\b|have\b|know\b|think\b|see\b|like\b|care\b|this\b|we\b|it\b|they\b|you\b|i\b)"
    r"(?:the |our |an? |that )?(?P<what>[^.;,:!?…\n]{2,50})"
    r"|(?:, |; |\. )(?:and |then )?(?P<gone>(?:the|our|that) [\w-]+(?: [\w-]+){0,2}?)"
    r" (?:(?:is|are) (?:out|off|over|gone)\b|(?:can|may) (?:rot|retire|go)\b)",
    re.IGNORECASE,
)
"""What is turned down beside a choice: "Harbor, and not Pier", "Zenodo. The university one is out"."""
_TURNED_DOWN_CHARS, _TURNED_DOWN_WORDS = 25, 6
_SHORT_TURN_CHARS = 300
_SAID_UTTERANCES = 16
_LONE = re.compile(r"[a-z]+")
_LONE_VERBS = frozenset(
    (
        "wait", "stop", "start", "try", "go", "run", "do", "be", "have", "worry", "care", "bother", "guess", "fail",
        "change", "move", "break", "rush", "panic", "block", "build", "fix", "ship", "merge", "push", "ask", "tell",
        "think", "know", "see", "say", "make", "take", "use", "keep", "drop", "leave", "look", "come", "get", "put",
        "let", "work", "retry", "crash", "sleep", "check", "guessing", "yet", "ever", "here", "there", "now", "much",
        "both", "all", "none", "nothing", "everything", "anything", "something", "other", "others", "another", "one",
        "mine", "yours", "ours", "theirs", "him", "her", "them", "me", "us", "you", "these", "those", "needed",
        "necessary", "really", "always", "never", "later", "before", "forever", "endlessly",
    )
)  # fmt: skip
"""One-word tails of "and not …" that are no options; a verb told as one ("a retry or a queue") is looked up."""
_WHAT_END = re.compile(
    r"\s+(?:because|'?cause|since|so that|so|but|and then|if|when|which|as (?:it|we|that)|to avoid|right now|for now"
    r"|in (?:order|this case)|for (?:the|this|that|now))\b|\s+[–—-]+\s",
    re.IGNORECASE,
)
_EITHER = re.compile(
    r"\b(?:we|you|i)(?:'d| would)? (?:can|could|should|might|may) (?:either )?(?:\w+ ){0,2}?(?:use|go with|do"
    r"|have|pick|keep|take"
    r"|run|put|choose)\s+(?P<first>[^.;,?\n]{2,60}?),? or (?:we (?:can|could) )?(?:just )?(?:use |go with |do "
    r"|have |keep )?"
    r"(?P<second>[^.;,?\n]{2,60})|\beither (?P<third>[^.;,?\n]{2,50}?) or (?P<fourth>[^.;,?\n]{2,50})",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(r"\b(?:what|how) about (?:using |having |if we )?(?P<what>[^.;,?\n]{3,60})", re.IGNORECASE)
_LIMIT = re.compile(
    r"\b(?:must(?: not|n't)?\b|can(?:'?t|not) (?:exceed|go (?:over|above|beyond)|be (?:more|larger|longer|higher))"
    r"|no (?:more|less|later|longer) than|at (?:most|least) (?:\d|one|two|three|four|five|ten|a)|only if|as long as"
    r"|(?:has|have|needs?) to (?:be|stay|fit|keep|support|work|run|remain|finish|land|cost)\b"
    r"|by (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|tonight|the end of|end of"
    r"|next (?:week|month"
    r"|quarter)|january|february|march|april|may \d|june|july|august|september|october|november|december|q[1-4]\b)"
    r"|under \d[\w.,]*|within \d|before (?:the (?:release|launch|deadline|freeze)|we (?:launch|ship|release)))",
    re.IGNORECASE,
)
AGAINST = re.compile(
    r"\b(?:too (?:slow|big|heavy|complex|complicated|expensive|hard|risky|much|many|old|large|noisy|brittle)"
    r"|slower|overkill"
    r"|expensive|brittle|fragile|(?:can'?t|cannot|doesn'?t|does not|won'?t|wouldn'?t|isn'?t|not) \w+"
    r"|would (?:need|require|mean"
    r"|break|cost|add)|needs? (?:a|an|another|extra)|breaks?|fails?|problems?|no support|hard to|a pain|too)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_][\w.'/+-]*[^\W_]|[^\W_]")
_COMMON = frozenset(
    (
        "that", "this", "with", "just", "what", "have", "there", "them", "they", "then", "like", "thing", "things",
        "some", "using", "more", "very", "from", "into", "would", "could", "should", "will", "your", "ours", "their",
        "something",
    )
)  # fmt: skip
_SMALL = frozenset(
    "the any our its his her and for not but was are has had can you all who how why out off too now one".split()
)
_FILLER_ONLY = re.compile(r"(?:uh+|um+|you know|like|the|a|to|of|it|that|this|so|or|and|,|\s)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Around:
    """The sentences that may speak about a choice: of its own turn from the choice on, and those just before it."""

    choice: Span
    own: tuple[Span, ...]
    """The choice's sentence, then what the same speaker says next."""
    before: tuple[Span, ...]
    """Sentences of the turns before, nearest first, and of the choice's own turn before it."""


def around(choice: Span, session: Session) -> Around:
    """The sentences that may speak about a choice."""
    here = session.utterances[choice.utterance_index]
    cuts = _cuts(here.text)
    place = bisect_right(cuts, choice.start_char, key=itemgetter(1))
    own = [span(here, *cut) for cut in cuts[place : place + 3]]
    earlier = [span(here, *cut) for cut in reversed(cuts[max(0, place - 2) : place])]
    if own and own[-1].end_char >= len(here.text.rstrip()):
        own += _continued(here, session)
    before = list(earlier)
    first = max(0, choice.utterance_index - _BEFORE_UTTERANCES)
    for utterance in reversed(session.utterances[first : choice.utterance_index]):
        if utterance.role in ("person", "assistant"):
            before += [span(utterance, *cut) for cut in reversed(_cuts(utterance.text)[-6:])]
    return Around(choice, tuple(own), tuple(before))


@lru_cache(maxsize=64)  # the choices of a session stand near one another
def _cuts(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sentences(text))


def _continued(here: Utterance, session: Session) -> list[Span]:
    """What the same speaker says next without a break: captions cut one sentence into several utterances."""
    if here.role == "document":  # the next section, or the next column's description, is another text
        return []
    found: list[Span] = []
    for utterance in session.utterances[here.index + 1 : here.index + 1 + _AFTER_UTTERANCES]:
        if utterance.speaker != here.speaker or utterance.role != here.role:
            break
        found += [span(utterance, *cut) for cut in _cuts(utterance.text)[:2]]
    return found


def rationales(around: Around, session: Session) -> Iterator[Span]:
    """The clauses that say they are the choice's reason, nearest first."""
    for number, sentence in enumerate(around.own):
        if number > 0 and not _OPENS_WITH_REASON.match(sentence.quote):
            continue
        after = around.choice.start_char - sentence.start_char if number == 0 else 0
        found = _BECAUSE.search(sentence.quote, max(0, after))
        if number > 0:
            yield _cut(sentence, 0, _end(sentence.quote, 0), session)
        elif found:
            yield _cut(sentence, found.start(), _end(sentence.quote, found.end()), session)
        elif earlier := _BECAUSE.search(sentence.quote, 0, max(0, after)):
            comma = sentence.quote.rfind(",", earlier.end(), max(0, after))
            if comma > 0:
                yield _cut(sentence, earlier.start(), comma, session)


def _end(text: str, start: int) -> int:
    found = _REASON_END.search(text, start + 4)
    return min(found.start() if found else len(text), start + LONGEST_CHARS)


def alternatives(around: Around, session: Session) -> Iterator[Span]:
    """The options that a phrase names as not taken, or that stand beside the choice's in a question."""
    for sentence in around.own[:2]:
        for found in (*_INSTEAD.finditer(sentence.quote), *_DROPPED.finditer(sentence.quote)):
            if _is_beside(sentence, *found.span("what"), around.choice):
                yield from _option(sentence, *found.span("what"), session)
    chosen = _words(around.choice.quote)
    yield from _turned_down(around.choice, session)
    for sentence in around.before:
        for found in _EITHER.finditer(sentence.quote):
            options = [name for name in ("first", "second", "third", "fourth") if found[name]]
            mine = [name for name in options if _words(found[name]) & chosen]
            if len(mine) == 1:
                other = next(name for name in options if name != mine[0])
                yield from _option(sentence, *found.span(other), session)
        asked = _WHAT_ABOUT.search(sentence.quote)
        if asked and not _words(asked["what"]) & chosen and _is_turned_down(sentence, session):
            yield from _option(sentence, *asked.span("what"), session)


def _turned_down(choice: Span, session: Session) -> Iterator[Span]:
    """What a person names right beside the choice as not taken; it was spoken of before, or it is no option.

    To an agent "no new fetch" orders how, and is no option.
    """
    here = session.utterances[choice.utterance_index]
    if here.role != "person" or session.kind == "agent_session" or len(here.text) > _SHORT_TURN_CHARS:
        return
    whole = span(here, 0, len(here.text))
    for found in _TURNED_DOWN.finditer(here.text):
        start, end = found.span("what" if found["what"] else "gone")
        is_near = max(start - choice.end_char, choice.start_char - end) <= _TURNED_DOWN_CHARS
        is_in = start < choice.end_char and choice.start_char < end
        if not is_near or is_in or len(here.text[start:end].split()) > _TURNED_DOWN_WORDS:
            continue
        for option in _option(whole, start, end, session):
            if not _stems(option.quote) & _stems(choice.quote) and _was_named(option, session):
                yield option


def _was_named(option: Span, session: Session) -> bool:
    first = max(0, option.utterance_index - _SAID_UTTERANCES)
    before, named = session.utterances[first : option.utterance_index], _stems(option.quote)
    return any(named & _stems(one.text) for one in before if one.role in ("person", "assistant"))


def _stems(text: str) -> frozenset[str]:
    """The words that name something, cut to five letters: "computing" and "compute" are one."""
    words = (word.lower() for word in _WORD.findall(text))
    return frozenset(word[:5] for word in words if len(word) > 2 and word not in _COMMON and word not in _SMALL)


def _is_beside(sentence: Span, start: int, end: int, choice: Span) -> bool:
    """Whether an option of a sentence stands in the choice, right before it or soon after: it is set against it."""
    if sentence.utterance_index != choice.utterance_index:  # captions cut one sentence into several utterances
        return True
    is_after = sentence.start_char + end >= choice.start_char - _BEFORE_CHARS
    return is_after and sentence.start_char + start <= choice.end_char + _AFTER_CHARS


def _is_turned_down(asked: Span, session: Session) -> bool:
    """Whether the next words after an offer speak against it."""
    following = session.utterances[asked.utterance_index + 1 : asked.utterance_index + 3]
    return any(one.role == "person" and AGAINST.search(one.text[:160]) for one in following)


def _option(sentence: Span, start: int, end: int, session: Session) -> Iterator[Span]:
    """The span of an option named in a sentence, without what follows it; nothing when only fillers are left."""
    if after := _WHAT_END.search(sentence.quote, start + 1, end):
        end = after.start()
    words = sentence.quote[start:end].strip(" ,.;:!?…")
    if not _FILLER_ONLY.fullmatch(words) and (not _is_lone_verb(words) or _is_offered(words, sentence, session)):
        yield _cut(sentence, start, end, session)


def _is_lone_verb(words: str) -> bool:
    """Whether the words are one word that names nothing: "and not wait"."""
    return bool(_LONE.fullmatch(words)) and (words in _LONE_VERBS or words.endswith("ing"))


def _is_offered(word: str, sentence: Span, session: Session) -> bool:
    """Whether a turn shortly before uses the word as a thing: "a retry", "or retry"."""
    first = max(0, sentence.utterance_index - _BEFORE_UTTERANCES)
    as_thing = re.compile(rf"\b(?:an?|the|either|use|with) {re.escape(word)}\b", re.IGNORECASE)
    return any(as_thing.search(one.text) for one in session.utterances[first : sentence.utterance_index])


def against(alternative: Span, around: Around, taken: Sequence[Span]) -> Iterator[Span]:
    """Sentences that name the alternative and speak against it."""
    names = _words(alternative.quote)
    for sentence in (*around.own[1:], *around.before):
        if any(overlap(sentence, one) for one in taken) or overlap(sentence, around.choice):
            continue
        speaks_against = names & _words(sentence.quote) and AGAINST.search(sentence.quote)
        if speaks_against and len(sentence.quote) <= LONGEST_CHARS and not sentence.quote.endswith("?"):
            yield sentence


def constraints(around: Around, parts: Sequence[Part], session: Session) -> Iterator[Span]:
    """The next sentence that sets a limit, or what sets one in the choice's own sentence, before or after it."""
    taken = [one for part in parts if part.kind != "objection" for one in part.spans]
    for sentence in around.own[:2]:
        for start, end in _clauses(sentence, around.choice):
            clause = _cut(sentence, start, end, session)
            if clause.quote.endswith("?") or len(clause.quote) > LONGEST_CHARS or not _LIMIT.search(clause.quote):
                continue
            if not any(overlap(clause, one) for one in taken):
                yield clause


def _clauses(sentence: Span, choice: Span) -> Iterator[tuple[int, int]]:
    if not overlap(sentence, choice):
        yield 0, len(sentence.quote)
        return
    yield 0, max(0, choice.start_char - sentence.start_char)
    yield max(0, choice.end_char - sentence.start_char), len(sentence.quote)


def _words(text: str) -> frozenset[str]:
    words = (word.lower() for word in _WORD.findall(text))
    return frozenset(word for word in words if (len(word) > 3 or not word.isalpha()) and word not in _COMMON)


def _cut(sentence: Span, start: int, end: int, session: Session) -> Span:
    """Part of a sentence as a span, white space and closing commas left out."""
    stretch = sentence.quote[start:end].rstrip(" ,;:\n\t")
    start += len(stretch) - len(stretch.lstrip(" ,;:\n\t"))
    first, last = sentence.start_char + start, sentence.start_char + start + len(stretch.lstrip(" ,;:\n\t"))
    return span(session.utterances[sentence.utterance_index], first, last)
