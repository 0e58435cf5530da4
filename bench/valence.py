"""Words that speak for a thing and words that speak against it, as software people use them.

Written from general knowledge of how advantages and drawbacks are named, not counted in any data set
(`sentence_types.md` tells what was read before); `_BURDENS` are neutral alone ("effort", "queries") and speak against a
thing when there is more of them, for it when there is less.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

GOOD = frozenset(
    """
    able ability accelerate accepted accessible accurate achieve adaptable adequate adjustable advantage advantages
    agree align aligned allow allowed allows always appealing appropriate approve attractive automatic automatically
    available avoid avoids awesome beautiful beneficial benefit benefits best better brilliant built-in cheap cheaper
    clarify clarity clean cleaner clear clearer clearly cohesion comfort comfortable compact compatible complete
    complies comply concise configurable confident consistency consistent consistently control convenience convenient
    cool correct correctly covered covers customizable decouple decoupled decoupling deterministic documented durable
    ease eases easier easily easy effective efficiency efficient elegant enable enabled enables encapsulated
    encapsulation enhance enhances enough ergonomic established excellent explicit expressive extendable extendible
    extensibility extensible familiar fantastic fast faster fine fit fits fitting flexibility flexible free freedom
    freely fun future-proof gain gains generic glad good great guarantee guaranteed guarantees guides happy handy help
    helpful helps high-quality highly homogeneous ideal improve improved improvement improves improving independence
    independent informative instantly integrated intuitive isolated isolation keeps lightweight like logical love
    lovely maintainability maintainable maintained mature meaningful minimal modern modular modularity natural neat
    nice nicely open-source optimal organized overview perfect perfectly performant pleasant popular portable
    possibility possible powerful practical precise predictable preserves pretty prevents proper properly protects
    proven provided provides quick quicker quickly readability readable ready realistic reasonable recommended reduce
    reduced reduces reducing reliability reliable responsive reusable reuse reused reuses reusing rich right robust
    safe safer safety satisfied save saves saving scalable scales seamless secure security self-contained sensible
    separate separated separation shorter simple simpler simplest simplicity simplified simplifies simplify simply
    smooth smoothly solid solve solved solves speed speeds stability stable standard standardized standards
    straight-forward straightforward streamlined strong sufficient suitable suits super support supported supporting
    supports sustainable testable thanks thorough tidy tight transparency transparent trivial trustworthy unambiguous
    understandable understands unified uniform universal unlimited up-to-date usability usable useful user-friendly
    valid valuable versatile visible well well-documented well-known well-tested widely widespread win wonderful
    worked working works yes
    """.split()
)
BAD = frozenset(
    """
    abandoned abuse against aggressive ambiguity ambiguous annoy annoying anymore arbitrary artificial awful awkward
    bad badly barrier block blocked blocking blocks bloat bloated boilerplate bother bothersome break breaking breaks
    brittle broken bug buggy bugs bulky burden bypass careful clash clunky collide collision collisions complex
    complexity complicate complicated complicates complicating concern concerns conflict conflicting conflicts confuse
    confused confuses confusing confusion corrupt corrupted costly costs crash crashes crashing cryptic cumbersome
    danger dangerous dead deadlock degrade degrades delay delayed delays dependencies dependency dependent deprecated
    desync deviate deviates difficult difficulties difficulty dirty disabled disadvantage disadvantages disrupt
    disrupts distract distracting distracts doubled downside drawback drawbacks duplicate duplicated duplicates
    duplication effort efforts error error-prone errors exception exceptions excessive expensive exposed fail failed
    failing fails failure failures fault faulty forced forces forget forgotten fragile frustrating hack hacky hard
    hard-coded hardcoded harder hardly harm harmful hassle heavy heavyweight hidden hide hides horrible huge illegal
    impede impossible impractical inaccurate inadequate incompatible incomplete inconsistencies inconsistency
    inconsistent inconvenient incorrect incorrectly inefficient inflexible inherit insecure insufficient interferes
    intrusive invalid invisible irrelevant irritating issue issues lack lacking lacks lag laggy large larger latency
    leak leaks legacy limit limitation limitations limited limiting limits lock-in lose loses losing loss lost lots
    maintenance manual manually mess messy misleading misses missing mistake mistakes misuse misunderstood monolithic
    negative nobody noise noisy nonsense obscure obsolete obstacle odd old outdated overcomplicated overhead overkill
    overlap overload overloaded overly overwhelming pain painful pitfall pollute pollutes pollution poor poorly
    problem problematic problems prone proprietary questionable redundancy redundant redundantly regress regression
    repeated repetitive require required requires restrict restricted restriction restrictions restrictive restricts
    rigid risk risks risky sadly scattered slow slower slowly slows sluggish spaghetti stale steep struggle stuck
    suffer suffers surprising suspicious tedious terrible tight-coupling time-consuming timeout tiresome tough tricky
    trouble troubles troublesome ugly unable unavailable unaware unclear uncomfortable undefined undesirable
    undocumented unexpected unfamiliar unfortunately unintuitive unknown unmaintainable unmaintained unnatural
    unnecessarily unnecessary unpredictable unreadable unreliable unsafe unstable unsuitable unsupported untested
    unusable unused unusual unwanted useless vague verbose violate violates violation vulnerable waste wasted wasteful
    wasting weak weird worry worse worst wrong
    """.split()
)
_BURDENS = frozenset(
    """
    attention boilerplate bugs calls changes classes clicks code communication complexity configuration conflicts cost
    costs coupling data dependencies dependency duplication effort errors files implementation knowledge latencies
    latency lines load maintenance memory messages methods noise overhead parameters queries redundancy requests
    resources rules space steps storage tables time traffic training typing work
    """.split()
)
NEGATIONS = frozenset(
    """
    no not never without none nothing neither nor cannot can't won't don't doesn't didn't isn't aren't wasn't couldn't
    wouldn't shouldn't hasn't haven't dont doesnt cant isnt wont n't hardly lack lacks lacking avoid avoids avoiding
    prevent prevents preventing less fewer lower reduce reduces reducing reduced remove removes eliminate eliminates
    minimize minimizes
    """.split()
)
_MORE = frozenset(
    """
    more too additional extra much many lot lots high higher long longer another increase increases increased
    increasing need needs require requires takes costs bigger larger huge overly very several multiple still
    """.split()
)
_LESS = frozenset(
    """
    less no fewer reduce reduces reduced without low lower small smaller little minimal not avoid avoids save saves
    removes
    """.split()
)
_HEDGES = frozenset("only but however still although though might may".split())
_CAN = frozenset({"can", "could", "cannot", "can't", "couldn't", "unable", "too", "not"})
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*(?:'[a-z]+)?|[.,;:!?()]")
_CLAUSE_END = frozenset(".;:!?()") | {"but", "and", "because", "so"}
_REACH = 3  # words over which "not" or "less" carries: "not a very good fit"
COUNTS = (
    "good good-negated bad bad-negated less-burden more-burden too cannot can negation hedge for against speaks-for"
    " speaks-against opens-good opens-bad opens-negated"
).split()
"""What `valence_counts` counts, in its order."""
_LISTS = {"BURDEN": _BURDENS, "MORE": _MORE, "NOT": NEGATIONS, "-": BAD, "+": GOOD}
_KINDS = {word: kind for kind, words in _LISTS.items() for word in words}  # of a word in two lists the last one counts


def kind_of(word: str) -> str | None:
    """A sign for a word of these lists ("+", "-", "NOT", "MORE", "BURDEN"); none for other words."""
    return _KINDS.get(word)


def valence_counts(text: str) -> list[float]:
    """How a sentence speaks for and against, one number per name of `COUNTS`."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    found = dict.fromkeys(COUNTS, 0.0)
    total = sum(_weigh(word, _near(words, place), found) for place, word in enumerate(words))
    found["for"], found["against"] = (max(0.0, min(3.0, sign * total)) for sign in (1, -1))
    found["speaks-for"], found["speaks-against"] = float(total > 0), float(total < 0)
    found["opens-good"] = float(any(word in GOOD for word in words[:3]))
    found["opens-bad"] = float(any(word in BAD for word in words[:3]))
    found["opens-negated"] = float(any(word in NEGATIONS for word in words[:2]))
    return list(found.values())


def _near(words: Sequence[str], place: int) -> list[str]:
    """The words of the same clause just before a word, nearest first."""
    near: list[str] = []
    for word in reversed(words[max(0, place - _REACH) : place]):
        if word in _CLAUSE_END:
            break
        near.append(word)
    return near


def _weigh(word: str, near: Sequence[str], found: dict[str, float]) -> float:
    """Counts one word and gives its weight: above zero speaks for, below against."""
    weight = _weigh_small(word, near, found)
    if word not in _KINDS:
        return weight
    negated = not NEGATIONS.isdisjoint(near)
    if word in GOOD:
        found["good-negated" if negated else "good"] += 1
        weight += -1 if negated else 1
    if word in BAD:
        found["bad-negated" if negated else "bad"] += 1
        weight += 0.8 if negated else -1
    if word in _BURDENS and not _LESS.isdisjoint(near):
        found["less-burden"] += 1
        weight += 1
    elif word in _BURDENS and not _MORE.isdisjoint(near):
        found["more-burden"] += 1
        weight -= 1
    return weight


def _weigh_small(word: str, near: Sequence[str], found: dict[str, float]) -> float:
    found["negation"] += word in NEGATIONS
    found["hedge"] += word in _HEDGES
    if word not in _CAN:
        return 0.0
    found["can"] += word in {"can", "could"}
    if word == "too":
        found["too"] += 1
        return -1
    if word in {"cannot", "can't", "couldn't", "unable"} or (word == "not" and near[:1] and near[0] in {"can", "be"}):
        found["cannot"] += 1
        return -0.7
    return 0.0
