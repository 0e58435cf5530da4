"""Decisions that review threads state by what became of them.

Who can take a request on: the pull request's author, its committers, and who resolved the thread; never who asked.
A request is an imperative (see review_replies) or a ```suggestion.

Applied suggestion, accepted: its lines stand in the final diff in their place (see review_suggestions); or, where
the dump has no diff of the file, the lines have changed since and a later commit says that it applies this writer's
suggestion, the only one there is or one that a taker resolved.
Followed request, accepted: the lines have changed since, no reply has a word of refusal, doubt or another way, and

- a taker says that it is done and in which commit; or
- the thread is resolved, and a taker says that it is done; or
- the thread is resolved by the author or a committer, and a taker only agrees, or there is no reply at all.

Declined request: a resolved thread on unchanged lines where a taker says that they stay.
Where the source itself says that a suggestion was applied, or gives its threads a verdict (fixed, won't fix, by
design), that is what became of it, if the first comment says in words what should be (`… should …` is enough then).
Anything less states nothing and is left to the extractor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.discussions import Discussion, Remark, Talk
from ingest.json_values import without_credentials
from ingest.prose import Stretch, gives_reason, split_reason
from ingest.records import Candidate, Part, Person, Reference, Status
from ingest.review_items import Item
from ingest.review_replies import Taken, asks, doubts, own_sentences, stays, taken, wants
from ingest.review_suggestions import Patch, applying_commit, applying_commits, is_in_diff, patch_of, suggestions
from ingest.text import folded, span

_NOBODY = frozenset({"", "ghost", "web-flow"})
"""Deleted accounts and GitHub itself, which commits what is merged in the browser."""
LONG_ANSWER_WORDS = 5
"""A refusal longer than this tells more than that it refuses, and is its own reason."""


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the records of a pull request show besides its threads."""

    team: frozenset[str]
    """The author and the committers, in small letters."""
    patches: Mapping[str, Patch]
    applying: Sequence[Item]
    suggesting: Mapping[str, int]
    """How many threads each writer has a suggestion in."""


@dataclass(frozen=True, slots=True)
class _Found:
    status: Status
    parts: tuple[Part, ...]
    people: tuple[Person, ...]
    applied_in: Item | None = None


def from_discussions(told: Talk, group: Sequence[Item], *, is_declined: bool, extractor: str) -> Iterator[Candidate]:
    """One candidate at most for each review thread; `is_declined` where the pull request was closed unmerged."""
    evidence = _evidence(told, group)
    for discussion in told.discussions:
        found = _found(discussion, evidence)
        if found is not None:
            yield Candidate(
                subject=_subject(discussion, found.parts[0]),
                status="declined" if is_declined else found.status,
                authority="structured",
                confidence=1.0,
                parts=found.parts,
                extractor=extractor,
                people=tuple(dict.fromkeys(found.people)),
                references=tuple(_references(discussion, found.applied_in)),
                decided_at=found.applied_in.at if found.applied_in else None,
            )


def _found(discussion: Discussion, evidence: _Evidence) -> _Found | None:
    if discussion.verdict is not None:
        return _decreed(discussion, evidence)
    return _applied(discussion, evidence) or _followed(discussion, evidence) or _refused(discussion, evidence)


def _decreed(discussion: Discussion, evidence: _Evidence) -> _Found | None:
    """What the thread's own status says became of its request, where its first comment has one in words."""
    root = discussion.remarks[0]
    blocks = suggestions(root.utterance.text)
    wanted = next(iter(_asked(root)), None) or next(iter(_wanted(root)), None)
    if wanted is None and not blocks:
        return None
    parts = _parts_of(root, wanted, None if wanted else _trimmed(root, blocks[0]))
    others = [reply for reply in discussion.remarks[1:] if _name(reply.item.author) != _name(root.item.author)]
    others = [reply for reply in others if reply.utterance.role == "person"]
    if discussion.verdict == "followed":
        agreed = next((reply.item.author for reply in others), None)
        return _Found("accepted", parts, _people(root, agreed))
    choice = tuple(part for part in parts if part.kind == "choice")
    objectors = tuple(Person(reply.item.author, "objected") for reply in others if reply.item.author)[-1:]
    return _Found(
        "declined",
        (*choice, *(part for reply in others for part in _why_not(reply))),
        (*_people(root, None), *objectors),
    )


def _evidence(told: Talk, group: Sequence[Item]) -> _Evidence:
    diffs = {item.lines.path: item.diff for item in group if item.kind == "file" and item.diff.strip()}
    suggesting: dict[str, int] = {}
    for discussion in told.discussions:
        for name in {_name(r.item.author) for r in discussion.remarks if suggestions(r.utterance.text)}:
            suggesting[name] = suggesting.get(name, 0) + 1
    return _Evidence(
        team=frozenset(_team(group)) - _NOBODY,
        patches={path: patch_of(diff) for path, diff in diffs.items()},
        applying=applying_commits(told.commits),
        suggesting=suggesting,
    )


def _name(login: str | None) -> str:
    return (login or "").casefold()


def _team(group: Sequence[Item]) -> Iterator[str]:
    for item in group:
        if item.kind == "pull_request":
            yield _name(item.author)
        if item.kind in {"pull_request", "commit"}:
            yield from map(_name, item.people)


def _is_taker(name: str | None, discussion: Discussion, evidence: _Evidence) -> bool:
    """Whether somebody can take this request on: of the team, or who resolved the thread; not who asked."""
    person = _name(name)
    asked = _name(discussion.remarks[0].item.author)
    return person not in _NOBODY | {asked} and person in evidence.team | {_name(discussion.resolved_by)}


def _is_resolved_by_team(discussion: Discussion, evidence: _Evidence) -> bool:
    resolver = _name(discussion.resolved_by)
    asked = _name(discussion.remarks[0].item.author)
    return discussion.is_resolved is True and resolver in evidence.team and resolver != asked


def _applied(discussion: Discussion, evidence: _Evidence) -> _Found | None:
    found = [(r, block) for r in discussion.remarks for block in suggestions(r.utterance.text)]
    stated = [(r, block) for r, block in found if r.item.is_applied]
    if len(stated) == 1:
        remark, block = stated[0]
        people = _people(remark, _resolver(discussion, evidence))
        return _Found("accepted", _parts(remark, _trimmed(remark, block)), people)
    if discussion.is_outdated is False or (_is_doubted(discussion) and not _takers(discussion, evidence)):
        return None
    patch = evidence.patches.get(discussion.path)
    for remark, block in found:
        commit = _commit(discussion, remark, evidence) if len(found) == 1 else None
        shown = patch is not None and is_in_diff(remark.utterance.text[slice(*block)], discussion, patch)
        if shown or (commit is not None and patch is None):
            agreed = (commit.author if commit else None) or _resolver(discussion, evidence)
            people = _people(remark, agreed)
            return _Found("accepted", _parts(remark, _trimmed(remark, block)), people, commit)
    return None


def _commit(discussion: Discussion, remark: Remark, evidence: _Evidence) -> Item | None:
    """The commit that applied this suggestion, as far as nothing says that it was another one's."""
    is_only_one = evidence.suggesting.get(_name(remark.item.author)) == 1 and discussion.is_resolved is not False
    if discussion.is_outdated and (is_only_one or _is_resolved_by_team(discussion, evidence)):
        return applying_commit(remark, evidence.applying)
    return None


def _resolver(discussion: Discussion, evidence: _Evidence) -> str | None:
    return discussion.resolved_by if _is_resolved_by_team(discussion, evidence) else None


def _trimmed(remark: Remark, block: Stretch) -> Stretch:
    code = remark.utterance.text[slice(*block)]
    left = block[0] + len(code) - len(code.lstrip())
    return left, left + len(code.strip())


def _is_doubted(discussion: Discussion) -> bool:
    return any(doubts(reply.utterance.text) for reply in discussion.remarks[1:])


def _takers(discussion: Discussion, evidence: _Evidence) -> list[tuple[Taken, Remark]]:
    """The replies that take the request on, by those who can."""
    root = discussion.remarks[0]
    asked = next(iter(_asked(root)), None)
    request = root.utterance.text[slice(*asked)] if asked else ""
    able = (reply for reply in discussion.remarks[1:] if _is_taker(reply.item.author, discussion, evidence))
    found = ((taken(reply.utterance.text, request), reply) for reply in able)
    return [(how, reply) for how, reply in found if how is not None]


def _followed(discussion: Discussion, evidence: _Evidence) -> _Found | None:
    root = discussion.remarks[0]
    blocks = suggestions(root.utterance.text)
    is_contradicted = bool(blocks) and discussion.path in evidence.patches
    if not discussion.is_outdated or is_contradicted or _is_doubted(discussion) or not (_asked(root) or blocks):
        return None
    takers = _takers(discussion, evidence)
    ways = {how for how, _ in takers}
    by_team = _is_resolved_by_team(discussion, evidence)
    is_silent = len(discussion.remarks) == 1 and by_team and bool(_asked(root))
    is_done = "done" in ways and discussion.is_resolved is True
    if "with its commit" in ways or is_done or ("agreed" in ways and by_team) or is_silent:
        agreed = takers[0][1].item.author if takers else discussion.resolved_by
        code = None if _asked(root) else _trimmed(root, blocks[0])
        return _Found("accepted", _parts(root, code), _people(root, agreed))
    return None


def _refused(discussion: Discussion, evidence: _Evidence) -> _Found | None:
    if not discussion.is_resolved or discussion.is_outdated is not False or _takers(discussion, evidence):
        return None
    root = discussion.remarks[0]
    blocks = suggestions(root.utterance.text)
    able = (reply for reply in discussion.remarks[1:] if _is_taker(reply.item.author, discussion, evidence))
    answers = [reply for reply in able if any(stays(said) for said in _said(reply))]
    if not answers or not (_asked(root) or blocks):
        return None
    code = None if _asked(root) else _trimmed(root, blocks[0])
    choice = tuple(part for part in _parts(root, code) if part.kind == "choice")
    objector = Person(answers[-1].item.author or "ghost", "objected")
    return _Found("declined", (*choice, *_why_not(answers[-1])), (*_people(root, None), objector))


def _why_not(answer: Remark) -> Iterator[Part]:
    """The reasons of a refusal; a longer refusal without such words is its own."""
    text = answer.utterance.text
    for sentence in own_sentences(text):
        said = text[slice(*sentence)]
        if stays(said) or gives_reason(said):
            claim, reasons = split_reason(text, *sentence)
            is_long = len(text[slice(*claim)].split()) > LONG_ANSWER_WORDS
            for stretch in reasons or ((claim,) if is_long else ()):
                yield Part("rationale", (span(answer.utterance, *stretch),))


def _said(remark: Remark) -> list[str]:
    return [remark.utterance.text[slice(*sentence)] for sentence in own_sentences(remark.utterance.text)]


def _asked(remark: Remark) -> list[Stretch]:
    """The sentences that ask for a change."""
    text = remark.utterance.text
    return [sentence for sentence in own_sentences(text) if asks(text[slice(*sentence)])]


def _wanted(remark: Remark) -> list[Stretch]:
    """The sentences that say what should be; a request only where the thread's status says what became of it."""
    text = remark.utterance.text
    return [sentence for sentence in own_sentences(text) if wants(text[slice(*sentence)])]


def _parts(remark: Remark, code: Stretch | None) -> tuple[Part, ...]:
    return _parts_of(remark, next(iter(_asked(remark)), None), code)


def _parts_of(remark: Remark, asked: Stretch | None, code: Stretch | None) -> tuple[Part, ...]:
    """The choice: what is asked for in words, restated by the suggested lines (or those alone); with its reasons."""
    text = remark.utterance.text
    claim, reasons = split_reason(text, *asked) if asked else (None, ())
    spans = [span(remark.utterance, *stretch) for stretch in (claim, code) if stretch]
    others = [
        sentence for sentence in own_sentences(text) if sentence != asked and gives_reason(text[slice(*sentence)])
    ]
    told = (Part("rationale", (span(remark.utterance, *stretch),)) for stretch in (*reasons, *others))
    return (Part("choice", tuple(spans)), *told)


def _people(remark: Remark, agreed: str | None) -> tuple[Person, ...]:
    asker = remark.item.author
    people = (Person(asker, "proposed"),) if asker else ()
    return (*people, Person(agreed, "agreed")) if agreed and _name(agreed) != _name(asker) else people


def _subject(discussion: Discussion, choice: Part) -> str:
    """The request in its own words; the place where it stands where it is lines of code alone."""
    quoted = choice.spans[0]
    remark = next(r for r in discussion.remarks if r.utterance.index == quoted.utterance_index)
    blocks = suggestions(remark.utterance.text)
    if any(start <= quoted.start_char < end for start, end in blocks):
        return folded(remark.utterance.topic or "review thread")
    return folded(quoted.quote)


def _references(discussion: Discussion, applied_in: Item | None) -> Iterator[Reference]:
    """The lines where the comment was written (the file alone for removed lines), and the commit that applied it."""
    path = without_credentials(discussion.path)
    if path and discussion.last_line is not None and not discussion.is_removed_side:
        lines = f"{discussion.first_line}-{discussion.last_line}"
        one = discussion.first_line == discussion.last_line
        target = f"{path}:{discussion.last_line if one else lines}"
        yield Reference("governs", "lines", target, "same_change")
    elif path:
        yield Reference("governs", "file", path, "same_change")
    if applied_in and applied_in.native_id:
        yield Reference("implements", "commit", without_credentials(applied_in.native_id), "same_change")
