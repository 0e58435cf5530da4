"""What the e-mail act model sees of one segment: runs of words, openings, and runs of word classes.

Classes let "I've reworded it" and "we have fixed that" look alike: most acts have too few examples to learn each verb.
Only the speaker's own lines count; quoted lines begin with ">". The lists were written after reading some 200 segments
of the development threads, so the figures on these are a little kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_CLASSES = {
    "RESOLVED": """fixed added removed changed updated corrected clarified reworded incorporated addressed done merged
        posted submitted published closed adopted resolved renamed moved replaced deleted rewritten rewrote rephrased
        included modified applied uploaded dropped adjusted tweaked folded implemented reverted accepted agreed decided
        concluded converged settled chosen chose established confirmed declared issued created filed raised opened
        expanded split restructured aligned harmonized tracked""",
    "RESOLVE": """fix add remove change update correct clarify reword incorporate address do merge post submit publish
        close adopt resolve rename move replace delete rewrite rephrase include modify apply upload drop adjust tweak
        fold implement revert accept agree decide conclude confirm declare issue create file open expand split
        restructure align make put take send provide prepare start begin forward proceed request ask defer wait keep
        leave""",
    "WILL": "will 'll shall going plan plans intend intends planning",
    "SELF": "i we",
    "HAVE": "have 've has had been",
    "AGREE": """agree agreed agrees yes yeah yep yup sure right correct exactly true indeed absolutely definitely
        certainly ok okay fine +1 good great sounds makes perfect works concur support likewise same""",
    "PROPOSE": """suggest suggests suggesting suggestion propose proposes proposing proposal recommend recommends
        recommended advise should could might would must ought need needs please let's lets maybe perhaps why prefer
        preferable better rather instead consider considering""",
    "DOCUMENT": """draft text document section sentence paragraph version spec specification wg rfc wording editor's
        copy working branch pr commit tracker github list chairs chair authors author editors editor""",
    "NOT": """not no don't doesn't didn't can't cannot won't wouldn't isn't aren't never nor disagree however but""",
}
_CLASS_OF = {word: name for name, words in _CLASSES.items() for word in words.split()}
_FUNCTION_WORDS = frozenset(
    """
    a an the you it this that they he she my our your is are was were be am can may did does of to in on for with by
    from as at into if when because since so and or than then also only just too very more still yet now there here
    what which who how where
    """.split()
)
_TOKEN = re.compile(r"[a-z']+|[?!:+]|\d+")
_CLASS_TOKEN = re.compile(r"\+1|'[a-z]+|[a-z]+(?:n't)?|[?!:.,;]|\d+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_CLAUSE_END = re.compile(r"(?<=[.!?,])\s")
_GREETING = re.compile(r"(?:hi|hello|dear|hey)\b", re.IGNORECASE)


def own_lines(text: str) -> str:
    """The lines that quote nobody, as one; the whole text when all lines quote."""
    lines = " ".join(line for line in text.split("\n") if not line.lstrip().startswith(">")).strip()
    return lines or text


def word_runs(text: str) -> list[str]:
    """Up to three words and marks at a time."""
    return _runs(["<s>", *_tokens(own_lines(text)), "</s>"], 3)


def opening(text: str) -> list[str]:
    """The first six words after a greeting, up to three at a time, and the first one, two, three as such."""
    clauses = _CLAUSE_END.split(own_lines(text).strip())
    first = next((clause for clause in clauses if not _GREETING.match(clause)), clauses[0])
    words = _tokens(first)[:6]
    return [*_runs(words, 3), *("first " + " ".join(words[:count]) for count in (1, 2, 3))]


def sentence_openings(text: str) -> list[str]:
    """The first one to four words of every sentence."""
    return [" ".join(words[:count]) for words in map(_tokens, _sentences(text)) for count in (1, 2, 3, 4)]


def class_runs(text: str) -> list[str]:
    """Up to four of: word class, function word, mark, `x` for other words."""
    return _runs(["<s>", *_classes(own_lines(text)), "</s>"], 4)


def class_openings(text: str) -> list[str]:
    """The first one to five word classes of every sentence, short sentences whole, and which are questions."""
    found: list[str] = []
    for sentence in _sentences(own_lines(text)):
        signs = _classes(sentence)
        found += [" ".join(signs[:count]) for count in (1, 2, 3, 4, 5)]
        found.append("question" if sentence.rstrip().endswith("?") else "statement")
        if len(signs) <= 6:
            found.append("whole " + " ".join(signs))
    return found


def _tokens(text: str) -> list[str]:
    return ["0" if word.isdigit() else word for word in _TOKEN.findall(text.lower())]


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE_END.split(text) if sentence.strip()]


def _classes(text: str) -> list[str]:
    signs = [_class_of(word) for word in _CLASS_TOKEN.findall(text.lower().replace("’", "'"))]
    return [sign for place, sign in enumerate(signs) if sign != "x" or place == 0 or signs[place - 1] != "x"]


def _class_of(word: str) -> str:
    if word.isdigit():
        return "0"
    return _CLASS_OF.get(word) or (word if word in _FUNCTION_WORDS or not word[0].isalpha() else "x")


def _runs(tokens: Sequence[str], longest: int) -> list[str]:
    return [" ".join(tokens[i : i + n]) for n in range(1, longest + 1) for i in range(len(tokens) - n + 1)]
