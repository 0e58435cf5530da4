"""Everyday ways to settle something, and near misses: what is taken back, laughed at, or answered by something else."""

import pytest

from ingest.extract.cues import cues
from ingest.extract.propose import propose
from ingest.records import Candidate, Draft, Session, Utterance


def said(kind: str, *turns: str) -> list[Candidate]:
    pairs = (turn.split(": ", 1) for turn in turns)
    spoken = tuple(Utterance(i, text, "person", f"cue {i}", speaker=who) for i, (who, text) in enumerate(pairs))
    return list(propose(cues(Draft(Session(kind, "one", spoken, len(spoken))))).candidates)


def delivered(kind: str, *turns: str) -> list[str]:
    return [one.parts[0].spans[0].quote for one in said(kind, *turns) if not one.is_doubtful]


@pytest.mark.parametrize(
    ("kind", "turns", "quote"),
    [
        ("meeting", ["Ann: That settles it, we go with the flat file."], "That settles it, we go with the flat file."),
        (
            "meeting",
            ["Ann: That settles it, it's Postgres here."],
            "That settles it, it's Postgres here.",
        ),
        (
            "meeting",
            [
                "Ann: Then Spark is too big.",
                "Bob: Right, then it's the managed queue in Postgres.",
                "Ann: Works for me.",
            ],
            "Right, then it's the managed queue in Postgres.",
        ),
        ("meeting", ["Ann: Okay, six weeks then, because the audit needs five."], "Okay, six weeks then"),
        (
            "chat",
            ["Ann: Until the migration is over we keep the invoice tables."],
            "Until the migration is over we keep the invoice tables.",
        ),
        (
            "meeting",
            ["Ann: We are sticking with monthly releases, since the testers need the time."],
            "We are sticking with monthly releases",
        ),
        (
            "pull_request",
            ["Ann: Good point. I'm dropping the cache header, because the proxy strips it anyway."],
            "I'm dropping the cache header",
        ),
        (
            "pull_request",
            ["Ann: With finance it was clear: we reject the order rather than guess the currency."],
            "we reject the order rather than guess the currency.",
        ),
        (
            "meeting",
            ["Ann: We could take Kafka or Redis streams.", "Bob: Redis streams it is."],
            "Redis streams it is.",
        ),
    ],
)
def test_it_is_settled(kind: str, turns: list[str], quote: str) -> None:
    assert quote in delivered(kind, *turns)


@pytest.mark.parametrize(
    "turns",
    [
        ["Ann: Let's use Redis for the sessions. No wait, that box has no memory."],
        ["Ann: Let's use Redis for the sessions.", "Bob: Okay.", "Ann: Hmm, scratch that, the box has no memory."],
        ["Ann: Let's drop the staging database.", "Bob: Very funny."],
        ["Ann: We decided to use Mongo for the events, which in hindsight cost us a year."],
        ["Ann: We could drop the closed shops, but then the totals don't match.", "Bob: Agreed."],
    ],
)
def test_what_is_taken_back_or_laughed_at_waits(turns: list[str]) -> None:
    found = said("meeting", *turns)
    assert found
    assert all(one.is_doubtful for one in found)


@pytest.mark.parametrize(
    "turns",
    [
        ["Ann: We're going with COBOL, said no one ever."],
        ["Ann: Let's go with the flow."],
        ["Ann: Let's not open that can of worms."],
        ["Ann: The reason I say it is, because nobody measured it."],
        ["Ann: We really need to focus on the buttons rather than the settings."],
        ["Ann: Then it's a good question who pays."],
        ["Ann: Then it's the parser that chokes on the dates."],
        ["Ann: Then it's a timeout in the gateway."],
        ["Ann: It was slower back then, because we had no cache."],
        ["Ann: See you then, because I have to run."],
        ["Ann: It'll be finished by then, because the team has two more people."],
        ["Ann: Every now and then, because the disk fills."],
        ["Ann: We got a timeout rather than an error from the gateway."],
        ["Ann: We expected a 200 rather than a 404 from the proxy."],
        ["Ann: No luck, it still crashes on the second run."],
        ["Ann: No clue, we never measured the throughput."],
        ["Ann: No news, we are waiting for the vendor."],
        ["Ann: No answer, they are on leave this week."],
        ["Ann: No concerns, we can merge."],
        ["Ann: We're staying at the Marriott near the office."],
        ["Ann: I'm staying with my parents this week."],
        ["Ann: From experience we keep too many logs anyway."],
        ["Ann: Until now we use MySQL for the billing data."],
        ["Ann: No sound, we can't hear you."],
        ["Ann: No luck with the dump, we get a 500."],
        ["Ann: That settles it, it's broken."],
    ],
)
def test_nothing_is_settled(turns: list[str]) -> None:
    assert said("meeting", *turns) == []


@pytest.mark.parametrize(
    "said_so",
    [
        "Ann: I'm leaving a comment here because the test is hard to read.",
        "Ann: I'm raising an issue since the linter misses it.",
        "Ann: I'm changing my vote because the tests pass now.",
        "Ann: I'm leaving early today because of the dentist.",
    ],
)
def test_what_a_reviewer_says_of_the_review_settles_nothing(said_so: str) -> None:
    assert said("pull_request", said_so) == []


@pytest.mark.parametrize(
    ("kind", "turn"),
    [
        ("meeting", "Ann: Then it's the queue table, which we own."),
        ("meeting", "Ann: No comments in the config because JSON has none."),
        ("meeting", "Ann: We are sticking at thirty days."),
        ("meeting", "Ann: Wednesday then, because the audit is over."),
        ("meeting", "Ann: Until last year is closed we keep both sales ledgers."),
        ("pull_request", "Ann: I'm raising the note limit because the old one cut words."),
    ],
)
def test_what_only_looks_like_those_is_settled(kind: str, turn: str) -> None:
    assert len(delivered(kind, turn)) == 1


@pytest.mark.parametrize(
    "after", ["Never mind the tests, they are slow.", "Actually, no meeting on Friday.", "Wait, no objections?"]
)
def test_another_matter_put_aside_takes_nothing_back(after: str) -> None:
    assert delivered("meeting", "Ann: Let's use Redis for the sessions.", f"Ann: {after}") != []


def test_an_agreement_to_what_was_drawn_from_the_talk_is_none_to_the_offer_before() -> None:
    talk = (
        "Kim: We could put the reports on the replica. Or we could limit the pool per service.",
        "Ida: The replica lags by a minute.",
        "Ruth: Right, then reports go to the replica.",
        "Ida: Works for me.",
    )
    assert [one.status for one in said("meeting", *talk) if "limit the pool" in one.parts[0].spans[0].quote] == []


def test_more_than_talk_of_its_length_decides_waits() -> None:
    talk = [f"Ann: We decided to keep the {name} table for the audit." for name in ("price", "order", "stock", "user")]
    assert [one.is_doubtful for one in said("meeting", *talk)] == [False, False, False, True]
