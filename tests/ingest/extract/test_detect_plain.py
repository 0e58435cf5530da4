"""How people settle things without a word that announces it: what the judge sees of a sentence, and what is kept."""

import pytest

from ingest.extract.detect import is_plain
from ingest.extract.detect_model import bundled, judge_plain
from ingest.extract.detect_plain import PLAIN_BITS, in_view
from ingest.extract.detect_units import units
from ingest.pipeline import extract
from ingest.records import Role, Session, Utterance


def talk(*turns: tuple[str, str], kind: str = "meeting") -> Session:
    spoken = tuple(Utterance(at, words, "person", f"line {at}", name) for at, (name, words) in enumerate(turns))
    return Session(kind, "s", spoken, len(spoken))


def seen(session: Session, at: int) -> set[int]:
    found = in_view(session, units(session))
    return set(found.ids[found.starts[at] : found.starts[at + 1]].tolist())


def test_talk_is_never_certain() -> None:
    [one] = extract(
        talk(("Ana", "Cards get lost."), ("Ben", "Plastic cards it is, then."), ("Ana", "Good."))
    ).candidates
    assert 0.65 <= one.confidence <= 0.95


def kept(session: Session) -> list[str]:
    """The choices delivered by default."""
    found = extract(session).candidates
    return [one.parts[0].spans[0].quote for one in found if not one.is_doubtful]


def test_sentences_of_one_shape_have_more_in_common_than_their_words() -> None:
    one = talk(("Ana", "Then we're charging per seat and not per parcel."))
    other = talk(("Ana", "Then we're shipping per week and not per quarter."))
    apart = talk(("Ana", "Parcel rates, seat rates, who keeps charging whom?"))
    assert len(seen(one, 0) & seen(other, 0)) > 3 * len(seen(one, 0) & seen(apart, 0))


def test_who_answers_and_how_is_in_view() -> None:
    agreed = talk(("Ana", "The fee stays."), ("Ben", "Fine by me."))
    opposed = talk(("Ana", "The fee stays."), ("Ben", "Hold on, why?"))
    alone = talk(("Ana", "The fee stays."), ("Ana", "Fine by me."))
    assert len({frozenset(seen(one, 0)) for one in (agreed, opposed, alone)}) == 3


def test_what_was_spoken_of_before_is_told_from_what_is_new() -> None:
    known = talk(("Ana", "The weekly mail again."), ("Ben", "The weekly mail goes."))
    fresh = talk(("Ana", "The parking fee again."), ("Ben", "The weekly mail goes."))
    assert seen(known, 1) - seen(fresh, 1)


def test_calls_of_tools_do_not_stand_between_turns() -> None:
    spoken = [("person", "keep it in one file"), ("tool_call", "Read a.py"), ("assistant", "Done, one file.")]
    with_tool = tuple(Utterance(at, words, role, "", role) for at, (role, words) in enumerate(spoken))  # type: ignore[arg-type]
    without = tuple(
        Utterance(at, one.text, one.role, "", one.role) for at, one in enumerate((with_tool[0], with_tool[2]))
    )
    long, short = (Session("agent_session", "s", one, len(one)) for one in (with_tool, without))
    assert in_view(long, units(long)).ids.tolist() == in_view(short, units(short)).ids.tolist()


def test_nothing_said_is_nothing_judged() -> None:
    assert judge_plain(talk(("Ana", "...")), (), bundled().plain).shape == (0,)


def test_the_shipped_weights_fit() -> None:
    assert bundled().plain.seen.shape == (1 << PLAIN_BITS, 2)


@pytest.mark.parametrize(
    ("before", "settled", "after"),
    [
        ("Paper cards get lost all the time.", "Plastic cards it is, then.", "Good."),
        ("Some of us would drop the fee.", "OK, the fee stays at two percent.", "Good."),
        ("Who keeps the rota, the office or support?", "Support keeps the rota from now on.", "Fine by me."),
    ],
)
def test_what_is_settled_in_plain_words_is_kept(before: str, settled: str, after: str) -> None:
    found = kept(talk(("Ana", before), ("Ben", settled), ("Ana", after)))
    assert [one for one in found if one.rstrip(".") in settled]


@pytest.mark.parametrize(
    "turns",
    [
        (("Ana", "In my old team we charged per seat."), ("Ben", "Interesting."), ("Ana", "It was fine.")),
        (("Ana", "We deliver to Hull on Tuesdays."), ("Ben", "And Leeds?"), ("Ana", "Fridays.")),
        (("Ana", "I'd love to drop Jira."), ("Ben", "Wouldn't we all."), ("Ana", "One day.")),
        (("Ana", "The cache stays warm after a restart."), ("Ben", "Ah, nice."), ("Ana", "Yes.")),
        (("Ana", "So the plan is that"), ("Ben", "Sorry, we,"), ("Ana", "no, go on,")),
    ],
)
def test_what_only_sounds_so_is_not_kept(turns: tuple[tuple[str, str], ...]) -> None:
    assert kept(talk(*turns)) == []


def test_of_what_an_agent_says_another_judge_decides() -> None:
    turns: tuple[tuple[Role, str], ...] = (
        ("person", "Which one is it, the worker or the cron job?"),
        ("assistant", "The worker it is, then."),
    )
    spoken = tuple(Utterance(at, words, role, "", role) for at, (role, words) in enumerate(turns))
    session = Session("agent_session", "s", spoken, len(spoken))
    assert [is_plain(session, one) for one in units(session)] == [True, False]
