"""What the form of a commit message states: sections, labels, `Rejected:` lines, a revert and why; its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.blanks import says_nothing
from ingest.commit_words import is_aside, is_unfit, without_prefix
from ingest.discussions import Remark
from ingest.markdown import blocks, words_only
from ingest.prose import Stretch, grouped, whole_sentences
from ingest.records import Part, Utterance
from ingest.review_items import Item
from ingest.review_sections import section_parts
from ingest.text import span

_CODE_INDENT = 4
_LONGEST = 1_500
"""Characters; what goes on longer without a stop is a log or a list."""
_REVERTS = re.compile(
    r"(?:revert \"|(?:this )?reverts? (?:(?:commit|merge request|pull request|pr)s? )?(?:#?\w{1,64}\b|\S+![0-9]+))",
    re.I,
)
_REVERT_SUBJECT = re.compile(r"(?:re)?revert(?:s|ed|ing)?:? (?:[\"'“`]|#\d|commit |pr )", re.I)
_SAYS_IT_REVERTS = re.compile(r"^This (?:partially )?reverts (?:commit|merge request|pull request|PR)\b", re.I | re.M)
_REJECTED = re.compile(
    r"^Rejected:[ \t]+(?P<what>\S.*?)(?:[ \t]*\|[ \t]*|[ \t]+because[ \t]+)(?P<why>\S.*)$", re.MULTILINE
)
_HEADED = re.compile(
    r"^[ \t]*(?:why(?: (?:this|the) change(?: was made)?| this)?|rationale|reason(?:s|ing)?|motivation)[ \t]*:[ \t]*\n"
    r"(?P<said>(?:[ \t]*\S.*(?:\n|$))+)",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that heads the lines below it up to a blank one."""
_CONSTRAINT = re.compile(r"^Constraint:[ \t]+(?P<what>\S.*)$", re.MULTILINE)
_NEXT_LABEL = re.compile(r"\n[ \t]*(?:[A-Z][\w-]{1,30}: |(?:Closes|Fixes|Refs?|Resolves):? #)")
_TRAILING = re.compile(
    r"^[A-Z][A-Za-z]*(?:-[A-Za-z]+)+:[ \t]|^\(cherry picked|^(?:Refs?|Closes|Fixes|Cc|Link|Bug|See)\b[: ]"
)


def labelled(title: Utterance, body: Utterance) -> tuple[Part, ...]:
    """What sections, labels and `Rejected:` lines state; the subject is the choice where no Decision is headed."""
    parts = [_ended(part, body) for part in section_parts(_remark(body), _remark(title))]
    headed = [] if parts else list(_headed(body))
    if not parts and not headed and not _REJECTED.search(body.text):
        return ()
    parts = parts or [whole(title), *headed]
    for found in _REJECTED.finditer(body.text):
        parts.append(Part("alternative", (span(body, *found.span("what")),)))
        parts.append(Part("rationale", (span(body, *found.span("why")),), about=len(parts) - 1))
    known = {part.spans[0] for part in parts}
    for found in _CONSTRAINT.finditer(body.text):
        limit = span(body, *found.span("what"))
        if limit not in known:
            parts.append(Part("constraint", (limit,)))
    return tuple(parts)


def _ended(part: Part, body: Utterance) -> Part:
    """A part without the labels and trailers of the lines below it."""
    spans = []
    for one in part.spans:
        after = _NEXT_LABEL.search(one.quote)
        is_here = after is not None and after.start() > 0 and one.utterance_index == body.index
        spans.append(span(body, one.start_char, one.start_char + after.start()) if after and is_here else one)
    return replace(part, spans=tuple(spans))


def _headed(body: Utterance) -> Iterator[Part]:
    """The reasons under a line such as `Why this change:`."""
    for found in _HEADED.finditer(words_only(body.text)):
        told = [block for block in blocks(words_only(body.text), *found.span("said")) if block.kind != "row"]
        for start, end in grouped(body.text, told):
            if not says_nothing(body.text[start:end]):
                yield Part("rationale", (span(body, start, end),))


def _remark(utterance: Utterance) -> Remark:
    """The utterance as a code review's record: `section_parts` reads its text alone."""
    item = Item("commit", utterance.locator, {}, None, utterance.text, None, False, None, frozenset(), None)
    return Remark(item, utterance)


def whole(utterance: Utterance) -> Part:
    """All of an utterance as the choice."""
    return Part("choice", (span(utterance, 0, len(utterance.text)),))


def reverted(title: Utterance, body: Utterance) -> tuple[Part, ...]:
    """A revert and the sentences that say why; nothing where it only says that it is one."""
    if not _REVERT_SUBJECT.match(without_prefix(title.text)) and not _SAYS_IT_REVERTS.search(body.text):
        return ()
    reasons = [
        sentence
        for sentence in sentences(body.text, items=False)
        if not _REVERTS.match(body.text[slice(*sentence)]) and _has_words(body.text[slice(*sentence)])
    ]
    return (whole(title), *(Part("rationale", (span(body, *reason),)) for reason in reasons[:2])) if reasons else ()


def _has_words(sentence: str) -> bool:
    return len(re.findall(r"[^\W\d_]{2,}", sentence)) >= 4 and not is_unfit(sentence) and not is_aside(sentence)


def sentences(body: str, *, items: bool) -> Iterator[Stretch]:
    """The sentences of a message's prose: no code, quotations, trailers; list items only where asked for."""
    prose = words_only(body)
    for block in blocks(prose):
        text = prose[block.start_char : block.end_char]
        is_prose = block.kind == "paragraph" and block.indent < _CODE_INDENT
        if not (is_prose or (items and block.kind == "item")) or text.startswith((">", "$ ", "Traceback")):
            continue
        yield from (
            one
            for one in whole_sentences(prose, block.start_char, block.end_char)
            if one[1] - one[0] <= _LONGEST and not _TRAILING.match(prose[slice(*one)])
        )
