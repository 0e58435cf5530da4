"""What the model of reasons sees of a clause: its words, its shape, and where it stands to the choice.

Shared by training (`bench/train_reasons.py`) and by `reasons_model`, so that both see the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ingest.extract.reasons_clauses import Clause, Clauses
from ingest.records import Session, Span

MOST_SPANS = 4
"""Restatements beyond these are not looked around."""
_SHORT_CHARS = 40
"""A choice this short is a pick among what was offered, or a nod to it."""
_NEAR = (1, 2, 3, 5, 8)
_LONG_WORDS = (4, 8, 14, 25)
_TOKEN = re.compile(r"`[^`\n]{1,60}`|https?:\S+|[a-z]+(?:'[a-z]+)?|\d+|[?!:;,.()→]", re.IGNORECASE)
_NAME = re.compile(r"[^\W_]{3,}")
_PICK = re.compile(
    r"\b(?:(?i:option|approach|number|do|with|use) #?(\d{1,2}|[a-hA-H])\b|([A-H])\)|^(\d{1,2}|[a-hA-H])\b)"
)
_OFFERS = re.compile(r"option|approach|either|could|should|would you|which|alternativ|prefer|ways|choice|want me")
"""Of a line in small letters."""
_STOP = frozenset(
    """
    the and for that this with are was not but from have has will would should can could its our you your they them
    then than into just also all any one use using let make let's we'll it's so only now some more when what which
    """.split()
)
_CUES = {
    f"cue {name}": re.compile(rf"\b(?:{words})\b")
    for name, words in {
        "because": r"because|since|as|due to|given that|the reason|cause",
        "purpose": r"so that|so (?:it|we|the|there|that|they|you)|to (?:avoid|prevent|ensure|keep|make sure|reduce"
        r"|match|distinguish|preserve|support)|in order to|for (?:consistency|backwards?|safety|simplicity|clarity)",
        "means": r"(?:this|that|which|it) (?:would |will |also |way |now )*(?:means?|makes?|gives?|avoids?|prevents?"
        r"|ensures?|keeps?|lets?|allows?|matches|follows|eliminates?|fixes|provides?|handles?|covers|is|was|are)",
        "better": r"simpler|easier|cleaner|safer|faster|cheaper|better|smaller|clearer|consistent|robust|correct|stable"
        r"|accurate|unique|natural|reliable|simplest|cleanest|best",
        "worse": r"slow(?:er)?|complex|complicated|expensive|fragile|brittle|confusing|overkill|redundant|unnecessary"
        r"|duplicat\w*|wasteful|risk\w*|unused|dead|stale|broken|wrong|invalid|messy|noisy|hard(?:er)?|yagni|wastes?",
        "trouble": r"fails?|failed|failing|breaks?|broke|errors?|bugs?|crash\w*|loses?|lost|leaks?|missing|problem"
        r"|issue|misses|overwrit\w+|silently|incorrectly|conflicts?|hangs?|flaky|mismatch",
        "not": r"not|no|never|can't|cannot|don't|doesn't|won't|isn't|aren't|didn't|nothing|without|only|already|still",
        "instead": r"instead of|rather than|as opposed to|not just|over|versus|vs|replac\w+|no longer|from",
        "could": r"could|would|should|might|maybe|perhaps|either|or|alternatively|option|approach|what about|how about"
        r"|consider|another|different|want me to|i can|we can",
        "was": r"was|were|previously|currently|originally|used to|before|old|existing|earlier|removed?|dropp?ed"
        r"|revert\w*|tried|deferred|skip\w*",
        "done": r"i'll|i will|let me|let's|we'll|added|updated|changed|fixed|now|implement|please|can you",
    }.items()
}
"""Searched in small letters: that takes less than half the time of patterns that ignore case."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The choice that reasons are looked for: where it is said, and which listed options it names."""

    spans: tuple[Span, ...]
    sentences: tuple[int, ...]
    """The sentence of its utterance in which each span begins."""
    options: frozenset[str]
    items: frozenset[tuple[int, int, str]]
    """Utterance, list and kind of item of each span that stands in a list."""
    names: tuple[frozenset[str], ...]
    """What each span names."""
    is_short: bool
    """Whether some statement of it is a pick or a nod."""


def anchor_of(spans: Sequence[Span], clauses: Clauses) -> Anchor:
    """The anchor at these spans, the first ones only."""
    kept = tuple(spans[:MOST_SPANS])
    at = [_clause_at(one, clauses) for one in kept]
    named = {next(filter(None, one)).lower() for part in kept for one in _PICK.findall(part.quote[:200])}
    return Anchor(
        kept,
        tuple(one.sentence if one else 0 for one in at),
        frozenset(named | {one.line.option for one in at if one and one.line.option}),
        frozenset(
            (one.utterance_index, one.line.list_at, one.line.item) for one in at if one and one.line.list_at >= 0
        ),
        tuple(names_of(one.quote) for one in kept),
        min(len(one.quote) for one in kept) < _SHORT_CHARS,
    )


def words_of(clause: Clause) -> list[str]:
    """Words and marks in small letters, one and two at a time, each once."""
    tokens = _tokens(clause.text)
    return [*dict.fromkeys((*tokens, *map(" ".join, pairwise(tokens))))]


def shape_of(clause: Clause) -> list[str]:
    """How the clause opens and ends, its cues, length and label, and what stands over it."""
    tokens = _tokens(clause.text)
    cues, heading, last = cues_of(clause.text), clause.line.heading.split(), clause.text[-1]
    return [
        *(f"opens {' '.join(tokens[:count])}" for count in (1, 2, 3) if len(tokens) >= count),
        *cues,
        *(f"mark {clause.mark} {cue}" for cue in cues),
        *(f"shorter than {length}" for length in _LONG_WORDS if len(tokens) < length),
        f"mark {clause.mark}",
        f"place {min(3, clause.place)}",
        f"ends {'a' if last.isalnum() else last}",
        f"label {clause.label}",
        f"heading {' '.join(heading[-2:])}",
        *{f"under {word}" for word in heading},
    ]


def standing_of(clause: Clause, anchor: Anchor, session: Session) -> list[str]:
    """Where the clause stands to the choice: side, distance, speakers, words in common, and its marks there."""
    where, size, span = _where(clause, anchor)
    said, names = session.utterances, names_of(clause.text)
    roles = f"{said[clause.utterance_index].role} for {said[span.utterance_index].role}"
    shared = min(3, max(len(names & one) for one in anchor.names))
    return [
        *_met(where, size, roles, f"in {session.kind}", f"shares {shared}", f"short {anchor.is_short}"),
        f"{where} mark {clause.mark}",
        f"{where} label {clause.label}",
        f"{where} opens {clause.text.split(None, 1)[0].lower()}",
        f"{where} place {min(2, clause.place)}",
        *(f"{where} {cue}" for cue in cues_of(clause.text)),
        *((f"{where} asks", f"{where} asks {roles}") if "?" in clause.text else ()),
        *_listed(clause, anchor, where),
    ]


@lru_cache(maxsize=2_000)
def _met(where: str, size: str, roles: str, kind: str, shares: str, short: str) -> tuple[str, ...]:
    """The features that few words tell: most clauses of a session share theirs with others."""
    told = (size, roles, f"{size} {roles} {short}", short, shares)
    return (where, shares, kind, *(f"{where} {one}" for one in told))


def _listed(clause: Clause, anchor: Anchor, where: str) -> list[str]:
    """Whether it stands in the choice's list, in the option picked or in one that is left."""
    line, found = clause.line, []
    if line.option:
        option = "picked" if line.option in anchor.options else "left" if anchor.options else "listed"
        head = "head of" if clause.place == 0 and clause.mark == "bullet" else "in"
        found += [f"{head} option {option}", f"{head} option {option} {where}", f"option {option} label {clause.label}"]
    if line.list_at >= 0:
        place = clause.utterance_index, line.list_at
        is_beside = (*place, line.item) in anchor.items
        near = "sibling" if is_beside else "same" if place in {one[:2] for one in anchor.items} else "other"
        item = f"item {near} {'head' if clause.place == 0 and line.item else 'rest'}"
        offers = f"offers {bool(_OFFERS.search(line.lead))}"
        short = f"short {anchor.is_short}"
        found += [item, *(f"{item} {one}" for one in (where, offers, f"option {bool(line.option)}", short))]
        found.append(f"{item} {short} {offers}")
    return found


@lru_cache(maxsize=20_000)
def cues_of(text: str) -> tuple[str, ...]:
    """Which kinds of cue a clause has."""
    lowered = text.lower()
    return tuple(name for name, cue in _CUES.items() if cue.search(lowered))


def _where(clause: Clause, anchor: Anchor) -> tuple[str, str, Span]:
    """The side and distance to the anchor's nearest span."""
    ranked = ((*_distance(clause, one, at), one) for one, at in zip(anchor.spans, anchor.sentences, strict=True))
    _, where, size, span = min(ranked, key=lambda one: one[0])
    return where, size, span


def _distance(clause: Clause, span: Span, at: int) -> tuple[int, str, str]:
    turns = clause.utterance_index - span.utterance_index
    if turns:
        return 1_000 * abs(turns), "later turn" if turns > 0 else "earlier turn", _size(abs(turns))
    if clause.start_char < span.end_char and span.start_char < clause.end_char:
        covers = (clause.end_char - clause.start_char) / max(1, span.end_char - span.start_char)
        return 0, "inside", "most" if covers > 0.6 else "part"
    side = "after" if clause.start_char >= span.end_char else "before"
    apart = abs(clause.sentence - at)
    if apart:
        return 2 + apart, side, _size(apart)
    gap = clause.start_char - span.end_char if side == "after" else span.start_char - clause.end_char
    return 1, f"{side} in sentence", "next" if gap < 12 else "far"


def _size(count: int) -> str:
    return next((f"within {most}" for most in _NEAR if count <= most), "far")


def _clause_at(span: Span, clauses: Clauses) -> Clause | None:
    """The opening clause of the sentence in which a span begins; a list mark before it may belong to the span."""
    found = None
    for sentence in clauses.of(span.utterance_index):
        if sentence[0].start_char > span.start_char + 8:
            break
        found = sentence[0]
    return found


@lru_cache(maxsize=20_000)
def names_of(text: str) -> frozenset[str]:
    """The words of three letters and more, in small letters, that carry what is said."""
    return frozenset(word for word in map(str.lower, _NAME.findall(text)) if word not in _STOP)


@lru_cache(maxsize=2_000)
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(map(_plain, _TOKEN.findall(text)))


def _plain(token: str) -> str:
    if token[0] == "`":
        return "CODE"
    return "URL" if token[:4] == "http" and len(token) > 5 else "0" if token.isdigit() else token.lower()
