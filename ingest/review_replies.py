"""What a review comment's sentences do, told by their words: ask, take on, refuse.

Every rule errs towards saying no: a reply with any word of refusal, doubt, delay or another way takes nothing on.
"""

from __future__ import annotations

import re
from typing import Literal

from ingest.markdown import words_only
from ingest.prose import Stretch, whole_sentences

_QUOTED = re.compile(r"^ {0,3}>[^\n]*", re.MULTILINE)
_CHANGES = (
    "rename|remove|drop|delete|replace|add|move|use|change|make|put|set|switch|split|extract|inline|convert|wrap|call"
    "|cap|limit|compare|avoid|return|raise|throw|handle|test|cover|document|write|update|fix|sort|simplify|combine"
    "|reduce|increase|pass|store|log|include|exclude|prefer|reuse|swap|turn"
)
_NO_CHANGE = (
    r"note|see|ignore|disregard|explain|clarify|elaborate|confirm|check|verify|look|take an?(?:other)? look"
    r"|have a(?:nother)? look|read|(?:re-?)?review|approve|merge|rebase|squash|(?:re-?)?run|wait|discuss|talk|advise"
    r"|tell|let (?:me|us)|feel|help|comment|respond|reply|answer|ping|share|consider|remember|bear|forgive|excuse|find"
    r"|keep|leave|be|think|know|double[- ]check|refer|describe|provide|show|close|open|file|hold|stop|hope|stay|say"
    r"|(?:do not|don['’]?t|not) (?:merge|hesitate|worry|mind|forget|change|touch|remove|rename|move|bother)"
)
_LABEL = (
    r"(?:[*_]{0,2}(?:nit(?:pick)?|minor|style|suggestion|optional)(?:\s?\([^()]{0,40}\))?[*_]{0,2}\s?[:–—-]"
    r"[*_]{0,2}\s?)?"
)
_POLITE = re.compile(rf"(?:^{_LABEL}|, )please,? (?:also |just |do |kindly )?(?!(?:{_NO_CHANGE})\b)\w", re.IGNORECASE)
_TOGETHER = re.compile(rf"^{_LABEL}(?:let['’]s|let us) (?:also |just )?(?!(?:{_NO_CHANGE}|not)\b)\w", re.IGNORECASE)
_COULD = re.compile(
    rf"(?:^{_LABEL}|, )(?:could|can|would) you (?:please |kindly |also |maybe |perhaps )*"
    rf"(?:(?:{_CHANGES})\b|mind \w{{3,20}}ing\b)",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"^(?i:{_LABEL})(?i:{_CHANGES}) (?:(?i:the|this|that|these|those|an?|it|them|all|both|each|every|any|your|our)\b"
    r"|[`\"'“‘]|[\w.]{0,80}[_.(]\w|[A-Z]\w)(?!.{0,400}\band (?i:it|this|that|everything|you|we|they)\b)",
    re.DOTALL,
)

_WANTS = re.compile(
    r"\b(?:(?:should|must)(?:n['’]t| not)?|needs? to|ha(?:s|ve) to|ought to|would (?:rather|prefer)|better to)\s+\w",
    re.IGNORECASE,
)

_AGREES = (
    r"good (?:catch|point|idea|call|spot|eye|suggestion)|(?:nice|great) (?:catch|point|idea|suggestion)|well spotted"
    r"|agreed|i (?:totally |fully )?agree|makes (?:total )?sense|sounds good|sgtm|you(?:['’]re| are) (?:totally )?right"
    r"|fair point|will do"
)
_COURTESY = (
    r"thanks(?: a lot)?|thank you(?: very much)?|thx|cheers|sorry|yes|yep|yeah|sure|of course|absolutely|ok(?:ay)?"
    r"|oops|ah|oh|right|true|nice|great|perfect|fair enough|lgtm"
)
_GAP = r"[\s,.!:;–—-]*+"
_COURTESIES = rf"(?:(?:{_AGREES}|{_COURTESY})\b(?: @[\w-]{{1,40}})?{_GAP})*+"
_COMMIT = (
    r"(?:https?://[^\s()<>]{1,300}/commits?/|\[?`)?\b(?=[a-f]{0,39}[0-9])[0-9a-f]{7,40}\b`?(?:\]\([^\s()]{1,300}\))?"
)
_IN_COMMIT = rf"(?:in|as of|with|by) (?:commit )?{_COMMIT}"
_TAIL = (
    rf"(?: (?:{_IN_COMMIT}|in (?:the )?(?:latest|last|newest|new|next) (?:commit|push|revision|version)|in this commit"
    r"|now|as (?:you )?(?:suggested|requested|proposed)|it|this|that|them|both|all of (?:it|them)|your suggestion"
    r"|the suggestion|here|everywhere|accordingly|too|as well))*+"
)
_LEAD = (
    r"(?:(?:i|we)(?:['’]ve| have)? (?:just |now |also )?|(?:this|that|it|all|both)"
    r"(?:['’]s| is| are| has been| have been)? (?:now |all )?|all |now |just )?"
)
_DID = r"done|fixed|applied|addressed|implemented|adopted"
_ECHOES = {
    "rename": "renamed", "remove": "removed", "drop": "dropped", "delete": "deleted", "replace": "replaced",
    "add": "added", "move": "moved", "change": "changed", "update": "updated", "switch": "switched", "split": "split",
    "extract": "extracted", "simplify": "simplified", "cap": "capped",
}  # fmt: skip
"""What a reply may say it did when just that was asked for: `Removed.` answers no request to rename."""
_DOUBTS = re.compile(
    r"\b(?:no|not|none|nor|never|nope|nah|non|cannot|(?:won|don|can|didn|doesn|isn|wouldn|shouldn|couldn|aren|wasn)t"
    r"|without|hardly|instead|rather|another|other|otherwise|different(?:ly)?|alternativ\w+|but|however|although|though"
    r"|except|unless|disagree\w*|refus\w+|declin\w+|reject\w*|skip\w*|later|follow[- ]?up|todo|separate\w*|partial\w*"
    r"|partly|half|almost|revert\w*|undo\w*|undid|ignor\w+|nevermind|mind|wont-?fix|keep\w*|kept|leav\w+|left|as[- ]is"
    r"|intentional\w*|by design|on purpose|purposely|scope|obsolete|moot|irrelevant|gone|wrong|fork|already"
    r"|unsure|maybe|perhaps|might|try|tried|went with|opted|chose|prefer\w*|by \w{3,20}ing|if|until|while|actually"
    r"|only|workaround|local(?:ly)?|wip|unchanged|unnecessary|useless|hate|dislike|bad|worse|confus\w+)\b"
    r"|n['’ʼ‘]t\b|\?|👎|:-1:|:thumbsdown:|😕|:confused:",
    re.IGNORECASE,
)
_STAYS = re.compile(
    r"\b(?:won['’]?t (?:fix|change|do)|wontfix|keep(?:ing)? (?:it|this|that|them|these)(?: as(?: it)? is)?"
    r"|as[- ]is\b|leave (?:it|this|that|them)|leaving (?:it|this|that)"
    r"|(?:i(?:['’]d| would)|let['’]s|prefer to) (?:rather )?(?:keep|leave|stay)"
    r"|rather not|by design|on purpose|intentional(?:ly)?|out of scope|disagree)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|cannot|nothing|hardly|if|un)\b|n['’]t\b|\b(?:wo|do|ca)nt\b", re.IGNORECASE
)

Taken = Literal["with its commit", "done", "agreed"]


def spoken(text: str) -> str:
    """The writer's own words: code blocks, HTML comments and quoted lines as blanks, same length."""
    return _QUOTED.sub(lambda found: " " * len(found.group()), words_only(text))


def own_sentences(text: str) -> list[Stretch]:
    """The sentences of a comment's own words."""
    prose = spoken(text)
    found = whole_sentences(prose, 0, len(prose))
    return [stretch for stretch in found if any(char.isalnum() for char in prose[slice(*stretch)])]


def asks(sentence: str) -> bool:
    """Whether a sentence asks for a change: `Please cap…`, `Let's…`, `Could you rename…?`, `Drop the…`.

    A statement with such a verb in it asks for nothing (`This will move…`), nor does a question (`Rename it?`).
    """
    if _COULD.search(sentence):
        return True
    if "?" in sentence:
        return False
    return any(form.search(sentence) for form in (_POLITE, _TOGETHER, _BARE))


def wants(sentence: str) -> bool:
    """Whether a sentence says what should be: `This should be capped`, `We need to rename it`; no question does."""
    return "?" not in sentence and _WANTS.search(sentence) is not None


def doubts(reply: str) -> bool:
    """Whether a reply has any word of refusal, doubt, delay, question or another way."""
    return _DOUBTS.search(spoken(reply)) is not None


def taken(reply: str, request: str) -> Taken | None:
    """How a reply takes a request on: it names the commit, says that it is done, or agrees and says nothing else.

    `thanks`, `yes` and `ok` alone take nothing on.
    """
    if doubts(reply):
        return None
    words = " ".join(spoken(reply).split())
    stems = {past for stem, past in _ECHOES.items() if re.search(rf"\b{stem}", request, re.IGNORECASE)}
    did = "|".join([_DID, *sorted(stems)])
    done = re.compile(
        rf"{_COURTESIES}{_LEAD}(?:{did})(?:(?:,| and|, and) (?:{did}))?{_TAIL}(?:{_GAP}{_COURTESIES})?\W*",
        re.IGNORECASE,
    )
    finished = [reply[slice(*sentence)] for sentence in own_sentences(reply)]
    finished = [" ".join(sentence.split()) for sentence in finished]
    finished = [sentence for sentence in finished if done.fullmatch(sentence)]
    if any(re.search(_IN_COMMIT, sentence, re.IGNORECASE) for sentence in finished):
        return "with its commit"
    if finished:
        return "done"
    is_agreement = re.fullmatch(rf"{_COURTESIES}\W*", words, re.IGNORECASE) and re.search(
        rf"\b(?:{_AGREES})\b", words, re.IGNORECASE
    )
    return "agreed" if is_agreement else None


def stays(sentence: str) -> bool:
    """Whether a sentence says that the lines stay as they are; not where it is a question or says the opposite."""
    found = _STAYS.search(sentence)
    return found is not None and "?" not in sentence and not _NEGATED.search(sentence[: found.start()])
