"""GitLab's REST responses: merge requests and issues, discussions, notes, commits, changes; a file or a folder.

Unit: a record, that is a merge request or issue (its description), a note, a commit, a changed file, a version or
another event; one that is no object counts as one and is quarantined. Discussions, pages and merge requests that hold
lists (`notes`, `discussions`, `commits`, `changes`) only hold records. A folder of dumps (`mr.json` or
`merge_request.json`, `issue.json`, `discussions.json`, `notes.json`, `commits.json`, `changes.json`, `diffs.json`,
`versions.json`, any subset with a telling one) is one source.

Set aside by rule:
- `event`: a system note (`changed the description`), a version, a label or state event; merges and closes are used,
  and `changed this line in version 2 of the diff` says that a thread's lines have changed since.
- `file`: a changed file; its diff is still used, to see whether a suggestion was applied.
- `duplicate`: the same record again, in another dump.
- `empty_body`: a record without words.
- `unsubmitted`: a draft note.
- `unknown_record`: an object of no known shape.

Locator: JSON pointer, after `FILE#` in a folder and after `#N` for the N-th document of a concatenated dump. Identity:
`host/group/project!IID`, `host/group/project#IID` for an issue, from their addresses; notes alone have none and are
known by their content. People are named by their user names; bots have role `assistant`, commit messages `document`.

Stated decisions: see review_threads and review_sections. A suggestion is applied where the record says so (`applied`),
or where a commit that applies it, or the final diff, shows it. An issue's decision is proposed, whatever its state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.discussions import Talk
from ingest.json_values import documents, first_words, levels, moment, values_in, words
from ingest.readers.gitlab_items import items, related
from ingest.readers.gitlab_kinds import units
from ingest.records import Reader, Rejected, Session, Source, Status
from ingest.review_items import Item, Pull
from ingest.review_sessions import NOT_A_PULL, Facts, sessions
from ingest.text import head_text

_VERSION = 1
_EXTRACTOR = f"gitlab/{_VERSION}"
_ANCHOR_FILES = frozenset("mr.json merge_request.json issue.json discussions.json notes.json".split())
_FILES = _ANCHOR_FILES | frozenset("commits.json changes.json diffs.json versions.json".split())
_OUTCOMES: dict[str, Status] = {"merged": "accepted", "closed": "declined", "reopened": "proposed"}


def accepts(source: Source) -> int:
    """How specific the match is: merge requests, discussions and notes 88, other records of GitLab 73."""
    return max((_rank(head_text(member)) for member in source.members or (source,)), default=0)


def _rank(head: str) -> int:
    if head.lstrip()[:1] not in ("{", "["):
        return 0
    top, below, *_ = levels(head)
    if "object_kind" in top:
        return 0  # GitLab's webhooks, which are another format
    is_owned = "iid" in top and top & {"project_id", "web_url", "source_branch"} and "title" in top
    is_discussion = {"id", "individual_note", "notes"} <= top
    is_note = {"body", "author"} <= top and top & {"noteable_type", "noteable_id", "noteable_iid"}
    if is_owned or is_discussion or is_note:
        return 88
    is_commit = {"short_id", "message", "parent_ids"} <= top
    is_file = {"old_path", "new_path", "diff"} <= top
    is_version = {"base_commit_sha", "head_commit_sha", "start_commit_sha"} <= top
    is_draft = {"note", "merge_request_id", "resolve_discussion"} <= top
    return 73 if is_commit or is_file or is_version or is_draft or "individual_note" in below else 0


def gathers(names: frozenset[str]) -> frozenset[str]:
    """The dumps of one merge request in one folder: the documented names, when at least two and one is telling."""
    found = names & _FILES
    return found if len(found) > 1 and found & _ANCHOR_FILES else frozenset()


def count(source: Source) -> int:
    """Records by the outer structure of the JSON, whatever is in them."""
    return sum(units(value) for _, value in values_in(source, "gitlab", documents))


def read(source: Source) -> Iterator[Session | Rejected]:
    """One session per merge request or issue, in the order of their first record; what is broken is Rejected."""
    found = (item for place, value in values_in(source, "gitlab", documents) for item in items(value, place))
    yield from sessions(source, related(found), _facts, extractor=_EXTRACTOR)


def _facts(pull: Pull | None, group: Sequence[Item], told: Talk) -> Facts:
    own = next((item.fields for item in group if item.kind == "pull_request"), {})
    is_issue = pull is not None and pull.mark == "#"
    said = {item.label: item.at for item in group if item.kind == "event" and item.label in _OUTCOMES}
    state = words(own.get("state")) or next(reversed(said), "")
    status: Status = "proposed" if is_issue else _OUTCOMES.get(state, "proposed")
    ended = moment(own, "merged_at", "closed_at") or said.get(state)
    return Facts(
        pull=pull if pull is not None and pull.repository else None,
        status=status,
        settled_at=None if status == "proposed" else ended,
        merge_sha=first_words(own, "merge_commit_sha", "squash_commit_sha") if status == "accepted" else None,
        branch=first_words(own, "source_branch") or None,
        created_at=moment(own, "created_at"),
        ended_at=ended,
        notes=tuple(_notes(told, is_issue=is_issue)),
    )


def _notes(told: Talk, *, is_issue: bool) -> Iterator[str]:
    if is_issue:
        yield NOT_A_PULL
    if any(discussion.is_resolved is None and discussion.path for discussion in told.discussions):
        yield "resolution unknown"


READER = Reader(
    name="gitlab",
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="records",
    version=_VERSION,
    gathers=gathers,
)
