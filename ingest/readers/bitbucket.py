"""Bitbucket pull requests: Cloud comments and activity, Server and Data Center activities; a file or a folder.

Unit: a record, that is the pull request (its description), a comment or reply, a commit or another activity; one that
is no object counts as one and is quarantined. Pages (`values`) and lists only hold records; a Server comment's replies
(`comments`) count for themselves. A folder of dumps (`activities.json` or `activity.json` with `pullrequest.json`,
`pull-request.json`, `comments.json`, `commits.json`) is one source.

Set aside by rule:
- `event`: an activity without words (approvals, updates, rescopes, merges); merges and declines are used.
- `deleted`: a deleted comment.
- `unsubmitted`: a comment of a review that is still pending.
- `duplicate`: the same record again, in another dump.
- `empty_body`: a record without words.
- `unknown_record`: an object of no known shape.

Locator: JSON pointer, after `FILE#` in a folder and `#N` for the N-th document. Identity:
`host/workspace/repository#ID` (Server: `host/KEY/slug#ID`), from any address in the records; else the content. People
by display name; apps and bots have role `assistant`, commit messages `document`.

Stated decisions: see review_threads and review_sections. Cloud does not say whether a thread's lines have changed
since; Server does (`orphaned`). Every session carries the note `unconfirmed format: Bitbucket`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.discussions import Talk
from ingest.json_values import documents, fields, first_words, inside, levels, values_in, without_credentials, words
from ingest.readers.bitbucket_items import items, related, when
from ingest.readers.bitbucket_kinds import units
from ingest.records import Reader, Rejected, Session, Source, Status
from ingest.review_items import Item, Pull
from ingest.review_sessions import Facts, sessions
from ingest.text import head_text

_VERSION = 1
_EXTRACTOR = f"bitbucket/{_VERSION}"
_ANCHOR_FILES = frozenset({"activities.json", "activity.json", "pullrequest.json", "pull-request.json"})
_FILES = _ANCHOR_FILES | {"comments.json", "commits.json"}
_STATUS: dict[str, Status] = {"MERGED": "accepted", "DECLINED": "declined", "SUPERSEDED": "declined"}
_ACTIVITY = frozenset({"action", "createdDate", "user"})


def accepts(source: Source) -> int:
    """How specific the match is: 84 for comments, activities and pull requests of either kind."""
    return max((_rank(head_text(member)) for member in source.members or (source,)), default=0)


def _rank(head: str) -> int:
    if head.lstrip()[:1] not in ("{", "["):
        return 0
    top, below, third, fourth = levels(head)
    for names, inner, deep in ((top, below, third), (below, third, fourth)):
        is_cloud_comment = {"content", "created_on", "user"} <= names and "raw" in inner
        is_cloud_pull = {"source", "destination", "created_on", "title"} <= names
        is_server_comment = {"text", "createdDate", "author"} <= names and names & {"severity", "version", "comments"}
        is_server_pull = {"fromRef", "toRef", "title"} <= names
        is_activity = names >= _ACTIVITY and names & {"comment", "commentAction"} and "text" in inner
        if is_cloud_comment or is_cloud_pull or is_server_comment or is_server_pull or is_activity:
            return 84
        if "comment" in names and {"content", "created_on", "pullrequest"} <= inner and "raw" in deep:
            return 84
    return 0


def gathers(names: frozenset[str]) -> frozenset[str]:
    """The dumps of one pull request in one folder: the documented names, when at least two and one is telling."""
    found = names & _FILES
    is_whole = found & {"activities.json", "activity.json"} or {"pull-request.json", "comments.json"} <= found
    return found if len(found) > 1 and is_whole else frozenset()


def count(source: Source) -> int:
    """Records by the outer structure of the JSON, whatever is in them."""
    return sum(units(value) for _, value in values_in(source, "bitbucket", documents))


def read(source: Source) -> Iterator[Session | Rejected]:
    """One session per pull request, in the order of their first record; what is broken is Rejected."""
    found = (item for place, value in values_in(source, "bitbucket", documents) for item in items(value, place))
    yield from sessions(source, related(found), _facts, extractor=_EXTRACTOR)


def _facts(pull: Pull | None, group: Sequence[Item], told: Talk) -> Facts:
    own = next((item.fields for item in group if item.kind == "pull_request"), {})
    actions = {item.label: item for item in group if item.kind == "event" and item.label in _STATUS}
    state = words(own.get("state")).upper() or next(reversed(actions), "")
    status = _STATUS.get(state, "proposed")
    by_action = actions.get(state)
    ended = when(own, "closedDate", "closed_on") or (by_action.at if by_action else None)
    if ended is None and status != "proposed":
        ended = when(own, "updated_on", "updatedDate")
    merged = (
        words(inside(own, "merge_commit", "hash"))
        or words(inside(own, "properties", "mergeCommit", "id"))
        or words(inside(by_action.fields if by_action else {}, "commit", "id"))
    )
    branch = words(inside(own, "source", "branch", "name")) or first_words(
        fields(own.get("fromRef")), "displayId", "id"
    )
    notes = ["unconfirmed format: Bitbucket"]
    if any(discussion.is_resolved is None and discussion.path for discussion in told.discussions):
        notes.append("resolution unknown")
    return Facts(
        pull=pull,
        status=status,
        settled_at=ended if status != "proposed" else None,
        merge_sha=without_credentials(merged) if status == "accepted" else None,
        branch=branch or None,
        created_at=when(own, "created_on", "createdDate"),
        ended_at=ended,
        notes=tuple(notes),
    )


READER = Reader(
    name="bitbucket",
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="records",
    version=_VERSION,
    gathers=gathers,
)
