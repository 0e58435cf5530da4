"""From a cue to a candidate: choice, subject, status, people, and how few are kept."""

from __future__ import annotations

import pytest

from ingest.extract.cues import cues
from ingest.extract.propose import THRESHOLD, propose, ranked
from ingest.records import Candidate, Draft, Person, Role, Session, Utterance
from tests.growth import assert_linear


def _session(*turns: tuple[str, str], kind: str = "meeting") -> Session:
    roles: dict[str, Role] = {"agent": "assistant"}
    said = tuple(
        Utterance(index, text, roles.get(speaker, "person"), f"cue {index}", speaker)
        for index, (speaker, text) in enumerate(turns)
    )
    return Session(kind, "s", said, len(said))


def _found(*turns: tuple[str, str], kind: str = "meeting") -> tuple[Candidate, ...]:
    return propose(cues(Draft(_session(*turns, kind=kind)))).candidates


def test_a_choice_is_its_clause_and_not_the_chunk_around_it() -> None:
    (found,) = _found(
        ("Mara", "So we looked at it for a week. Okay, let's go with DuckDB for the mart because it is one file. Next.")
    )
    assert found.parts[0].spans[0].quote == "let's go with DuckDB for the mart"
    assert found.subject == "DuckDB for the mart"
    assert (found.status, found.authority, found.extractor) == ("accepted", "extracted", "cues/1")


def test_who_decided_and_who_agreed_are_named() -> None:
    (found,) = _found(("Mara", "Let's cap retries at three attempts."), ("Jonas", "Sounds good."), ("Aiko", "Mm-hmm."))
    assert found.people == (Person("Mara", "decided"), Person("Jonas", "agreed"))


def test_an_offer_needs_agreement_or_a_reason() -> None:
    assert _found(("Mara", "We should use three attempts with jitter."), ("Jonas", "What time is it?")) == ()
    (taken,) = _found(("Mara", "We should use three attempts with jitter."), ("Jonas", "Yeah, I agree."))
    assert taken.status == "accepted"
    assert taken.people == (Person("Mara", "proposed"), Person("Jonas", "agreed"))


def test_an_objection_leaves_a_choice_proposed_and_is_quoted() -> None:
    (found,) = _found(
        ("Mara", "Let's go with Postgres for the mart."), ("Jonas", "I don't think that scales on one laptop. Anyway.")
    )
    assert found.status == "proposed"
    assert Person("Jonas", "objected") in found.people
    (objection,) = (part for part in found.parts if part.kind == "objection")
    assert objection.spans[0].quote == "I don't think that scales on one laptop."


@pytest.mark.parametrize("answer", ["Redis then.", "Okay, Redis it is.", "Redis it is then. We run it for the queue."])
def test_an_option_named_once_more_is_taken_up(answer: str) -> None:
    (found,) = _found(("Mara", "For the cache there is Memcached, or Redis with a hash."), ("Jonas", answer))
    assert (found.subject, found.status) == ("Redis", "accepted")
    assert Person("Mara", "proposed") in found.people


@pytest.mark.parametrize(
    "answer",
    [
        "Kafka then.",
        "Okay, and then.",
        "Yes it is.",
        "Well, because it is.",
        "Yeah, but then",
        "I know it is.",
        "Redis it is?",
    ],
)
def test_what_nobody_named_or_says_nothing_is_not_taken_up(answer: str) -> None:
    assert _found(("Mara", "For the cache there is Memcached, or Redis with a hash."), ("Jonas", answer)) == ()


@pytest.mark.parametrize("refusal", ["Not Redis, please.", "I don't want Redis here.", "Redis won't do."])
def test_who_refused_an_option_did_not_propose_it(refusal: str) -> None:
    (found,) = _found(("Mara", "There is Kafka, or Redis."), ("Omar", refusal), ("Jonas", "Redis it is."))
    assert found.people == (Person("Mara", "proposed"), Person("Jonas", "decided"))
    (found,) = _found(("Omar", refusal), ("Jonas", "Redis it is."))
    assert found.people == (Person("Jonas", "decided"),)


@pytest.mark.parametrize("offer", ["Why not Redis?", "Why don't we take Redis?"])
def test_who_asks_why_not_proposes(offer: str) -> None:
    (found,) = _found(("Mara", offer), ("Jonas", "Redis it is."))
    assert Person("Mara", "proposed") in found.people


def test_who_names_his_own_option_again_takes_up_nothing() -> None:
    assert _found(("Jonas", "There is Redis."), ("Mara", "Go on."), ("Jonas", "Redis then.")) == ()


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("So no circuit breaker, we don't have shared state.", "circuit breaker"),
        ("But no LCD, 'cause we can't afford one.", "LCD"),
        ("No retries on the client since the queue has them.", "retries on the client"),
    ],
)
def test_no_such_thing_with_its_reason_is_declined(said: str, about: str) -> None:
    (found,) = _found(("Mara", "What about the gateway?"), ("Jonas", said), ("Mara", "Agreed."))
    assert (found.subject, found.status) == (about, "declined")


@pytest.mark.parametrize("said", ["No problem, we can wait.", "No idea, it broke.", "No, it is fine.", "No signal."])
def test_no_that_declines_no_thing_is_none(said: str) -> None:
    assert _found(("Mara", "What about the gateway?"), ("Jonas", said), ("Mara", "Agreed.")) == ()


@pytest.mark.parametrize("answer", ["Not in this PR.", "Not for now, sorry.", "Not needed."])
def test_not_in_this_round_is_no_yes(answer: str) -> None:
    turns = ("Mara", "Should we use a snapshot for the promised date?"), ("Jonas", answer)
    assert all(one.status != "accepted" for one in _found(*turns, kind="pull_request"))


def test_no_to_another_question_is_no_objection() -> None:
    (found,) = _found(
        ("Mara", "Let's go with three attempts for the client."),
        ("Mara", "Anything else from you, Jonas?"),
        ("Jonas", "No, that was all from my side."),
    )
    assert found.status == "accepted" and [part.kind for part in found.parts] == ["choice"]


def test_a_refusal_is_declined() -> None:
    (found,) = _found(("Mara", "We're not going to build our own scheduler."))
    assert (found.status, found.subject) == ("declined", "own scheduler")


def test_lets_do_that_takes_up_the_offer_before_it() -> None:
    (found,) = _found(
        ("Priya", "I think we should keep test orders out of staging."),
        ("Mara", "Right."),
        ("Mara", "Okay, let's do that."),
    )
    assert found.parts[0].spans[0].quote == "I think we should keep test orders out of staging."
    assert found.parts[0].spans[1].quote.endswith("let's do that.")
    assert {("Priya", "proposed"), ("Mara", "decided")} == {(one.name, one.role) for one in found.people}


def test_lets_do_that_with_nothing_before_it_is_dropped() -> None:
    assert _found(("Mara", "Okay, let's do that.")) == ()


def test_handing_over_the_floor_is_no_choice() -> None:
    assert _found(("Mara", "Let's go with Jonas."), ("Jonas", "Hi, my update is short.")) == ()


def test_a_condition_in_front_lowers_the_confidence_below_the_threshold() -> None:
    session = _session(("Mara", "And if nothing changes, we'll keep the old keys around."))
    (found,) = ranked(cues(Draft(session)))
    assert found.confidence < THRESHOLD


def test_a_restatement_joins_the_first_statement() -> None:
    (found,) = _found(
        ("Mara", "We decided to use DuckDB for the mart."),
        ("Jonas", "Fine."),
        ("Mara", "So, let's go with DuckDB for the mart."),
    )
    assert [span.utterance_index for span in found.parts[0].spans] == [0, 2]


def test_at_most_three_are_delivered_of_ten_minutes_of_talk_the_surest_ones_and_as_many_wait() -> None:
    things = ("DuckDB", "Parquet", "Airflow", "Kafka", "Redis")
    weak = [("Mara", f"We'll use {one} for the {one} part.") for one in things]
    found = _found(*weak, ("Mara", "We decided to keep Postgres for orders."))
    assert [one.is_doubtful for one in found].count(False) == [one.is_doubtful for one in found].count(True) == 3
    assert any(one.subject == "Postgres for orders" and not one.is_doubtful for one in found)


def test_an_option_picked_by_letter_gets_its_name_from_the_agents_list() -> None:
    (found,) = _found(
        ("me", "How do we store it?"),
        (
            "agent",
            "Two ways:\n\n**Option A: one table per day.** Simple.\n**Option B: one partitioned table.** Faster.",
        ),
        ("me", "Option B please"),
        kind="agent_session",
    )
    assert found.subject == "one partitioned table"
    assert [span.quote for span in found.parts[0].spans] == ["one partitioned table", "Option B please"]
    assert found.people == (Person("agent", "proposed"), Person("me", "decided"))


def test_a_bare_yes_accepts_the_agents_reasoned_advice_and_no_other_chatter() -> None:
    advice = "I'd recommend a partitioned table for the events because deletes stay cheap. I'll write the code now."
    (found,) = _found(("me", "Thoughts?"), ("agent", advice), ("me", "yes, do it"), kind="agent_session")
    assert found.parts[0].spans[0].quote == "I'd recommend a partitioned table for the events"
    assert found.status == "accepted"
    assert _found(("me", "Thoughts?"), ("agent", "I'll use a table."), ("me", "yes"), kind="agent_session") == ()


def test_a_reviewers_wish_is_only_proposed_until_somebody_agrees() -> None:
    wish = ("Tomás", "Let's use a frozen dataclass here because it is shared between threads.")
    (alone,) = _found(wish, kind="pull_request")
    assert alone.status == "proposed"
    (agreed,) = _found(wish, ("Aiko", "Done, thanks."), kind="pull_request")
    assert agreed.status == "accepted"


def test_stated_candidates_stay_in_front_untouched() -> None:
    session = _session(("Mara", "We decided to use DuckDB for the mart."))
    stated = ranked(cues(Draft(session)))[0]
    found = propose(cues(Draft(session, candidates=(stated,)))).candidates
    assert found[0] is stated and len(found) == 2


def test_an_option_picked_by_letter_that_no_list_has_is_no_decision() -> None:
    assert _found(("agent", "Shall I go on?"), ("me", "Option B please"), kind="agent_session") == ()


def test_confidence_of_talk_is_never_certainty() -> None:
    (found,) = _found(
        ("Ines", "We decided to keep the ledger in Postgres because auditors can read it."), ("Omar", "Agreed.")
    )
    assert found.confidence == 0.95


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Let's postpone the ledger export until Q3.", "ledger export"),
        ("We'll defer the schema split until after the release.", "schema split"),
        ("We decided to put off moving to gRPC, since nobody has time.", "gRPC"),
        ("Let's use Pulsar later.", "Pulsar"),
    ],
)
def test_what_is_put_off_stays_proposed_under_its_own_name(text: str, about: str) -> None:
    (found,) = _found(("Ines", text), ("Omar", "Agreed."))
    assert (found.status, found.subject) == ("proposed", about)


def test_putting_that_off_points_to_the_offer_whose_words_come_first() -> None:
    (found,) = _found(
        ("Omar", "Should we move the invoice job to Pulsar?"), ("Ines", "Not now, let's postpone that until Q3.")
    )
    assert found.status == "proposed"
    assert [span.utterance_index for span in found.parts[0].spans] == [0, 1]
    assert found.subject == "invoice job to Pulsar"


@pytest.mark.parametrize(
    "text",
    [
        "Not now, let's postpone that until Q3.",
        "Let's park it.",
        "Let's wait until Monday.",
        "I'd rather not move it now.",
    ],
)
def test_putting_off_what_nobody_named_is_no_decision(text: str) -> None:
    assert _found(("Ines", text), ("Omar", "Agreed, nobody needs it at night.")) == ()


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("We decided not to use Pulsar either.", "Pulsar"),
        ("We agreed that we won't use Mongo for carts.", "Mongo for carts"),
        ("I don't think we should use Mongo for the carts.", "Mongo for the carts"),
        ("We should not store full card numbers.", "full card numbers"),
        ("I'd rather not use Terraform for the DNS zone.", "Terraform for the DNS zone"),
    ],
)
def test_what_is_turned_down_is_declined(text: str, about: str) -> None:
    (found,) = _found(("Ines", text), ("Omar", "Agreed."))
    assert (found.status, found.subject) == ("declined", about)


def test_an_opinion_against_something_decides_nothing_alone() -> None:
    assert _found(("Ines", "I don't think we should go with Mongo.")) == ()


def test_a_replacement_ordered_is_accepted_and_not_a_refusal() -> None:
    (found,) = _found(("me", "don't use argparse, use click"), kind="agent_session")
    assert (found.status, found.subject) == ("accepted", "click")


def test_a_question_to_an_agent_is_not_accepted() -> None:
    asked = ("me", "can we use Pulsar for the API cache because it is fast?")
    assert all(one.status == "proposed" for one in _found(asked, kind="agent_session"))


@pytest.mark.parametrize(
    "text",
    [
        "Okay, we stay with four shards, since more would cost us the free tier.",
        "So we drop the beta accounts in the export.",
        "Okay, so let's do four shards with one replica.",
        "Then we'll define a churned user as one without a login in sixty days.",
        "I do want to log the shard id on every call.",
    ],
)
def test_a_ruling_in_plain_words_counts_only_once_others_agree(text: str) -> None:
    (found,) = _found(("Ines", text), ("Omar", "Sounds good."))
    assert found.status == "accepted"
    assert _found(("Ines", text), ("Omar", "What time is it?")) == ()


def test_an_earlier_objection_to_what_was_taken_up_is_kept() -> None:
    (found,) = _found(
        ("Ines", "I think we should rewrite the importer in Zig."),
        ("Omar", "I'm against that, nobody here knows Zig."),
        ("Lena", "Okay, let's do that."),
    )
    assert Person("Omar", "objected") in found.people
    assert [part.spans[0].quote for part in found.parts if part.kind == "objection"] == [
        "I'm against that, nobody here knows Zig."
    ]


@pytest.mark.parametrize("after", [" for the schema. We had lunch.", ". We had lunch."])
def test_an_address_longer_than_a_clause_is_chosen_whole(after: str) -> None:
    address = "https://example.org/" + "schema/" * 40
    (found,) = _found(("Ines", f"Let's use {address}{after}"))
    assert found.parts[0].spans[0].quote.rstrip(".") == f"Let's use {address}"


def test_blanks_behind_a_cue_take_linear_time() -> None:
    assert_linear(lambda count: _found(("Ines", f"Let's go with Redis{' ' * count}indeed.")), 10_000)
