"""Rationale, alternatives and constraints, each the clause that says it."""

from __future__ import annotations

import pytest

from ingest.extract.cues import cues
from ingest.extract.propose import propose
from ingest.extract.reasons import reasons
from ingest.records import Candidate, Draft, Part, Role, Session, Utterance
from ingest.text import span
from tests.growth import assert_linear


def _explained(*turns: tuple[str, str]) -> Candidate:
    said = tuple(Utterance(n, text, "person", f"cue {n}", speaker) for n, (speaker, text) in enumerate(turns))
    (found,) = reasons(propose(cues(Draft(Session("meeting", "s", said, len(said)))))).candidates
    return found


def _quotes(candidate: Candidate, kind: str) -> list[str]:
    return [part.spans[0].quote for part in candidate.parts if part.kind == kind]


def test_because_gives_the_rationale() -> None:
    found = _explained(("Mara", "Let's go with DuckDB for the mart because it needs no server, so we can start today."))
    assert _quotes(found, "rationale") == ["because it needs no server"]


def test_a_reason_said_first_counts_too() -> None:
    found = _explained(("Mara", "Because the nightly job keeps failing, we decided to cap retries at three."))
    assert _quotes(found, "rationale") == ["Because the nightly job keeps failing"]


def test_the_next_sentence_is_a_rationale_when_it_opens_as_one() -> None:
    found = _explained(
        ("Mara", "Let's go with DuckDB for the mart."),
        ("Mara", "The main reason is that nobody wants to run a server."),
    )
    assert _quotes(found, "rationale") == ["The main reason is that nobody wants to run a server."]


def test_since_in_time_is_no_reason() -> None:
    found = _explained(("Mara", "Let's keep the ninety day window since last year."))
    assert _quotes(found, "rationale") == []


def test_instead_of_names_the_alternative_without_what_follows() -> None:
    found = _explained(("Mara", "Let's use DuckDB for the mart instead of Postgres because it is one file."))
    assert _quotes(found, "alternative") == ["Postgres"]


def test_what_the_next_sentence_sets_against_something_else_is_no_alternative() -> None:
    found = _explained(
        ("Mara", "Let's use DuckDB for the mart. The quarterly figures will then come from views instead of exports.")
    )
    assert _quotes(found, "alternative") == []


def test_what_stands_right_before_the_choice_is_set_against_it() -> None:
    found = _explained(("Mara", "Instead of a nightly export, let's use DuckDB for the mart."))
    assert _quotes(found, "alternative") == ["a nightly export"]


def test_options_discussed_just_before_give_the_one_not_taken_and_why() -> None:
    found = _explained(
        ("Priya", "We could use Postgres or DuckDB for the mart."),
        ("Jonas", "Postgres would need another server."),
        ("Mara", "Okay, let's go with DuckDB."),
    )
    (place,) = (n for n, part in enumerate(found.parts) if part.kind == "alternative")
    assert found.parts[place].spans[0].quote == "Postgres"
    (why,) = (part for part in found.parts if part.about == place)
    assert (why.kind, why.spans[0].quote) == ("rationale", "Postgres would need another server.")


def test_an_offer_turned_down_is_an_alternative() -> None:
    found = _explained(
        ("Priya", "What about endless retries?"),
        ("Jonas", "No, that is too risky for the provider."),
        ("Mara", "Let's cap the attempts at three."),
    )
    assert _quotes(found, "alternative") == ["endless retries"]


@pytest.mark.parametrize(
    ("before", "said", "option"),
    [
        ("Is it Harbor, or do we move to Pier?", "Let's go with Harbor, and not Pier.", "Pier"),
        (
            "The university one is free, the other costs.",
            "Let's go with Zenodo. No university.",
            "university",
        ),
        ("Or the Oracle table?", "Let's go with the seed, the Oracle table can rot.", "the Oracle table"),
    ],
)
def test_what_was_spoken_of_and_is_turned_down_beside_the_choice_is_an_alternative(
    before: str, said: str, option: str
) -> None:
    assert _quotes(_explained(("Ana", before), ("Mara", said)), "alternative") == [option]


@pytest.mark.parametrize(
    "said",
    [
        "Let's go with Harbor, no fuss.",
        "Let's go with Harbor. I don't want another outage.",
        "Let's go with Harbor, not even for tests.",
        "Let's go with Harbor, not a day longer.",
        "Let's go with Harbor, because after that outage the customer is gone anyway.",
    ],
)
def test_what_nobody_spoke_of_is_none(said: str) -> None:
    assert _quotes(_explained(("Ana", "Is it Harbor, after that outage?"), ("Mara", said)), "alternative") == []


def test_a_limit_said_with_the_choice_is_a_constraint() -> None:
    found = _explained(("Mara", "Let's go with three attempts. The whole call must not take more than ten seconds."))
    assert _quotes(found, "constraint") == ["The whole call must not take more than ten seconds."]


def test_nothing_is_made_up_when_nothing_is_said() -> None:
    found = _explained(("Mara", "Let's go with DuckDB for the mart."), ("Jonas", "The weather is nice."))
    assert [part.kind for part in found.parts] == ["choice"]


def test_stated_candidates_are_left_alone() -> None:
    said = (Utterance(0, "Use DuckDB because it is one file.", "document", "section 1"),)
    span = Part("choice", ())
    stated = Candidate("DuckDB", "accepted", "structured", 1.0, (span,), "decision_record/1")
    draft = Draft(Session("decision_record", "s", said, 1), candidates=(stated,))
    assert reasons(draft).candidates == (stated,)


@pytest.mark.parametrize(
    ("text", "choice", "rationale"),
    [
        (
            "I decided to keep the backups for 60 days, since auditors require it.",
            "I decided to keep the backups for 60 days",
            "since auditors require it.",
        ),
        (
            "We're going with rolling deploys, as the old way locks the ledger.",
            "We're going with rolling deploys",
            "as the old way locks the ledger.",
        ),
        (
            "Let's keep retries in the gateway: the worker cannot see the request key.",
            "Let's keep retries in the gateway",
            "the worker cannot see the request key.",
        ),
        ("Let's use one queue - the worker can't keep up.", "Let's use one queue", "the worker can't keep up."),
        (
            "We'll use Pulsar then, and drop Rabbit, because it is managed.",
            "We'll use Pulsar then, and drop Rabbit",
            "because it is managed.",
        ),
    ],
)
def test_a_reason_is_parted_from_its_choice(text: str, choice: str, rationale: str) -> None:
    found = _explained(("Ines", text))
    assert (_quotes(found, "choice"), _quotes(found, "rationale")) == ([choice], [rationale])


@pytest.mark.parametrize(
    "text",
    [
        "Let's keep the nightly job for reports, as discussed.",
        "Let's keep the nightly job for reports, as it is.",
        "Let's keep the nightly job for reports, since the last release.",
        "Let's go with the small plan: one worker and two queues.",
    ],
)
def test_manner_time_and_elaboration_are_no_reasons(text: str) -> None:
    assert _quotes(_explained(("Ines", text)), "rationale") == []


def test_a_verb_after_and_not_is_no_alternative_but_a_name_is() -> None:
    assert _quotes(_explained(("Ines", "Let's use Friday's rate and not wait.")), "alternative") == []
    assert _quotes(_explained(("Ines", "Let's use Friday's rate and not necessarily today's.")), "alternative") == []
    assert _quotes(_explained(("Ines", "Let's use httpx rather than requests.")), "alternative") == ["requests"]


def test_a_verb_offered_as_a_thing_is_an_alternative() -> None:
    found = _explained(("Omar", "We need either a retry or a queue."), ("Ines", "Let's use one queue and not retry."))
    assert _quotes(found, "alternative") == ["retry"]


def _of_agent(*turns: tuple[Role, str], choice: str) -> Candidate:
    """A candidate whose choice is those words of an agent session, explained."""
    said = tuple(Utterance(n, text, role, f"line {n}") for n, (role, text) in enumerate(turns))
    at = next(one for one in said if choice in one.text)
    start = at.text.index(choice)
    part = Part("choice", (span(at, start, start + len(choice)),))
    draft = Draft(
        Session("agent_session", "s", said, len(said)),
        candidates=(Candidate("x", "accepted", "extracted", 0.9, (part,), "t/1"),),
    )
    (found,) = reasons(draft).candidates
    return found


OPTIONS = """There are two options:

1. **One queue for all tenants** - simple to run
2. **A queue per tenant** - too expensive with four hundred tenants

Which would you prefer?"""


def test_the_other_option_of_a_list_is_an_alternative_with_what_is_held_against_it() -> None:
    found = _of_agent(("assistant", OPTIONS), ("person", "1"), choice="One queue for all tenants")
    (place,) = (n for n, part in enumerate(found.parts) if part.kind == "alternative")
    assert found.parts[place].spans[0].quote == "A queue per tenant"
    assert [part.spans[0].quote for part in found.parts if part.about == place] == [
        "too expensive with four hundred tenants"
    ]


def test_a_drawback_listed_under_an_option_is_why_it_was_not_taken() -> None:
    text = (
        "Options for the cache:\n\n**A) Keep it in memory**\n- Pros: fast\n- Cons: lost at a restart\n\n"
        "**B) Keep it on disk**\n- Pros: stays\n\nWhich one should we take?"
    )
    found = _of_agent(("assistant", text), ("person", "B"), choice="Keep it on disk")
    assert _quotes(found, "alternative") == ["Keep it in memory"]
    assert [part.spans[0].quote for part in found.parts if part.about is not None] == ["lost at a restart"]


def test_the_items_of_a_plan_are_no_alternatives() -> None:
    text = "The plan:\n\n1. **Move the parser**\n2. **Delete the old one**\n3. **Run the tests**"
    assert _quotes(_of_agent(("assistant", text), choice="Move the parser"), "alternative") == []


def test_what_the_agent_says_a_choice_brings_is_its_rationale() -> None:
    text = "I'll add a check to the loader. This prevents partial files from being read. Now the tests."
    found = _of_agent(("assistant", text), choice="I'll add a check to the loader.")
    assert _quotes(found, "rationale") == ["This prevents partial files from being read."]


def test_a_restatement_s_reason_is_the_choice_s_reason() -> None:
    said = (
        Utterance(0, "Let's use one queue.", "person", "line 0"),
        Utterance(1, "So one queue it is, because the worker cannot keep up.", "person", "line 1"),
    )
    choice = Part("choice", (span(said[0], 0, 20), span(said[1], 0, 19)))
    candidate = Candidate("one queue", "accepted", "extracted", 0.9, (choice,), "t/1")
    (found,) = reasons(Draft(Session("agent_session", "s", said, 2), candidates=(candidate,))).candidates
    assert _quotes(found, "rationale") == ["because the worker cannot keep up."]


def test_time_grows_with_the_session() -> None:
    def run(count: int) -> Draft:
        said = tuple(
            Utterance(
                n, "Let me use one queue since the worker waits. It is simpler.\n- a - b", "assistant", f"line {n}"
            )
            for n in range(count)
        )
        parts = [Part("choice", (span(one, 0, 20),)) for one in said]
        found = tuple(Candidate("one queue", "accepted", "extracted", 0.9, (part,), "t/1") for part in parts)
        return reasons(Draft(Session("agent_session", "s", said, count), candidates=found))

    assert_linear(run, 60)


def test_time_grows_with_one_utterance() -> None:
    def run(count: int) -> Draft:
        piece = "Let me use one queue since the worker waits. "
        said = (Utterance(0, piece * count, "assistant", "line 0"),)
        parts = [Part("choice", (span(said[0], at * len(piece), at * len(piece) + 20),)) for at in range(count)]
        found = tuple(Candidate("one queue", "accepted", "extracted", 0.9, (part,), "t/1") for part in parts)
        return reasons(Draft(Session("agent_session", "s", said, 1), candidates=found))

    assert_linear(run, 60)


def test_a_reason_that_a_caption_cuts_off_is_none() -> None:
    found = _explained(("Mara", "Let's go with DuckDB for the mart. The main reason for"), ("Jonas", "Sorry, go on."))
    assert _quotes(found, "rationale") == []
