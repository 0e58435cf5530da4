"""Part of the pull-request reader: recognising a dump by the fields of its outer objects, even when it is cut off."""

from __future__ import annotations

import re

from ingest.json_values import levels

_PULL = frozenset(
    "baseRefName headRefName headRefOid mergedAt mergedBy mergeCommit merge_commit_sha reviewDecision reviewThreads"
    " isResolved mergeStateStatus closingIssuesReferences pull_request_url pull_request_review_id diff_hunk".split()
)
_ADDRESS = re.compile(r'"(?:html_)?url"\s*:\s*"https?://[^"/\s]+/(?:repos/)?[^"/\s]+/[^"/\s]+/pulls?/\d+')
_RESPONSE = re.compile(r'"path"\s*:\s*"/?repos/[^"/]+/[^"/]+/(?:pulls|issues)/\d+')


def rank(head: str) -> int:
    """0 to 93, from the start of a text."""
    if head.lstrip()[:1] not in ("{", "["):
        return 0
    found = levels(head)
    top = found[0]
    if "action" in top and top & {"pull_request", "sender", "issue"}:
        return 0  # a webhook delivery, which carries the whole state with every event
    if {"method", "path", "status", "body"} <= top:
        return 93 if _RESPONSE.search(head) else 0
    if "iid" in top or "sessionId" in top:
        return 0
    if "data" in top and "repository" in found[1] and found[2] & {"pullRequest", "pullRequests"}:
        return 93
    if top <= {"repository", "pullRequest"} and found[1] | found[2] and top:
        return 93
    return _by_fields(top, found[1], head)


def _by_fields(top: set[str], below: set[str], head: str) -> int:
    if top & _PULL or ({"reviews", "comments"} & top and below & {"authorAssociation", "submittedAt"}):
        return 93
    if _ADDRESS.search(head) and top & {"body", "title", "author", "user", "comments", "commits", "state"}:
        return 93
    if {"issue_url", "author_association"} <= top or ({"event", "node_id"} <= top and top & {"actor", "sha"}):
        return 72
    if {"sha", "commit", "parents"} <= top and "comments_url" in top:
        return 72
    return 72 if {"filename", "status", "blob_url"} <= top else 0
