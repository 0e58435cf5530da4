"""Phrases that announce a decision in English talk, found in what persons say; never in what an agent or tool says.

An agent's plans ("I'll use X") are chatter until a person takes them up; documents speak by their structure. A phrase
in a question, a condition, a report or a negation announces nothing; a question that offers a choice is an `ask`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.extract.cues_phrases import ACCEPTED, ANSWERED, LISTED, PHRASES, Phrase
from ingest.extract.propose_answers import answered
from ingest.extract.propose_options import named
from ingest.language import ENGLISH, is_foreign, may_be_foreign
from ingest.language_names import skipped_note
from ingest.records import Cue, Draft, Session, Utterance
from ingest.text import sentences, span

_LONGEST_PERSON_TEXT = 1_500
"""Longer messages to an agent are pasted plans, logs and reviews: 14 of 14 in the sample sessions."""
_LONGEST_ANSWER = 200
"""Of an answer that opens with a number so much is quoted: "2, and keep the old name"."""
_WORTH_A_LOOK = 0.1
"""Where utterances with few English words make up this share of the words said, each is looked at."""

_DOUBT_BEFORE = re.compile(
    r"\b(?:if|whether|unless|suppose|assuming|in case|did|didn'?t|haven'?t|hasn'?t|hadn'?t|never|not sure|don'?t know"
    r"|wonder(?:ing)?|why|when|until|till|before|once|after|since|because|where|imagine|let'?s say|wouldn'?t|shouldn'?t"
    r"|remember (?:what|how)|which|what|he said|she said|they said|not)\s+(?:\w+\s+){0,2}$"
    r"|\b(?:don'?t|do not|doesn'?t|didn'?t) (?:really |actually )?(?:think|believe|feel|say|mean) (?:that )?$",
    re.IGNORECASE,
)
_REPORTED_BEFORE = re.compile(
    r"\b(?!(?:i|we)\b)[\w'-]+ (?:\w+ly |always |just |once |also )?(?:said|says|saying|suggest(?:ed|s)|propos(?:ed|es)"
    r"|wants?|wanted|thinks?|thought|told (?:me|us|them|\w+)|asked|argu(?:ed|es)|claim(?:ed|s)|insist(?:ed|s)"
    r"|recommend(?:ed|s)|mentioned|wrote|writes|was like|(?:is|was|keeps) (?:saying|suggesting|asking))"
    r"(?: that| to \w+)?[,:]? ?[\"'“‘]?$|\baccording to [^,]{2,40}, ?$"
    r"|\b(?:at|in) (?:my|our) (?:last|previous|old|former) (?:job|company|team|project|place)\b[^.;!?]{0,40}$",
    re.IGNORECASE,
)
_JOKING = re.compile(
    r"\bwhat could (?:possibly )?go wrong|\bjust kidding|\bi'?m (?:kidding|joking)|\bjk\b|(?:^|\s)/s(?:\s|$)|\blol\b"
    r"|\bhaha|\b(?:yeah|yes|oh),? right[,.!]+ |\boh,? (?:sure|brilliant|wonderful|fantastic)[,.! ]"
    r"|\bsaid (?:nobody|no one|no-one) ever\b"
    r"|\b(?:worked|went) (?:out )?so well\b|\bas if that\b|\bfor old times'? sake",
    re.IGNORECASE,
)
_JOKE_REACH = 60
_COMMAND = re.compile(r"/[a-z][\w:-]*(?:\s|$)")
"""A slash command typed as plain text; readers that see commands name them in `topic`."""
_NOUN_BEFORE = re.compile(
    r"(?:\b(?:one|ones|those|things?|(?:the|a|an|of|any|some|all)(?: \w+)? \w+) (?:that|which)|\bsa(?:y|id"
    r"|ying),?) $",
    re.IGNORECASE,
)
_RELATIVE_BEFORE = re.compile(
    r"(?:\b(?:who|the day|like|as|how)"
    r"|(?<!think )(?<!agree )(?<!so )\bthat) $",
    re.IGNORECASE,
)
_CLAUSE_BREAK = re.compile(r"[,;:.!?…]|\s[–—-]+\s|\b(?:then|so|but)\b")
_AGENDA = re.compile(
    r"[\s…,]*(?:(?:keep|use|have|make) )?(?:it |this |that |things |everything |all of (?:this|that) )?(?:(?:a"
    r"|one|another) (?:look|minute|second|sec|moment"
    r"|break)|all the wheels|going|moving|following|discussing|working|in mind|in touch|it (?:short|brief|quick"
    r"|there|at that)|you posted|sure|quiet|to the next|track|up"
    r"|the (?:flow|crowd)|(?:that|this|a) (?:whole )?can of worms|pandora'?s box|(?:that|this) bridge|a day"
    r"|(?:we )?(?:think about|run through|talk|discuss|look (?:at|into)|move on|go (?:on|through|over)"
    r"|start (?:digging|with))"
    r"|(?:\w+ ){0,4}(?:presentations?|agenda|lunch|coffee|slides?|questionnaires?|breaks?|discussions?|conversations?)"
    r"|updates?|my update|the (?:next|first|last) (?:item|topic|point|one|slide)|a (?:call|chat|meeting)|fun|lunch)\b",
    re.IGNORECASE,
)
_TAG_QUESTION = re.compile(r",\s*(?:right|okay|ok|yeah|no|correct|isn't it|don't we|shall we)\?$", re.IGNORECASE)
_QUOTING = re.compile(r"```(?s:.)*?(?:```|\Z)|^[ \t]*>.*$|^(?: {4}|\t)\S.*$", re.MULTILINE)
_OFFERS = frozenset({"asked", "suggested", "preferred"})


def cues(draft: Draft) -> Draft:
    """The draft with the cues of its session in order, at most one a sentence: the weightiest.

    A session whose persons do not speak English gets none, and a note that says so; nor does an utterance that is
    clearly in another language.
    """
    session = draft.session
    spoken = [utterance for utterance in session.utterances if _is_talk(utterance, session)]
    if not spoken:
        return replace(draft, cues=())
    if session.language not in (None, ENGLISH):
        return replace(draft, session=_noted(session, skipped_note(session.language)), cues=())
    found = {utterance.index: tuple(_cues_of(utterance, session)) for utterance in spoken}
    foreign = _foreign(spoken, {index for index, some in found.items() if some})
    if foreign:
        note = f"extraction skipped {len(foreign)} of {len(spoken)} utterances: not in English"
        session = _noted(session, note)
    kept = tuple(cue for index, some in found.items() if index not in foreign for cue in some)
    return replace(draft, session=session, cues=kept)


def _noted(session: Session, note: str) -> Session:
    return session if note in session.notes else replace(session, notes=(*session.notes, note))


def _foreign(spoken: Sequence[Utterance], with_cues: set[int]) -> frozenset[int]:
    """Positions of the utterances in another language; all of them where many may be, else only those with cues."""
    doubtful = [utterance for utterance in spoken if may_be_foreign(utterance.text)]
    if sum(len(one.text) for one in doubtful) < _WORTH_A_LOOK * sum(len(one.text) for one in spoken):
        doubtful = [utterance for utterance in doubtful if utterance.index in with_cues]
    return frozenset(utterance.index for utterance in doubtful if is_foreign(utterance.text))


def _is_talk(utterance: Utterance, session: Session) -> bool:
    if utterance.role != "person" or session.kind == "decision_record":
        return False
    if session.kind == "agent_session" and (len(utterance.text) > _LONGEST_PERSON_TEXT or _is_command(utterance)):
        return False
    return not (utterance.speaker or "").endswith("[bot]")


def _is_command(utterance: Utterance) -> bool:
    """Whether the words are a slash command's: what it is told ("/compact keep the schema") decides nothing."""
    return (utterance.topic or "").startswith("/") or bool(_COMMAND.match(utterance.text))


def _cues_of(utterance: Utterance, session: Session) -> Iterator[Cue]:
    text, kind = utterance.text.replace("’", "'"), session.kind
    lowered = text.lower()
    if kind in ACCEPTED.kinds and ACCEPTED.pattern.match(text):
        yield Cue(ACCEPTED.name, span(utterance, *next(sentences(text))), ACCEPTED.weight)
        return
    answers = answered(session, utterance) if kind in ANSWERED.kinds else ()
    for one in answers:
        yield Cue(ANSWERED.name, one.said, ANSWERED.weight)
    if kind in LISTED.kinds and not answers and not LISTED.pattern.match(text) and named(text):
        answer = text[:_LONGEST_ANSWER].split("\n", 1)[0].rstrip()
        yield Cue(LISTED.name, span(utterance, 0, len(answer)), LISTED.weight)
    phrases = [one for one in PHRASES if kind in one.kinds and any(sign in lowered for sign in one.signs)]
    if not phrases:
        return
    quoted = _not_said(text) if kind != "meeting" else ()
    quoted += tuple((one.said.start_char, one.said.end_char) for one in answers)
    for start, end in sentences(text):
        if any(first < end and start < last for first, last in quoted):
            continue
        found = list(_sentence_cues(utterance, text[start:end], start, phrases))
        if found and not _JOKING.search(text, start, min(len(text), end + _JOKE_REACH)):
            yield max(found, key=lambda cue: (cue.weight, cue.span.start_char))


def _sentence_cues(utterance: Utterance, sentence: str, start: int, phrases: list[Phrase]) -> Iterator[Cue]:
    is_question = sentence.endswith("?") and not _TAG_QUESTION.search(sentence)
    for phrase in phrases:
        if is_question and phrase.name not in _OFFERS:
            continue
        for match in phrase.pattern.finditer(sentence):
            if phrase.name == "asked" and not sentence.endswith("?"):
                continue
            if _is_doubtful(sentence[: match.start()], phrase.name) or _AGENDA.match(sentence, match.end()):
                continue
            yield Cue(phrase.name, span(utterance, start + match.start(), start + match.end()), phrase.weight)


def _is_doubtful(before: str, name: str) -> bool:
    """Whether the clause up to a cue makes it a condition, a question, a report or a negation."""
    if _NOUN_BEFORE.search(before) or _is_reported(before) or _is_in_quotes(before):
        return True
    if name != "decided" and _RELATIVE_BEFORE.search(before):
        return True
    breaks = list(_CLAUSE_BREAK.finditer(before))
    clause = before[breaks[-1].end() :] if breaks else before
    return bool(_DOUBT_BEFORE.search(clause + (" " if clause and not clause.endswith(" ") else "")))


def _is_reported(before: str) -> bool:
    """Whether a cue is somebody else's by the words before it; "on what you all said to me let's …" is one's own."""
    found = _REPORTED_BEFORE.search(before)
    return found is not None and not re.search(r"\bwhat\b", before[max(0, found.start() - 40) : found.start()])


def _is_in_quotes(before: str) -> bool:
    """Whether a quotation is open: its words are somebody else's, or a name's."""
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")


def _not_said(text: str) -> tuple[tuple[int, int], ...]:
    """Stretches of a written message that quote: fenced or indented code, and lines that begin with `>`."""
    if "```" not in text and ">" not in text and "    " not in text and "\t" not in text:
        return ()
    return tuple(found.span() for found in _QUOTING.finditer(text))
