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

Stated decisions: see review_threads and review_sections (headings). A description's
decision is accepted when the pull request was merged, declined when it was closed unmerged, else proposed; a comment
headed Decision is accepted. A review thread's is accepted, or declined when the pull request was closed unmerged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.discussions import Talk, talk
from ingest.github_records import facts_of
from ingest.json_values import documents, inside, listed, number, values_in
from ingest.readers.pull_request_count import units
from ingest.readers.pull_request_items import items
from ingest.readers.pull_request_shape import rank
from ingest.records import Reader, Rejected, Session, Source
from ingest.review_items import Item, Pull
from ingest.review_sessions import NOT_A_PULL, by_pull, review_session
from ingest.text import head_text

_VERSION = 2
_EXTRACTOR = f"pull_request/{_VERSION}"
_ANCHOR_FILES = frozenset("pr.json reviews.json issue_comments.json timeline.json threads.json".split())
_FILES = _ANCHOR_FILES | frozenset("comments.json commits.json files.json".split())


def accepts(source: Source) -> int:
    """How specific the match is: fields that only GitHub's pull requests have 93, its comments and events 72."""
    return max((rank(head_text(member)) for member in source.members or (source,)), default=0)


def gathers(names: frozenset[str]) -> frozenset[str]:
    """The dumps of one pull request in one folder: the documented names, when at least two and one is telling."""
    found = names & _FILES
    return found if len(found) > 1 and found & _ANCHOR_FILES else frozenset()


def _values(source: Source) -> Iterator[tuple[str, object]]:
    return values_in(source, "pull_request", documents)


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
    for pull, group in by_pull(found):
        told = talk(group)
        facts = facts_of(pull, group, tuple(_notes(pull, told, group)))
        yield review_session(source, group, told, facts, extractor=_EXTRACTOR)


def _notes(pull: Pull | None, told: Talk, group: Sequence[Item]) -> Iterator[str]:
    facts = [item for item in group if item.kind == "pull_request"]
    if pull is not None and not facts and any(item.is_issue for item in group):
        yield NOT_A_PULL
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
