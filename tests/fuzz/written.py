"""A writer of valid files for every reader: reader's name -> case, drawn from an Ink.

A format that is JSON has one as soon as it has a sample; any other needs a function in `written_text`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.fuzz import written_text
from tests.fuzz.cases import SAMPLES, Case
from tests.fuzz.ink import Ink
from tests.fuzz.written_json import is_json, writer

_TEXT = (
    written_text.aider, written_text.decision_record, written_text.docx, written_text.fathom, written_text.google_meet,
    written_text.mbox, written_text.otter, written_text.plain_text, written_text.podcast, written_text.sbv,
    written_text.specstory, written_text.teams_text, written_text.vtt, written_text.zoom_chat,
)  # fmt: skip

WRITERS: Mapping[str, Callable[[Ink], Case]] = {
    **{folder.name: writer(folder.name) for folder in sorted(SAMPLES.iterdir()) if is_json(folder)},
    **{one.__name__: one for one in _TEXT},
}

UNWRITTEN = frozenset({"audio"})
"""Recordings need a model or what stands in for it: tests/ingest/readers/test_audio.py keeps these laws for them."""
