"""What a pipeline's descriptions say, as one session: an utterance for each thing described, and the decisions stated.

A thing's text is its description and, each as a paragraph of its own with its key before it (`why: …`), the sentences
of its meta. The same text on several things is one utterance, and what it decides governs all of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.dbt_fingerprint import DECISION_REFS
from ingest.discussions import Remark
from ingest.json_plain import scalar
from ingest.pipeline_statements import statements
from ingest.records import Candidate, Part, Reference, Session, Utterance
from ingest.review_items import Item
from ingest.review_sections import section_parts
from ingest.text import folded

KIND = "pipeline"
EXTRACTOR = "pipeline_words/1"
NO_WORDS, REPEATED = "no_words", "repeated"
_STATED, _FOUND = 1.0, 0.7
"""Under a heading the text itself says that it decides; in running text seven of seven did (pipeline_statements)."""
_DEEPEST = 4
_TELLING = re.compile(
    r"decisions?|why|rationale|reason(?:s|ing)?|alternatives?(?:[ _]considered)?|constraints?|consequences?"
    r"|(?:\w+[ _])?(?:notes?|comments?|caveats?|context|history|definition|description)",
    re.IGNORECASE,
)
"""Keys of meta whose text is somebody's words, however short."""
_PLURAL = {"decisions": "decision", "reasons": "reason", "reasoning": "reason"}
_BARE = frozenset({"what", "choice", "text", "summary", "value"})
"""Below `decision:` these only say again that this is it."""
_SENTENCE_WORDS, _TELLING_WORDS = 5, 3
_NAMES_DECISION = re.compile("decision", re.IGNORECASE)
"""Without the word no heading or label states one; sections are not looked for in 50,000 short texts."""
_MARKUP = re.compile(r"[a-z][a-z0-9+.-]*://\S+|[\w./-]+@[\w.-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something described: a node, a column, a job, a dataset."""

    native_id: str
    """The utterance's: another session's utterance with this id is taken for a copy of it."""
    topic: str
    """`model stg_orders`, `column stg_orders.status`."""
    subject: str
    locator: str
    target_kind: str
    """Of the anchor: `node`, `column`, `job`, `dataset`."""
    target: str
    description: str
    meta: Mapping[str, object]

    @property
    def text(self) -> str:
        """Its words, empty where it has none."""
        paragraphs = (self.description, *(f"{key}: {said}" for key, said in worded(self.meta)))
        return "\n\n".join(text for text in paragraphs if text.strip()).strip()

    @property
    def decision_refs(self) -> tuple[str, ...]:
        """The decisions that its meta names."""
        named = self.meta.get(DECISION_REFS)
        found = (scalar(item) for item in (named if isinstance(named, list) else [named]))
        return tuple(dict.fromkeys(name.strip() for name in found if name and name.strip()))


def worded(meta: Mapping[str, object], above: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """(key, text) of what is said in meta: sentences, and any words under a key that announces some."""
    for key, value in meta.items():
        if key == DECISION_REFS:
            continue
        name = above if above and key.casefold() in _BARE else _PLURAL.get(key.casefold(), key)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and depth < _DEEPEST:
                yield from worded(item, name, depth + 1)
            elif isinstance(item, str) and _says(name, item):
                yield name.replace("_", " ").strip(), item.strip()


def _says(name: str, text: str) -> bool:
    bare = _MARKUP.sub("", text)
    wanted = _TELLING_WORDS if _TELLING.fullmatch(name) else _SENTENCE_WORDS
    return "{{" not in text and len(re.findall(r"[^\W\d_]{2,}", bare)) >= wanted and len(bare.split()) >= wanted


def words_session(things: Iterable[Thing], session: Session) -> Session:
    """The session with an utterance for each text, its counts, and what the texts decide."""
    by_text: dict[str, list[Thing]] = {}
    aside: Counter[str] = Counter()
    for thing in things:
        if text := thing.text:
            by_text.setdefault(text, []).append(thing)
        else:
            aside[NO_WORDS] += 1
    aside[REPEATED] += sum(len(same) - 1 for same in by_text.values())
    utterances = tuple(_utterance(index, text, same[0]) for index, (text, same) in enumerate(by_text.items()))
    stated = (c for one, same in zip(utterances, by_text.values(), strict=True) for c in _stated(one, same))
    return replace(
        session,
        utterances=utterances,
        kept=len(utterances),
        set_aside=tuple(sorted((+aside).items())),
        stated=tuple(stated),
    )


def _utterance(index: int, text: str, thing: Thing) -> Utterance:
    return Utterance(
        index, text, "document", thing.locator, native_id=thing.native_id, topic=folded(thing.topic, limit=400)
    )


def _stated(utterance: Utterance, things: Sequence[Thing]) -> Iterator[Candidate]:
    """What an utterance decides: under headings and labels, else in running text."""
    sections = section_parts(Remark(_NO_ITEM, utterance)) if _NAMES_DECISION.search(utterance.text) else ()
    if sections:
        yield _candidate(sections, things, is_structured=True)
        return
    for choice in statements(utterance):
        yield _candidate((choice,), things, is_structured=False)


_NO_ITEM = Item(
    kind="comment", place="", fields={}, pull=None, body="", author=None, is_bot=False, at=None, ids=frozenset(),
    native_id=None,
)  # fmt: skip


def _candidate(parts: tuple[Part, ...], things: Sequence[Thing], *, is_structured: bool) -> Candidate:
    governs = (Reference("governs", thing.target_kind, thing.target, "explicit") for thing in things)
    named = dict.fromkeys(name for thing in things for name in thing.decision_refs)
    explains = (Reference("explains", "decision", name, "explicit") for name in named)
    return Candidate(
        subject=folded(things[0].subject),
        status="accepted",
        authority="structured" if is_structured else "extracted",
        confidence=_STATED if is_structured else _FOUND,
        parts=parts,
        extractor=EXTRACTOR,
        references=(*governs, *explains),
    )
