"""Part of the pull-request reader: recognising a dump by the fields of its outer objects, even when it is cut off."""

from __future__ import annotations

import re

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*+)(?:"(\s*+:)?|\\?\Z)|[{}]', re.DOTALL)
"""A string or a brace. A string that the cut leaves open runs to the end: started anew at each of its quotes, 64 KiB of
escaped quotes took 25 seconds."""
_PULL = frozenset(
    "baseRefName headRefName headRefOid mergedAt mergedBy mergeCommit merge_commit_sha reviewDecision reviewThreads"
    " isResolved mergeStateStatus closingIssuesReferences pull_request_url pull_request_review_id diff_hunk".split()
)
_ADDRESS = re.compile(r'"(?:html_)?url"\s*:\s*"https?://[^"/\s]+/(?:repos/)?[^"/\s]+/[^"/\s]+/pulls?/\d+')
_RESPONSE = re.compile(r'"path"\s*:\s*"/?repos/[^"/]+/[^"/]+/(?:pulls|issues)/\d+')
_DEPTH = 4


def rank(head: str) -> int:
    """0 to 90, from the start of a text."""
    if head.lstrip()[:1] not in ("{", "["):
        return 0
    levels = _levels(head)
    top = levels[0]
    if "action" in top and top & {"pull_request", "sender", "issue"}:
        return 0  # a webhook delivery, which carries the whole state with every event
    if {"method", "path", "status", "body"} <= top:
        return 90 if _RESPONSE.search(head) else 0
    if "iid" in top or "sessionId" in top:
        return 0
    if "data" in top and "repository" in levels[1] and levels[2] & {"pullRequest", "pullRequests"}:
        return 90
    if top <= {"repository", "pullRequest"} and levels[1] | levels[2] and top:
        return 90
    return _by_fields(top, levels[1], head)


def _by_fields(top: set[str], below: set[str], head: str) -> int:
    if top & _PULL or ({"reviews", "comments"} & top and below & {"authorAssociation", "submittedAt"}):
        return 90
    if _ADDRESS.search(head) and top & {"body", "title", "author", "user", "comments", "commits", "state"}:
        return 90
    if {"issue_url", "author_association"} <= top or ({"event", "node_id"} <= top and top & {"actor", "sha"}):
        return 80
    if {"sha", "commit", "parents"} <= top and "comments_url" in top:
        return 80
    return 80 if {"filename", "status", "blob_url"} <= top else 0


def _levels(head: str) -> list[set[str]]:
    """The names of the fields at each depth of nested objects, lists not counted."""
    found: list[set[str]] = [set() for _ in range(_DEPTH)]
    depth = 0
    for token in _TOKEN.finditer(head):
        if token.group() == "{":
            depth += 1
        elif token.group() == "}":
            depth -= 1
        elif token.group(2) and 1 <= depth <= _DEPTH:
            found[depth - 1].add(token.group(1))
    return found
