"""GitHub webhook deliveries, Events API pages and GH Archive lines: one file a delivery, lines, a list, or a folder.

Unit: a delivery (what happened), and each record that it carries: the pull request, issue or discussion, a comment, a
review, an answer, each comment of a thread, and the words before an edit (`changes`). What is none of these counts as
one. A folder of files named for their events (`pull_request.opened.json`, `issue_comment.created.json`) is one source.

Set aside by rule:
- `event`: the delivery itself; merges, closes and thread resolutions are used.
- `duplicate`: the same record with the same words, in another delivery.
- `empty_body`: a record without words (an approval alone, what GH Archive trims).
- `deleted`: a comment that was deleted later.
- `minimised`, `unsubmitted`: a comment that the project hid, a review that is pending.
- `unknown_record`: a document that is no delivery.

Of a record with several texts the last one holds; earlier ones, and what `changes` gives, are kept as utterances
`… (before an edit)` and never evidence. Deliveries are ordered by the latest time each of them mentions.
Locator: JSON pointer, after `FILE#` in a folder and `#N` for the N-th document or line. Identity, roles, places and
stated decisions are those of the pull_request reader (`host/owner/repo#N`), so that both kinds of dump join.
Events API pages and GH Archive lines carry the note `unconfirmed format: GH Archive`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.discussions import Talk, talk
from ingest.github_records import facts_of
from ingest.json_values import levels, lined, values_in, words
from ingest.readers.github_webhook_count import units
from ingest.readers.github_webhook_items import Delivered, delivered
from ingest.readers.github_webhook_versions import settled
from ingest.records import Reader, Rejected, Session, Source, Status
from ingest.review_items import Item, Pull
from ingest.review_sessions import NOT_A_PULL, Facts, by_pull, review_session
from ingest.text import head_text

_VERSION = 1
_EXTRACTOR = f"github_webhook/{_VERSION}"
_SUBJECTS = frozenset({"pull_request", "issue", "discussion", "comment", "review", "thread", "answer"})
_EVENT = frozenset({"type", "actor", "repo", "payload"})
_NAME = re.compile(
    r"(?:[\w-]{1,80}[._-])??(?:pull_request(?:_review(?:_comment|_thread)?)?|issues?(?:_comment)?|discussion(?:_comment)?)"
    r"[._-](?:opened|closed|reopened|edited|created|deleted|submitted|dismissed|resolved|unresolved|synchronize|answered"
    r"|ready_for_review|review_requested|assigned|labeled|locked|converted_to_draft)(?:[._-][\w.-]{0,80})?\.jsonl?"
)


def accepts(source: Source) -> int:
    """How specific the match is: deliveries and events 94, what wraps a delivery 78."""
    return max((_rank(head_text(member)) for member in source.members or (source,)), default=0)


def _rank(head: str) -> int:
    if head.lstrip()[:1] not in ("{", "["):
        return 0
    top, below, third, _ = levels(head)
    if top >= _EVENT or ("action" in top and top & _SUBJECTS and top & {"sender", "repository"}):
        return 94
    wraps = "payload" in top or ("request" in top and "payload" in below)
    is_delivery = any("action" in names and names & _SUBJECTS and "sender" in names for names in (below, third))
    return 78 if wraps and is_delivery else 0


def gathers(names: frozenset[str]) -> frozenset[str]:
    """The deliveries of one folder: files named for an event and what happened, when at least two."""
    found = frozenset(name for name in names if _NAME.fullmatch(name))
    return found if len(found) > 1 else frozenset()


def count(source: Source) -> int:
    """Deliveries and what they carry, by the names of their fields alone."""
    return sum(units(value) for _, value in values_in(source, "github_webhook", lined))


def read(source: Source) -> Iterator[Session | Rejected]:
    """One session per pull request, issue or discussion, in the order of the first delivery about it."""
    found: list[Delivered] = []
    for place, value in values_in(source, "github_webhook", lined):
        for one in delivered(value, place):
            if isinstance(one, Rejected):
                yield one
            else:
                found.append(one)
    has_events = any(one.is_event for one in found)
    for pull, group in by_pull(settled(found)):
        told = talk(group)
        yield review_session(source, group, told, _facts(pull, told, group, has_events), extractor=_EXTRACTOR)


def _facts(pull: Pull | None, told: Talk, group: Sequence[Item], has_events: bool) -> Facts:
    """Facts of the newest state of the pull request alone: a delivery carries the whole of it, as it was then."""
    own = [item for item in group if item.kind == "pull_request" and not item.is_earlier]
    current = next((item for item in own if not item.is_issue), None) or next(iter(own), None)
    notes = tuple(_notes(told, own, has_events))
    facts = facts_of(pull, [current] if current else [], notes)
    if current is None or not current.is_issue or "pull_request" in current.fields:
        return facts
    status: Status = "declined" if current.fields.get("state_reason") == "not_planned" else "proposed"
    return Facts(pull, status, facts.settled_at, created_at=facts.created_at, ended_at=facts.ended_at, notes=notes)


def _notes(told: Talk, own: Sequence[Item], has_events: bool) -> Iterator[str]:
    if own and all("/discussions/" in words(item.fields.get("html_url")) for item in own):
        yield "a discussion's conversation, not a pull request's"
    elif own and all(item.is_issue and "pull_request" not in item.fields for item in own):
        yield NOT_A_PULL
    if any(discussion.is_resolved is None for discussion in told.discussions):
        yield "resolution unknown"
    if has_events:
        yield "unconfirmed format: GH Archive"


READER = Reader(
    name="github_webhook",
    suffixes=frozenset({".json", ".jsonl"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="deliveries and records",
    version=_VERSION,
    gathers=gathers,
)
