"""Laws of the passes: every quote is exact, masking twice is masking once, the order is stable."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.extract.cues import cues
from ingest.extract.ground import ground
from ingest.extract.propose import propose
from ingest.extract.reasons import reasons
from ingest.extract.redact import mask, moved, redact
from ingest.records import Candidate, Draft, Part, Session, Span, Utterance

PHRASES = (
    "let's go with", "we decided to", "we'll use", "I'd rather", "DuckDB", "instead of Postgres", "because it is fast",
    "since we need it",
    "what about Kafka", "no, use", "Option B", "sounds good", "I don't think so", "let's do that",
    "we could use A or B", "must not exceed", "agreed,", "?", ".", ",", "\n", "…", "the mart", "- ", "```", "’",
    "if we",
    "password: hunter2", "ghp_" + "a1" * 18, "https://u:p4ss@h/x",
    "token is", "AKIA" + "Q7" * 8,
    "[masked:x]", "é", "\U0001f44d",
    "-----BEGIN RSA PRIVATE KEY-----", "API_KEY=abc123def", '"secret": "', "Bearer " + "x9" * 10, "=", ":", '"', "@", "://",
)  # fmt: skip
TEXTS = (
    st.lists(st.one_of(st.sampled_from(PHRASES), st.text(max_size=12)), min_size=1, max_size=12)
    .map(" ".join)
    .filter(bool)
)
KINDS = st.sampled_from(("meeting", "agent_session", "pull_request", "decision_record"))
TURNS = st.lists(st.tuples(st.sampled_from(("Mara", "Jonas", None)), TEXTS), min_size=1, max_size=8)


def _session(kind: str, turns: list[tuple[str | None, str]]) -> Session:
    said = tuple(
        Utterance(
            index, text if text.strip() else "-", "assistant" if index % 4 == 3 else "person", f"cue {index}", who
        )
        for index, (who, text) in enumerate(turns)
    )
    return Session(kind, "s", said, len(said))


def _all(draft: Draft) -> Draft:
    for one in (redact, cues, propose, reasons, ground):
        draft = one(draft)
    return draft


@given(KINDS, TURNS)
@settings(max_examples=300, deadline=None)
def test_every_quote_is_exact_and_grounding_refuses_nothing_of_ours(
    kind: str, turns: list[tuple[str | None, str]]
) -> None:
    found = _all(Draft(_session(kind, turns)))
    assert found.rejected == ()
    for candidate in found.candidates:
        assert 0.0 <= candidate.confidence <= 1.0 and candidate.subject.strip()
        for part in candidate.parts:
            for span in part.spans:
                text = found.session.utterances[span.utterance_index].text
                assert text[span.start_char : span.end_char] == span.quote != ""


@given(KINDS, TURNS)
@settings(max_examples=60, deadline=None)
def test_the_same_session_gives_the_same_candidates(kind: str, turns: list[tuple[str | None, str]]) -> None:
    assert _all(Draft(_session(kind, turns))) == _all(Draft(_session(kind, turns)))


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text)
    again = mask(once.text)
    assert again.text == once.text and again.edits == ()


@given(TEXTS, st.data())
@settings(max_examples=300, deadline=None)
def test_a_moved_span_keeps_its_words_and_grows_only_over_masks(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    masked = mask(text)
    first, last = moved(start, end, masked.edits)
    assert 0 <= first < last <= len(masked.text)
    pieces, place = [], start
    for edit in masked.edits:
        if edit.start_char < end and start < edit.end_char:
            pieces += [text[place : max(place, edit.start_char)], edit.mask]
            place = edit.end_char
    assert masked.text[first:last] == "".join(pieces) + text[place : max(place, end)]


@given(TEXTS, st.integers(-5, 60), st.integers(-5, 60), st.text(max_size=8))
@settings(max_examples=200, deadline=None)
def test_grounding_keeps_nothing_that_is_not_said(text: str, start: int, end: int, quote: str) -> None:
    session = _session("meeting", [("Mara", text)])
    said = session.utterances[0].text
    candidate = Candidate("x", "accepted", "extracted", 0.5, (Part("choice", (Span(0, start, end, quote),)),), "cues/1")
    found = ground(Draft(session, candidates=(candidate,)))
    holds = 0 <= start < end <= len(said) and said[start:end] == quote and bool(quote.strip())
    assert len(found.candidates) == (1 if holds else 0)
    assert bool(found.rejected) is not holds
