"""Pull-request discussions from GitHub: `gh pr view --json`, REST responses, GraphQL responses; a file or a folder.

Unit: a record, that is the pull request itself (its description), a review, a review comment, a conversation comment,
a commit, a changed file or a timeline event; one that is no object counts as one and is quarantined. Review threads
and pages only hold records. A folder of dumps (`pr.json`, `reviews.json`, `comments.json`, `issue_comments.json`,
`timeline.json`, `threads.json`, `commits.json`, `files.json`, any subset) is one source.

Set aside by rule:
- `empty_body`: a review, comment, commit or pull request without words (an approval alone; its state is still used).
- `duplicate`: the same record again, in another dump.
- `event`: a timeline event (labels, assignments, pushes, merges); merges and closes are still used.
- `file`: a changed file; its diff is still used, to see whether a suggestion was applied.
- `minimised`: a comment that the project hid.
- `unsubmitted`: a review that is still pending.
- `unknown_record`: an object of no known shape (a repository, a user, an error message).

Locator: JSON pointer, after `FILE#` in a folder and after `#N` for the N-th document of a concatenated dump. Identity:
`host/owner/repo#N`, from any address in the records; else the content. One session per pull request.
A program's words (bots) have role `assistant`, commit messages `document`, diff hunks `harness`.

Stated decisions: see pull_request_stated (review threads) and pull_request_sections (headings). A description's
decision is accepted when the pull request was merged, declined when it was closed unmerged, else proposed; a comment
headed Decision is accepted. A review thread's is accepted, or declined when the pull request was closed unmerged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from ingest.errors import SourceEmpty, SourceMalformed, SourceTooLarge, WrongEncoding
from ingest.fingerprint import fingerprint
from ingest.readers.pull_request_count import units
from ingest.readers.pull_request_identity import Pull
from ingest.readers.pull_request_items import Item, items
from ingest.readers.pull_request_sections import section_parts
from ingest.readers.pull_request_shape import rank
from ingest.readers.pull_request_stated import from_discussions
from ingest.readers.pull_request_talk import Remark, Talk, talk
from ingest.readers.pull_request_values import (
    Broken,
    documents,
    fields,
    first_words,
    inside,
    listed,
    moment,
    number,
    without_credentials,
    words,
)
from ingest.records import Candidate, Person, Reader, Reference, Rejected, Session, Source, Status
from ingest.text import folded, head_text, whole_text
from ingest.times import session_start

_VERSION = 2
_EXTRACTOR = f"pull_request/{_VERSION}"
_ANCHOR_FILES = frozenset("pr.json reviews.json issue_comments.json timeline.json threads.json".split())
_FILES = _ANCHOR_FILES | frozenset("comments.json commits.json files.json".split())


def accepts(source: Source) -> int:
    """How specific the match is: fields that only GitHub's pull requests have 90, its comments and events 80."""
    return max((rank(head_text(member)) for member in source.members or (source,)), default=0)


def gathers(names: frozenset[str]) -> frozenset[str]:
    """The dumps of one pull request in one folder: the documented names, when at least two and one is telling."""
    found = names & _FILES
    return found if len(found) > 1 and found & _ANCHOR_FILES else frozenset()


def _values(source: Source) -> Iterator[tuple[str, object]]:
    """(place, value) of every document; in a folder, a dump that cannot be read is one Broken, an empty one nothing."""
    if not source.members:
        yield from documents(whole_text(source, reader="pull_request"))
    for member in source.members:
        try:
            text = whole_text(member, reader="pull_request")
        except SourceEmpty:
            continue
        except (SourceMalformed, SourceTooLarge, WrongEncoding) as error:
            yield f"{member.name}#", Broken("", str(error))
            continue
        for place, value in documents(text):
            yield f"{member.name}#{place}", value


def count(source: Source) -> int:
    """Records by the outer structure of the JSON, whatever is in them."""
    return sum(units(value) for _, value in _values(source))


def read(source: Source) -> Iterator[Session | Rejected]:
    """One session per pull request, in the order of their first record; what is broken is Rejected."""
    found: list[Item] = []
    for place, value in _values(source):
        for item in items(value, place):
            if isinstance(item, Rejected):
                yield item
            else:
                found.append(item)
    known = dict.fromkeys(item.pull for item in found if item.pull)
    only = next(iter(known)) if len(known) == 1 else None
    groups: dict[Pull | None, list[Item]] = {}
    for item in found:
        groups.setdefault(item.pull or only, []).append(item)
    for pull, group in groups.items():
        yield _session(source, pull, group)


def _session(source: Source, pull: Pull | None, group: Sequence[Item]) -> Session:
    told = talk(group)
    facts = [item for item in group if item.kind == "pull_request"]
    at = min((item.at for item in group if item.at and item.kind != "commit"), default=None)
    started, basis = session_start(source, _fact_time(facts, "createdAt", "created_at") or at)
    spoken = [(u.role, u.speaker, u.text) for u in told.utterances]
    is_issue = pull is not None and not facts and any(item.is_issue for item in group)
    return Session(
        kind="pull_request",
        native_id=pull.native_id if pull else fingerprint(spoken or [item.place for item in group]),
        identity="native" if pull else "content",
        utterances=told.utterances,
        kept=told.kept,
        set_aside=told.set_aside,
        stated=tuple(_stated(pull, told, group)) if told.utterances else (),
        title=told.title.utterance.text if told.title else None,
        project=pull.repository if pull else None,
        branch=_fact(facts, ("headRefName",), ("head", "ref")),
        started_at=started,
        ended_at=_fact_time(facts, "mergedAt", "merged_at", "closedAt", "closed_at"),
        time_basis=basis,
        notes=tuple(_notes(told, facts, is_issue=is_issue)),
    )


def _notes(told: Talk, facts: Sequence[Item], *, is_issue: bool) -> Iterator[str]:
    if is_issue:
        yield "an issue's conversation, not a pull request's"
    if any(discussion.is_resolved is None for discussion in told.discussions):
        yield "resolution unknown"
    if facts and not told.discussions and not any("reviewThreads" in item.fields for item in facts):
        yield "no review threads in this dump"
    for name in ("comments", "reviews", "commits", "reviewThreads"):
        for item in facts:
            connection = item.fields.get(name)
            here, total = len(listed(connection)[1]), number(inside(connection, "totalCount"))
            if here and (inside(connection, "pageInfo", "hasNextPage") is True or (total or 0) > here):
                yield f"{name} incomplete: {here} of {total if total is not None else 'more'}"


def _fact(facts: Sequence[Item], *paths: tuple[str, ...]) -> str | None:
    """The first pull-request record's value at the first of these paths that is a string."""
    found = (words(inside(item.fields, *path)) for item in facts for path in paths)
    return next((text for text in found if text.strip()), None)


def _fact_time(facts: Sequence[Item], *names: str) -> datetime | None:
    return next((at for item in facts if (at := moment(item.fields, *names)) is not None), None)


def _status(group: Sequence[Item]) -> tuple[Status, datetime | None]:
    """What became of the pull request, and when it was merged or closed."""
    facts = [item for item in group if item.kind == "pull_request"]
    merged = _fact_time(facts, "mergedAt", "merged_at")
    events = {words(item.fields.get("event")): item.at for item in group if item.kind == "event"}
    states = {words(item.fields.get("state")).upper() for item in facts}
    if merged or "MERGED" in states or "merged" in events or any(item.fields.get("merged") is True for item in facts):
        return "accepted", merged or events.get("merged")
    if "CLOSED" in states or ("closed" in events and "OPEN" not in states):
        return "declined", _fact_time(facts, "closedAt", "closed_at") or events.get("closed")
    return "proposed", None


def _stated(pull: Pull | None, told: Talk, group: Sequence[Item]) -> Iterator[Candidate]:
    status, ended = _status(group)
    references = tuple(_own_references(pull, group))
    if told.description is not None:
        found = _from_sections(told.description, told, references, status, ended)
        if found is not None:
            yield found
    for remark in told.comments:
        found = _from_sections(remark, told, references, "accepted", None)
        if found is not None:
            yield found
    for candidate in from_discussions(told, group, is_declined=status == "declined", extractor=_EXTRACTOR):
        yield _with_references(candidate, references)


def _with_references(candidate: Candidate, references: tuple[Reference, ...]) -> Candidate:
    return replace(candidate, references=(*candidate.references, *references))


def _from_sections(
    remark: Remark, told: Talk, references: tuple[Reference, ...], status: Status, ended: datetime | None
) -> Candidate | None:
    is_description = remark is told.description
    if not is_description and remark.utterance.role != "person":
        return None
    parts = section_parts(remark, told.title if is_description else None)
    if not parts:
        return None
    author = remark.item.author
    role = Person(author, "proposed" if is_description else "decided") if author else None
    subject = told.title.utterance.text if told.title and is_description else parts[0].spans[0].quote
    return Candidate(
        subject=folded(subject),
        status=status,
        authority="structured",
        confidence=1.0,
        parts=parts,
        extractor=_EXTRACTOR,
        people=(role,) if role else (),
        references=references,
        decided_at=ended,
    )


def _own_references(pull: Pull | None, group: Sequence[Item]) -> Iterator[Reference]:
    """The pull request and the commit it was merged as: what the decision explains."""
    if pull is not None:
        yield Reference("explains", "pull_request", pull.native_id, "explicit")
    facts = [item for item in group if item.kind == "pull_request"]
    is_merged = _status(group)[0] == "accepted"
    sha = _fact(facts, ("mergeCommit", "oid"), ("merge_commit_sha",)) or next(
        (first_words(fields(item.fields), "commit_id") for item in group if item.fields.get("event") == "merged"), None
    )
    if is_merged and sha:
        yield Reference("explains", "commit", without_credentials(sha), "explicit")


READER = Reader(
    name="pull_request",
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="records",
    version=_VERSION,
    gathers=gathers,
)
