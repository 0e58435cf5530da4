"""Decisions that a description states in running text: who decided, or what was taken over what, and why.

Most sentences of a data dictionary say what is, and those with `because` mostly do too. Four shapes decide:
`… decision:` before the words, people who decided (`we chose…`), something done on purpose, and a thing taken over
another for a reason. An instruction to the reader (`use X instead of Y`) decides nothing. In 11,859 descriptions of
public dbt projects this finds seven sentences; read by hand, each of them states a decision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.blanks import is_undecided
from ingest.markdown import blocks, words_only
from ingest.prose import split_reason, whole_sentences
from ingest.records import Part, Utterance
from ingest.text import span

MOST_CHARS = 600
"""Longer sentences are pasted tables and lists of values."""

_DECIDED = re.compile(
    r"\b(?:we|the team|our team|it (?:was|has been)|was|were|has been|have been)\s+(?:\w+ly\s+)?(?:have\s+|had\s+)?"
    r"(?:decided|agreed|opted|elected|chose|chosen)\s+(?:to|not to|that|against|on|for|over|in favou?r|as|by)\b"
    r"|\b(?:we|our team|the team)\s+(?:\w+ly\s+)?(?:have\s+)?(?:chose|decided|opted|picked|prefer)\b"
    r"|\b(?:the|our)\s+decision\s+(?:was|is|has been)(?:\s+made|\s+taken)?\s+(?:to|that)\b"
    r"|\bdecision was (?:made|taken) to\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"\b(?:intentionally|deliberately|purposely|purposefully|on purpose|by design|by choice)\b", re.IGNORECASE
)
_CONTRAST = re.compile(
    r"\b(?:instead of|rather than|in place of|as opposed to|in favou?r of)\s+"
    r"(?P<other>(?!just\b|only\b)(?:(?! - )[^,;:.()–—\n]){2,120})",
    re.IGNORECASE,
)
_DECISION = re.compile(r"[\W_]*(?:\w+\s)?decision[*_]{0,2}:[*_]{0,2}\s+(?=\S)", re.IGNORECASE)
_LABEL = re.compile(
    r"[\W_]*(?:\w+\s)?(?:decision|why|rationale|reason|context|history|notes?|nb|comments?|caveats?)"
    r"[*_]{0,2}:[*_]{0,2}\s+(?=\S)",
    re.IGNORECASE,
)
_TELLS_READER = re.compile(
    r"^[\W_]*(?:(?:please|note:?|nb:?|important:?|also,?|so,?|if\b[^,]{3,80},)\s+)*"
    r"(?:use|see|prefer|consider|join|refer|query|do not|don['’]t|never|always|avoid|be (?:careful|aware)"
    r"|you (?:should|can|must|may|will))\b"
    r"|\b(?:should|must|can|may|it is (?:suggested|recommended|advised))\s+(?:\w+\s+){0,6}"
    r"(?:use|used|join|joined|query|queried|refer|prefer|preferred|consider|considered|look|filter)\b",
    re.IGNORECASE,
)
_PERSONS_CHOICE = re.compile(
    r"\b(?:users?|customers?|patients?|members?|learners?|agenc(?:y|ies)|riders?|shoppers?|visitors?|respondents?"
    r"|applicants?|students?|merchants?|sellers?|buyers?|they|he|she|who|you|person)\s+(?:\w+\s+){0,2}"
    r"(?:decided|agreed|opted|elected|chose|chosen|selected|intentionally|deliberately|purposely)\b",
    re.IGNORECASE,
)
"""Whose choice the column records: data, not a decision about it."""
_WORTH_A_LOOK = re.compile(
    r"decision|decided|agreed|opted|elected|chose|picked|prefer|intentional|deliberate|purpose|by design|by choice"
    r"|instead of|rather than|in place of|as opposed|favou?r of",
    re.IGNORECASE,
)
"""Every shape has one of these in it: most descriptions are passed by with one search."""
_UNSURE = re.compile(
    r"\b(?:should we|could we|not sure|unclear|tbd|to ?do|maybe|perhaps|might)\b|\?\s*$", re.IGNORECASE
)


def statements(utterance: Utterance) -> Iterator[Part]:
    """The choice of each sentence that states a decision; reasons and alternatives are for `extract.reasons`."""
    if not _WORTH_A_LOOK.search(utterance.text):
        return
    prose = words_only(utterance.text)
    for block in blocks(prose):
        if block.kind == "row":
            continue
        for start, end in whole_sentences(prose, block.start_char, block.end_char):
            if end - start <= MOST_CHARS and decides(prose[start:end]):
                yield Part("choice", (span(utterance, *_choice(utterance.text, start, end)),))


def decides(sentence: str) -> bool:
    """Whether a sentence states a decision about the data, in one of the three shapes."""
    if _UNSURE.search(sentence) or _PERSONS_CHOICE.search(sentence) or is_undecided(sentence):
        return False
    if _DECISION.match(sentence) or _DECIDED.search(sentence) or _PURPOSE.search(sentence):
        return True
    if _TELLS_READER.search(sentence):
        return False
    claim, reasons = split_reason(sentence, 0, len(sentence))
    return bool(reasons) and _CONTRAST.search(sentence, *claim) is not None


def _choice(text: str, start: int, end: int) -> tuple[int, int]:
    """Where a sentence's claim stands, without its label and its reason."""
    label = _LABEL.match(text, start, end)
    claim, _ = split_reason(text, label.end() if label else start, end)
    return _trimmed(text, *claim)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    left = start + len(stretch) - len(stretch.lstrip())
    return left, left + len(stretch.strip().rstrip(",;:"))
