"""Part of the decision-record reader: a status shown as a picture under the title.

`![Status: accepted](…)` and a shields.io address `…/badge/status-accepted-green.svg` both say accepted; a picture that
links to another record (`[![…](…)](0007-new.md)`) says so of that record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

_PICTURE = re.compile(
    r"(?P<linked>\[)?!\[(?P<alt>[^\[\]\n]{0,200})\]\((?P<address>[^()\s]{0,500})[^()\n]{0,200}\)(?:\]\((?P<target>[^()\s]{1,500})\))?"
)
_ALT = re.compile(r"[\"'\s]*status\b\W*(?P<words>.*)", re.IGNORECASE)
_BADGE = re.compile(r"/badge/(?:adr[-_ ]?)?status-(?P<words>(?:--|[^-/?#])+)", re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:ADR[-_ ]{0,3})?\d{1,5}\b", re.IGNORECASE)


def badges(body: str) -> Iterator[str]:
    """The words of each picture that shows a status, as a status line would have them."""
    for picture in _PICTURE.finditer(body):
        alt = _ALT.fullmatch(picture["alt"])
        address = _BADGE.search(unquote(picture["address"]))
        words = (alt["words"] if alt else "").strip("\"' ")
        if not words and address:
            words = address["words"].replace("--", "-").replace("_", " ")
        if words and picture["linked"] and picture["target"]:
            yield f"{_NUMBER.sub('', words).strip()} [record]({picture['target']})"
        elif words:
            yield words
