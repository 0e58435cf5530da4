"""Part of the Slack reader: a message's mrkdwn or blocks as plain text, with names for ids.

Links keep label and address, `<@U1>` becomes `@Name`, `<#C1|orders>` `#orders`, `<!here>` `@here`. Blocks that a
person typed (`rich_text`) are preferred to `text`; those of an app only where they say more than `text` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ingest.json_tree import items
from ingest.json_values import Fields, fields, inside, words
from ingest.text import normalise

Named = Callable[[str], str]
"""A user's id -> the name to show."""

_TAG = re.compile(r"<([^<>\n]{1,4000})>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def message_text(message: Fields, named: Named, *, is_app: bool) -> str:
    """The words of a message; of an app's, those of its attachments where it has no others."""
    plain = mrkdwn(words(message.get("text")), named).strip()
    blocks = items(message.get("blocks"))
    built = "\n".join(text for block in blocks if (text := _block(fields(block), named)).strip()).strip()
    is_typed = any(inside(block, "type") == "rich_text" for block in blocks)
    said = built if built and (is_typed or len(built) >= len(plain)) else plain
    if said or not is_app:
        return normalise(said)
    found = (_attachment(fields(one), named) for one in items(message.get("attachments")))
    return normalise("\n".join(text for text in found if text).strip())


def mrkdwn(text: str, named: Named) -> str:
    """Slack's markup as plain text; entities are decoded once."""
    parts: list[str] = []
    at = 0
    for tag in _TAG.finditer(text):
        parts += (_decoded(text[at : tag.start()]), _decoded(_tag(tag.group(1), named)))
        at = tag.end()
    return "".join((*parts, _decoded(text[at:])))


def _decoded(text: str) -> str:
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text


def _tag(inner: str, named: Named) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return "@" + (label.lstrip("@") or named(target[1:]))
    if target.startswith("#"):
        return "#" + (label or target[1:])
    if target.startswith("!"):
        return _special(target[1:], label)
    return _link(target, label)


def _special(target: str, label: str) -> str:
    """`<!here>`, `<!subteam^S1|@data>`, `<!date^1392734382^{date}|14 Feb>`."""
    if label:
        return label
    name, _, rest = target.partition("^")
    return f"@{rest if name == 'subteam' and rest else name}"


def _link(target: str, label: str) -> str:
    address = target.removeprefix("mailto:").removeprefix("tel:")
    return address if not label or label in (address, target) else f"{label} ({address})"


def _attachment(attachment: Fields, named: Named) -> str:
    parts = [mrkdwn(words(attachment.get(name)), named).strip() for name in ("pretext", "title", "text")]
    for field in items(attachment.get("fields")):
        title, value = (mrkdwn(words(inside(field, name)), named).strip() for name in ("title", "value"))
        parts.append(f"{title}: {value}" if title and value else title or value)
    said = "\n".join(part for part in parts if part)
    return said or mrkdwn(words(attachment.get("fallback")), named).strip()


def _block(block: Fields, named: Named) -> str:
    kind = block.get("type")
    if kind == "rich_text":
        return "\n".join(_rich(fields(element), named) for element in items(block.get("elements")))
    if kind in ("section", "header", "markdown", "context"):
        return "\n".join(text for text in _texts(block, named) if text)
    return ""


def _texts(block: Fields, named: Named) -> Iterator[str]:
    """The text objects of an app's block."""
    own = block.get("text")
    for one in (own, *items(block.get("fields")), *items(block.get("elements"))):
        if isinstance(one, str):
            yield words(one)
        elif inside(one, "type") in ("mrkdwn", "plain_text"):
            yield mrkdwn(words(inside(one, "text")), named)


def _rich(element: Fields, named: Named) -> str:
    """A section, list, quotation or code block of what a person typed; quoted lines begin with `> `."""
    kind, below = element.get("type"), items(element.get("elements"))
    if kind == "rich_text_list":
        indent = element.get("indent")
        depth = "  " * min(indent, 8) if isinstance(indent, int) and not isinstance(indent, bool) else ""
        is_ordered = element.get("style") == "ordered"
        texts = (_inline(items(inside(one, "elements")), named) for one in below)
        return "\n".join(f"{depth}{f'{n}.' if is_ordered else '-'} {text}" for n, text in enumerate(texts, 1))
    text = _inline(below, named)
    if kind == "rich_text_preformatted":
        return f"```\n{text}\n```"
    if kind == "rich_text_quote":
        return "\n".join(f"> {line}" for line in text.split("\n"))
    return text.removesuffix("\n")


def _inline(elements: list[object], named: Named) -> str:
    return "".join(_piece(fields(one), named) for one in elements)


def _piece(piece: Fields, named: Named) -> str:
    kind = piece.get("type")
    if kind == "text":
        text = words(piece.get("text"))
        return f"`{text}`" if inside(piece, "style", "code") is True else text
    if kind == "link":
        return _link(words(piece.get("url")), words(piece.get("text")))
    if kind == "emoji":
        return f":{words(piece.get('name'))}:"
    if kind == "user":
        return "@" + named(words(piece.get("user_id")))
    if kind == "broadcast":
        return "@" + words(piece.get("range"))
    if kind == "channel":
        return "#" + words(piece.get("channel_id"))
    if kind == "usergroup":
        return "@" + words(piece.get("usergroup_id"))
    return words(piece.get("fallback")) or words(piece.get("value"))
