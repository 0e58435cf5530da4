"""Passages: the words of a stretch that meet a question, with who said them or what they are about."""

from intent_server.answers import Line
from intent_server.questions_passages import CUT, passage


def line(
    index: int, text: str, *, speaker: str | None = None, topic: str | None = None, role: str = "document"
) -> Line:
    return Line(utterance_index=index, speaker=speaker, role=role, topic=topic, locator=str(index), recorded_text=text)


def test_what_a_document_says_is_shown_with_what_it_is_about_once() -> None:
    lines = [
        line(0, "One row for each order.", topic="model orders"),
        line(1, "Returns are left out.", topic="model orders"),
        line(2, "In euros.", topic="column orders.revenue"),
    ]
    assert passage(lines, {}).text == (
        "model orders: One row for each order.\nReturns are left out.\ncolumn orders.revenue: In euros."
    )


def test_what_somebody_said_is_shown_with_who_said_it_whatever_the_topic() -> None:
    lines = [line(0, "We retry.", speaker="Ada", topic="retry.py:4", role="person"), line(1, "Thrice.", speaker="Ada")]
    assert passage(lines, {}).text == "Ada: We retry.\nAda: Thrice."


def test_a_long_description_is_cut_and_still_named() -> None:
    text = passage([line(0, "Rows. " * 40, topic="model orders")], {}, limit=60).text
    assert text.startswith("model orders: Rows.")
    assert text.endswith(CUT)
