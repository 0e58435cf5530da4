"""The labelled snippets of talk: all of them are read, and marks that do not fit are told."""

from pathlib import Path

import pytest
from talk import TALK, snippets

PLACED = """# meeting
Ana: Cash, or <<the card thing>>?
Ben: {{The reader ate half an hour last year.}}
Ana: [[Cash only]], please.
Ben: [[= Cash it is]].

# agent_session
You: why is it slow
Agent: It reads twice.
"""


def written(folder: Path, text: str) -> Path:
    (folder / "some.txt").write_text(text, encoding="utf-8")
    return folder


def test_marks_are_spans_of_what_was_said(tmp_path: Path) -> None:
    first, second = snippets(written(tmp_path, PLACED))
    said = [one.text for one in first.session.utterances]
    [decision] = first.readers[0]

    def quoted(spans: tuple[tuple[int, int, int], ...]) -> list[str]:
        return [said[at][start:end] for at, start, end in spans]

    assert said[0] == "Cash, or the card thing?"
    assert quoted(decision.said) == ["Cash only", "Cash it is"]
    assert quoted(decision.rationale) == ["The reader ate half an hour last year."]
    assert quoted(decision.alternatives) == ["the card thing"]
    assert first.group == "some"
    assert [one.role for one in second.session.utterances] == ["person", "assistant"]
    assert second.readers == ((),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# chat\nAna: [[Cash only\n", r"snippet 1: '\[\[' is not closed"),
        ("# chat\nAna: [[Cash {{only}}]]\n", "'{{' does not fit"),
        ("# chat\nAna: Cash only]]\n", r"'\]\]' does not fit"),
        ("# chat\nno speaker here\n", "no turn"),
    ],
)
def test_marks_that_do_not_fit_are_told_with_their_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        list(snippets(written(tmp_path, text)))


def test_every_snippet_that_is_committed_is_read() -> None:
    found = list(snippets())
    assert {one.group for one in found} == {path.stem for path in TALK.glob("*.txt")}
    assert {one.session.kind for one in found} == {"meeting", "chat", "pull_request", "agent_session"}
    assert all(one.units for one in found)
    with_decision = sum(bool(one.readers[0]) for one in found)
    assert 0.4 < with_decision / len(found) < 0.8
