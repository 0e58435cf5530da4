"""Part of the pull-request reader: decisions that review threads state by what became of them.

Applied suggestion: a ```suggestion block whose lines stand in the pull request's final diff (and did not stand in the
hunk it was written on); or, on lines that have changed since, followed by a commit that GitHub names for applying
suggestions. Followed request: a resolved thread on lines that have changed since, whose first comment asks for a
change and whose replies, if any, take it on. Declined request: a resolved thread on unchanged lines with a reply that
says it stays. Anything less is left to the extractor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.markdown import words_only
from ingest.prose import Stretch, gives_reason, split_reason, whole_sentences
from ingest.readers.pull_request_items import Item
from ingest.readers.pull_request_talk import Discussion, Remark, Talk
from ingest.readers.pull_request_values import first_words, words
from ingest.records import Candidate, Part, Person, PersonRole, Reference, Status
from ingest.text import folded, span

_SUGGESTION = re.compile(r"^(?P<fence>`{3,}|~{3,})suggestion[^\n]*\n(?P<code>.*?)^(?P=fence)[`~]*[ \t]*$", re.M | re.S)
_APPLIED = re.compile(r"^apply suggestions?(?: from (?P<from>code review|@?[\w-]+))?\b", re.IGNORECASE)
_CO_AUTHOR = re.compile(r"^co-authored-by:\s*[^\n]+", re.IGNORECASE | re.MULTILINE)
_ASKS = re.compile(
    r"\b(?:please|should|shouldn't|must|let's|let us|could (?:you|we)|can (?:you|we)|would prefer"
    r"|i(?:'d| would) (?:prefer|rather)|prefer|suggest|need(?:s)? to|instead|rather than|don't|do not|better to"
    r"|rename|remove|drop|replace|add|move|use)\b",
    re.IGNORECASE,
)
_TAKES_ON = re.compile(
    r"\b(?:done|fixed|changed|updated|addressed|applied|renamed|removed|added|moved|agreed?|good (?:point|catch|idea)"
    r"|makes sense|will do|sounds good|you(?:'re| are) right|fair (?:point|enough)|yes|yep|thanks"
    r"|switched|sgtm|ok(?:ay)?)\b",
    re.IGNORECASE,
)
_WONDERS = re.compile(r"(?:why|what|how|is|are|does|do we|did)\b[^?]*\?", re.IGNORECASE)
_STAYS = re.compile(
    r"\b(?:won(?:'|’)?t (?:fix|change|do)|wontfix|keep(?:ing)? (?:it|this|that|them|these)(?: as(?: it)? is)?"
    r"|as[- ]is\b|leave (?:it|this|that|them)|leaving (?:it|this|that)"
    r"|(?:i(?:'d| would)|let's|prefer to) (?:rather )?(?:keep|leave|stay)"
    r"|rather not|by design|on purpose|intentional(?:ly)?|out of scope|disagree)\b",
    re.IGNORECASE,
)


def from_discussions(told: Talk, files: Sequence[Item], *, is_declined: bool, extractor: str) -> Iterator[Candidate]:
    """One candidate at most for each review thread; `is_declined` where the pull request was closed unmerged."""
    patches = {first_words(item.fields, "filename", "path"): words(item.fields.get("patch")) for item in files}
    for discussion in told.discussions:
        found = _applied(discussion, told.commits, patches.get(discussion.path, ""))
        status: Status = "declined" if is_declined else "accepted"
        if found is None:
            found = _followed(discussion)
        if found is None:
            found, status = _refused(discussion), "declined"
        if found is not None:
            parts, people, applied_in = found
            yield Candidate(
                subject=_subject(discussion),
                status=status,
                authority="structured",
                confidence=1.0,
                parts=tuple(parts),
                extractor=extractor,
                people=tuple(dict.fromkeys(people)),
                references=tuple(_references(discussion, applied_in)),
                decided_at=applied_in.at if applied_in else None,
            )


Found = tuple[list[Part], list[Person], Item | None]


def _applied(discussion: Discussion, commits: Sequence[Item], patch: str) -> Found | None:
    for remark in discussion.remarks:
        text = remark.utterance.text
        for block in _SUGGESTION.finditer(text):
            in_diff = _stands_in(block.group("code"), patch) and not _stands_in(block.group("code"), discussion.hunk)
            commit = _applying_commit(remark, commits) if discussion.is_outdated else None
            parts = _parts(remark, _code(text, block)) if in_diff or commit else []
            if parts:
                agreed = (commit.author if commit else None) or discussion.resolved_by
                return parts, _people(remark, agreed), commit
    return None


def _code(text: str, block: re.Match[str]) -> Stretch | None:
    start, end = block.span("code")
    code = text[start:end]
    left = start + len(code) - len(code.lstrip())
    return (left, left + len(code.strip())) if code.strip() else None


def _stands_in(code: str, patch: str) -> bool:
    """Whether the lines stand one after another on the new side of a patch, at least one of them added."""
    wanted = [line.rstrip() for line in code.rstrip("\n").split("\n")]
    if not any(line.strip() for line in wanted):
        return False
    new = [line for line in patch.split("\n") if line[:1] in {"+", " "}]
    for start in range(len(new) - len(wanted) + 1):
        stretch = new[start : start + len(wanted)]
        if [line[1:].rstrip() for line in stretch] == wanted and any(line[0] == "+" for line in stretch):
            return True
    return False


def _applying_commit(remark: Remark, commits: Sequence[Item]) -> Item | None:
    """The first later commit that GitHub made from suggestions, where it does not name somebody else's."""
    author = (remark.item.author or "").casefold()
    for commit in sorted((c for c in commits if c.at and remark.item.at and c.at >= remark.item.at), key=_committed_at):
        match = _APPLIED.match(commit.body)
        if match is None:
            continue
        named = (match.group("from") or "").lstrip("@").casefold()
        credited = " ".join(found.group().casefold() for found in _CO_AUTHOR.finditer(commit.body))
        if named == author or (named in {"", "code review"} and (not credited or author in credited)):
            return commit
    return None


def _committed_at(commit: Item) -> float:
    return commit.at.timestamp() if commit.at else 0.0


def _followed(discussion: Discussion) -> Found | None:
    if not (discussion.is_resolved and discussion.is_outdated):
        return None
    root, replies = discussion.remarks[0], discussion.remarks[1:]
    others = [reply for reply in replies if reply.item.author != root.item.author]
    if any(_STAYS.search(reply.utterance.text) for reply in others):
        return None
    takers = [reply for reply in others if _TAKES_ON.search(reply.utterance.text)]
    if (replies and not takers) or not _asks(root):
        return None
    agreed = takers[0].item.author if takers else discussion.resolved_by
    return _parts(root, None), _people(root, agreed), None


def _refused(discussion: Discussion) -> Found | None:
    if not discussion.is_resolved or discussion.is_outdated is not False:
        return None
    root = discussion.remarks[0]
    others = [reply for reply in discussion.remarks[1:] if reply.item.author != root.item.author]
    answers = [reply for reply in others if _STAYS.search(reply.utterance.text)]
    if not answers or not _asks(root):
        return None
    parts = [part for part in _parts(root, None) if part.kind == "choice"]
    for sentence in _sentences(answers[-1]):
        text = answers[-1].utterance.text
        if _STAYS.search(text[slice(*sentence)]) or gives_reason(text[slice(*sentence)]):
            claim, reasons = split_reason(text, *sentence)
            stretches = reasons or ((claim,) if len(text[slice(*claim)].split()) > 5 else ())
            parts.extend(Part("rationale", (span(answers[-1].utterance, *stretch),)) for stretch in stretches)
    objector: PersonRole = "objected"
    people = [*_people(root, None), Person(answers[-1].item.author or "ghost", objector)]
    return parts, people, None


def _asks(remark: Remark) -> tuple[Stretch, ...]:
    """The sentences that ask for a change; a question after the reason (`why…?`) asks for none."""
    text = remark.utterance.text
    asking = (sentence for sentence in _sentences(remark) if _ASKS.search(text, *sentence))
    return tuple(sentence for sentence in asking if not _WONDERS.match(text, *sentence))


def _sentences(remark: Remark) -> list[Stretch]:
    prose = words_only(remark.utterance.text)
    found = [(stretch, prose[slice(*stretch)]) for stretch in whole_sentences(prose, 0, len(prose))]
    return [stretch for stretch, said in found if not said.startswith(">") and any(char.isalnum() for char in said)]


def _parts(remark: Remark, code: Stretch | None) -> list[Part]:
    """The choice: what is asked for in words, restated by the suggested lines; with its reasons."""
    text = remark.utterance.text
    told = _sentences(remark)
    asked = next(iter(_asks(remark)), told[0] if told else None)
    if asked is None:
        return [Part("choice", (span(remark.utterance, *code),))] if code else []
    claim, reasons = split_reason(text, *asked)
    spans = [span(remark.utterance, *stretch) for stretch in (claim, code) if stretch]
    parts = [Part("choice", tuple(spans))]
    others = [sentence for sentence in told if sentence != asked and gives_reason(text[slice(*sentence)])]
    parts.extend(Part("rationale", (span(remark.utterance, *stretch),)) for stretch in (*reasons, *others))
    return parts


def _people(remark: Remark, agreed: str | None) -> list[Person]:
    people = [Person(remark.item.author, "proposed")] if remark.item.author else []
    if agreed and agreed != remark.item.author:
        people.append(Person(agreed, "agreed"))
    return people


def _subject(discussion: Discussion) -> str:
    lines = discussion.remarks[0].utterance.topic
    return folded(lines or discussion.path or "review thread")


def _references(discussion: Discussion, applied_in: Item | None) -> Iterator[Reference]:
    """The lines where the comment was written (the file alone for removed lines), and the commit that applied it."""
    if discussion.path and discussion.last_line is not None and not discussion.is_removed_side:
        lines = f"{discussion.first_line}-{discussion.last_line}"
        one = discussion.first_line == discussion.last_line
        target = f"{discussion.path}:{discussion.last_line if one else lines}"
        yield Reference("governs", "lines", target, "same_change")
    elif discussion.path:
        yield Reference("governs", "file", discussion.path, "same_change")
    sha = first_words(applied_in.fields, "sha", "oid") if applied_in else ""
    if applied_in and (sha or applied_in.native_id):
        yield Reference("implements", "commit", sha or applied_in.native_id or "", "same_change")
