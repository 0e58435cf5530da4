"""Azure DevOps pull requests: the threads of its REST interface, the pull request itself, its commits; file or folder.

Unit: a record, that is the pull request (its description), a comment of a thread, a commit or an iteration; one that is
no object counts as one and is quarantined. Threads, pages (`value`) and lists only hold records. A folder of dumps
(`threads.json` or `pullRequestThreads.json` with `pullrequest.json`, `pullRequest.json`, `commits.json`,
`iterations.json`) is one source.

Set aside by rule:
- `event`: a system comment (votes, pushes), what a code change caused, an iteration.
- `deleted`: a deleted comment, or one of a deleted thread.
- `duplicate`: the same record again, in another dump.
- `empty_body`: a record without words.
- `unknown_record`: an object of no known shape.

Locator: JSON pointer, after `FILE#` in a folder and `#N` for the N-th document. Identity:
`host/organisation/project/repository!ID`; threads alone name the repository by its id. People by display name;
services have role `assistant`, commit messages `document`. Enumerations may be names or the SDKs' numbers.

Stated decisions: see review_threads and review_sections. A thread's status is a verdict: `fixed` says that its request
was followed, `wontFix` and `byDesign` that it was refused, where the first comment says in words what should be;
`closed` says only that it is resolved. Every session carries the note `unconfirmed format: Azure DevOps`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.discussions import Talk
from ingest.json_values import documents, first_words, inside, levels, moment, values_in, without_credentials, words
from ingest.readers.azure_devops_items import PULL_STATUS, items, named, related
from ingest.readers.azure_devops_kinds import units
from ingest.records import Reader, Rejected, Session, Source, Status
from ingest.review_items import Item, Pull
from ingest.review_sessions import Facts, sessions
from ingest.text import head_text

_VERSION = 1
_EXTRACTOR = f"azure_devops/{_VERSION}"
_ANCHOR_FILES = frozenset({"threads.json", "pullRequestThreads.json"})
_FILES = _ANCHOR_FILES | {"pullrequest.json", "pullRequest.json", "iterations.json", "commits.json"}
_STATUS: dict[str, Status] = {"completed": "accepted", "abandoned": "declined"}
_THREAD = frozenset({"threadContext", "pullRequestThreadContext", "lastUpdatedDate", "publishedDate"})
_COMMENT = frozenset({"parentCommentId", "commentType", "content"})


def accepts(source: Source) -> int:
    """How specific the match is: threads and pull requests 87."""
    return max((_rank(head_text(member)) for member in source.members or (source,)), default=0)


def _rank(head: str) -> int:
    if head.lstrip()[:1] not in ("{", "["):
        return 0
    top, below, third, _ = levels(head)
    has_threads = any(_THREAD & upper and _COMMENT & lower for upper, lower in ((top, below), (below, third)))
    is_thread = has_threads and "comments" in top | below
    is_pull = any("pullRequestId" in names and names & {"repository", "sourceRefName"} for names in (top, below))
    return 87 if is_thread or is_pull else 0


def gathers(names: frozenset[str]) -> frozenset[str]:
    """The dumps of one pull request in one folder: its threads with the pull request, and what goes with them."""
    found = names & _FILES
    is_whole = names & _ANCHOR_FILES and names & {"pullrequest.json", "pullRequest.json"}
    return found if is_whole else frozenset()


def count(source: Source) -> int:
    """Records by the outer structure of the JSON, whatever is in them."""
    return sum(units(value) for _, value in values_in(source, "azure_devops", documents))


def read(source: Source) -> Iterator[Session | Rejected]:
    """One session per pull request, in the order of their first record; what is broken is Rejected."""
    found = (item for place, value in values_in(source, "azure_devops", documents) for item in items(value, place))
    yield from sessions(source, related(found), _facts, extractor=_EXTRACTOR)


def _facts(pull: Pull | None, group: Sequence[Item], told: Talk) -> Facts:
    own = next((item.fields for item in group if item.kind == "pull_request"), {})
    status = _STATUS.get(named(own.get("status"), PULL_STATUS), "proposed")
    notes = ["unconfirmed format: Azure DevOps"]
    if any(discussion.is_resolved is None for discussion in told.discussions):
        notes.append("resolution unknown")
    ended = moment(own, "closedDate")
    merged = without_credentials(words(inside(own, "lastMergeCommit", "commitId")))
    return Facts(
        pull=pull,
        status=status,
        settled_at=ended,
        merge_sha=merged if status == "accepted" else None,
        branch=first_words(own, "sourceRefName").removeprefix("refs/heads/") or None,
        created_at=moment(own, "creationDate"),
        ended_at=ended,
        notes=tuple(notes),
    )


READER = Reader(
    name="azure_devops",
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="records",
    version=_VERSION,
    gathers=gathers,
)
