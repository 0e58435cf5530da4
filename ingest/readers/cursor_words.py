"""The parts of a Cursor user message: what stands in `<user_query>` is the person's, all about it is context."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.agent_turns import Said, typed

_TAG = re.compile(r"<(/?)([a-z][a-z0-9_-]{1,60})(?:\s[^<>]{0,400})?>")
_QUERY = "user_query"


def asked(text: str) -> list[Said]:
    """The person's words in a message; a message without a query is the harness's."""
    queries = list(_queries(text))
    if queries:
        return typed("\n\n".join(query for query in queries if query))
    return [Said("harness", text)] if text.strip() else []


def _queries(text: str) -> Iterator[str]:
    """What stands in the queries that are in no other wrapper. Linear: each tag is walked over once.

    A wrapper ends at the last closing tag of its name, so that a query quoted inside it is nobody's words; a query ends
    at its first, so that no context after it becomes a person's.
    """
    tags = list(_TAG.finditer(text))
    last_close = {tag[2]: index for index, tag in enumerate(tags) if tag[1]}
    index = 0
    while index < len(tags):
        tag = tags[index]
        last = last_close.get(tag[2], -1)
        if tag[1] or last <= index:
            index += 1
        elif tag[2] == _QUERY:
            end = next(at for at in range(index + 1, last + 1) if tags[at][1] and tags[at][2] == _QUERY)
            yield text[tag.end() : tags[end].start()].strip()
            index = end + 1
        else:
            index = last + 1
