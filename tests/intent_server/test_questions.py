from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.records import Candidate, Part, PartKind, Person, Reference, Session, Span, Status, Utterance
from intent_server import questions
from intent_server.answers import Decision
from intent_server.config import Settings
from intent_server.embed import Embedder, bundled
from intent_server.errors import AmbiguousId, BadRequest, NotFound
from intent_server.questions import Asker
from intent_server.questions_fit import fit
from intent_server.store.connect import open_writer, transaction
from intent_server.store.index import unindex_session

Keep = Callable[..., Path]


def session(name: str, *turns: tuple[str, str], role: str = "person") -> Session:
    spoken = tuple(
        Utterance(index, text, role, f"cue {index + 1}", speaker=speaker, start_ms=index * 1000)
        for index, (speaker, text) in enumerate(turns)
    )
    started = datetime(2026, 2, 1 + len(name) % 20, 9, tzinfo=UTC)
    return Session("meeting", name, spoken, len(spoken), title=name.capitalize(), started_at=started)


def part(of: Session, kind: PartKind, quote: str, about: int | None = None) -> Part:
    said = next(one for one in of.utterances if quote in one.text)
    start = said.text.index(quote)
    return Part(kind, (Span(said.index, start, start + len(quote), quote),), about)


def candidate(subject: str, parts: Sequence[Part], status: Status = "accepted", **more: object) -> Candidate:
    given = {"authority": "structured", "confidence": 1.0, "extractor": "test/1"} | more
    return Candidate(subject=subject, status=status, parts=tuple(parts), **given)


BROKER = session(
    "broker",
    ("Mara", "We need something between the shop and the warehouse for the order events."),
    ("Jonas", "Kafka is what everybody takes, but nobody here can run a cluster at night."),
    ("Mara", "Then we take the outbox table in Postgres, because the team already operates Postgres."),
    ("Priya", "Fine with me."),
)
OUTBOX = candidate(
    "Transport of order events",
    [
        part(BROKER, "choice", "we take the outbox table in Postgres"),
        part(BROKER, "rationale", "because the team already operates Postgres"),
        part(BROKER, "alternative", "Kafka"),
        part(BROKER, "rationale", "nobody here can run a cluster at night", about=2),
    ],
    people=(Person("Mara", "decided"), Person("Priya", "agreed")),
    references=(Reference("governs", "file", "shop/outbox.py", "explicit"),),
)
LUNCH = session(
    "lunch",
    ("Tomás", "Where do we eat today, the noodle place or the bakery?"),
    ("Aiko", "The noodle place has a queue around the corner at noon, the bakery never has one."),
)
RETRIES = session(
    "retries",
    ("Aiko", "The payments client retries forever, which took the gateway down twice."),
    ("Tomás", "Three attempts with jitter, then a dead letter."),
)


@pytest.fixture
def ask(keep: Keep) -> Callable[..., Asker]:
    def asker(*kept: tuple[Session, Sequence[Candidate]], embedder: Embedder | None = None) -> Asker:
        model = embedder or bundled()
        return questions.asker(Settings(store=keep(*kept, model=model)), lambda: model)

    return asker


def test_why_gives_the_choice_its_reason_and_the_exact_words(ask: Callable[..., Asker]) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX]), (LUNCH, [])), "Why the outbox table in Postgres for order events?")
    assert answer.verdict == "decided"
    [decision] = answer.decisions
    assert [claim.text for claim in decision.rationale] == ["because the team already operates Postgres"]
    [quote] = decision.choice.quotes
    assert quote.recorded_text == "we take the outbox table in Postgres"
    assert BROKER.utterances[2].text[quote.start_char : quote.end_char] == quote.recorded_text
    assert (quote.place.speaker, quote.place.session, quote.place.locator) == ("Mara", "Broker", "cue 3")
    assert quote.place.source == "/talks/broker.vtt"
    assert quote.place.said_at == BROKER.started_at
    assert {(person.person, person.role) for person in decision.people} == {("Mara", "decided"), ("Priya", "agreed")}


def test_why_not_finds_what_was_turned_down_with_its_reason(ask: Callable[..., Asker]) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX]), (LUNCH, []), (RETRIES, [])), "Why not Kafka?")
    assert answer.verdict == "decided"
    [kafka] = answer.decisions[0].alternatives
    assert kafka.text == "Kafka"
    assert [reason.text for reason in kafka.reasons] == ["nobody here can run a cluster at night"]


def test_what_nobody_spoke_of_is_no_record(ask: Callable[..., Asker]) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX]), (LUNCH, [])), "Why is the mobile app written in Flutter?")
    assert answer.verdict == "no record"
    assert (answer.decisions, answer.discussed) == ([], [])


def test_what_was_only_talked_about_is_said_to_be_undecided(ask: Callable[..., Asker]) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX]), (LUNCH, [])), "Why the bakery and not the noodle place?")
    assert answer.verdict == "discussed, no decision found"
    assert answer.decisions == []
    assert "bakery" in answer.discussed[0].recorded_text
    assert answer.discussed[0].session == "Lunch"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why is the bakery missing?", "discussed, no decision found"),
        ("Why is the noodle place gone?", "discussed, no decision found"),
        ("Why are the penguins missing?", "no record"),
    ],
)
def test_that_something_is_not_there_need_not_have_been_said(
    ask: Callable[..., Asker], question: str, expected: str
) -> None:
    assert questions.why(ask((BROKER, [OUTBOX]), (LUNCH, [])), question).verdict == expected


@pytest.mark.parametrize(("status", "expected"), [("proposed", "proposed only"), ("declined", "declined")])
def test_a_verdict_never_promotes_what_was_not_accepted(
    ask: Callable[..., Asker], status: Status, expected: str
) -> None:
    retry = candidate("Retries of the payments client", [part(RETRIES, "choice", "Three attempts with jitter")], status)
    assert questions.why(ask((RETRIES, [retry])), "Why three attempts with jitter for payments?").verdict == expected


def test_a_replaced_decision_comes_after_the_one_that_stands_now(keep: Keep, ask: Callable[..., Asker]) -> None:
    later = session("later outbox", ("Mara", "We move the order events to NATS, instead of the outbox table."))
    nats = candidate("Transport of order events", [part(later, "choice", "We move the order events to NATS")])
    asker = ask((BROKER, [OUTBOX]), (later, [nats]))
    found = {hit.subject and hit.recorded_text: hit.decision_id for hit in questions.search(asker, "order events").hits}
    old, new = found["we take the outbox table in Postgres"], found["We move the order events to NATS"]
    keep(supersedes=(new, old))
    answer = questions.why(asker, "Why the outbox table in Postgres?")
    assert answer.verdict == "superseded"
    assert [decision.decision_id for decision in answer.decisions] == [new, old]
    assert (answer.decisions[0].supersedes, answer.decisions[1].superseded_by) == ([old], [new])


def test_two_decisions_that_turn_each_other_down_conflict(ask: Callable[..., Asker]) -> None:
    other = session("other", ("Jonas", "Kafka it is for the order events."))
    kafka = candidate("Transport of order events", [part(other, "choice", "Kafka")])
    answer = questions.why(ask((BROKER, [OUTBOX]), (other, [kafka])), "Transport of order events: Kafka or Postgres?")
    assert answer.verdict == "conflicting"
    assert len(answer.decisions) == 2


def test_two_decisions_about_one_subject_that_agree_do_not_conflict(ask: Callable[..., Asker]) -> None:
    again = session("again", ("Mara", "As said, the outbox table in Postgres stays."))
    same = candidate("Transport of order events", [part(again, "choice", "the outbox table in Postgres stays")])
    answer = questions.why(ask((BROKER, [OUTBOX]), (again, [same])), "Why the outbox table in Postgres?")
    assert answer.verdict == "decided"


@pytest.mark.parametrize("subject", ["shop/outbox.py", "outbox.py", "shop/outbox.py:12"])
def test_a_path_finds_the_decision_that_links_to_it(ask: Callable[..., Asker], subject: str) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX]), (LUNCH, [])), "", subject=subject)
    assert [decision.subject for decision in answer.decisions] == ["Transport of order events"]


@pytest.mark.parametrize("subject", ["/home/mara/src/shop/outbox.py", "./shop/outbox.py", "shop\\outbox.py"])
def test_a_longer_or_foreign_spelling_of_a_path_finds_it_too(ask: Callable[..., Asker], subject: str) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX]), (LUNCH, [])), "", subject=subject)
    assert [decision.subject for decision in answer.decisions] == ["Transport of order events"]


@pytest.mark.parametrize("subject", ["box.py", "op/outbox.py", "outbox.pyc", "NOPE-123"])
def test_a_subject_that_names_nothing_is_no_record(ask: Callable[..., Asker], subject: str) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX]), (LUNCH, [])), "", subject=subject)
    assert (answer.verdict, answer.decisions, answer.discussed) == ("no record", [], [])
    assert (answer.question, answer.subject) == ("", subject)


def test_a_subject_that_names_nothing_leaves_the_answer_to_the_question(ask: Callable[..., Asker]) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX]), (LUNCH, [])), "Why not Kafka?", subject="warehouse/legacy.py")
    assert answer.verdict == "decided"
    assert (answer.question, answer.subject) == ("Why not Kafka?", "warehouse/legacy.py")
    assert answer.left_out is not None
    assert "Nothing is linked to the subject 'warehouse/legacy.py'" in answer.left_out


def record(name: str, title: str, choice: str) -> tuple[Session, list[Candidate]]:
    text = f"We chose {choice}."
    told = Session("decision_record", name, (Utterance(0, text, "document", "line 1"),), 1, title=title)
    return told, [candidate(title, [part(told, "choice", choice)])]


RECORDS = [
    record("github.com/acme/shop#31", "Outbox for order events", "the outbox table"),
    record("github.com/acme/shop#131", "Jitter for retries", "full jitter"),
    record("TEAM-ADR-Ops-0014", "Decouple certificates", "a separate installer"),
    record("0010-support-categories", "Support categories", "subfolders"),
]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("github.com/acme/shop#31", "Outbox for order events"),
        ("https://github.com/acme/shop/pull/31", "Outbox for order events"),
        ("acme/shop#31", "Outbox for order events"),
        ("#31", "Outbox for order events"),
        ("PR 131", "Jitter for retries"),
        ("TEAM-ADR-Ops-0014", "Decouple certificates"),
        ("ADR-0014", "Decouple certificates"),
        ("0010-support-categories.vtt", "Support categories"),
        ("0010-support-categories", "Support categories"),
        ("ADR 10", "Support categories"),
        ("Support categories", "Support categories"),
    ],
)
def test_a_record_or_request_is_found_by_any_of_its_names(
    ask: Callable[..., Asker], subject: str, expected: str
) -> None:
    asker = ask(*RECORDS, (LUNCH, []))
    assert [found.subject for found in questions.why(asker, "", subject=subject).decisions] == [expected]
    if subject != "Support categories":
        assert [found.subject for found in questions.why(asker, f"why {subject}?").decisions] == [expected]


def test_a_subject_of_several_decisions_gives_all_those_that_meet_the_question_first(
    ask: Callable[..., Asker],
) -> None:
    second = candidate("Who operates the queue", [part(BROKER, "choice", "nobody here can run a cluster")])
    asker = ask((BROKER, [second, OUTBOX]), (LUNCH, []))
    both = questions.why(asker, "Why the outbox table for the transport of order events?", subject="broker")
    assert [found.subject for found in both.decisions] == ["Transport of order events", "Who operates the queue"]


def test_words_of_the_conversation_around_a_decision_find_it(ask: Callable[..., Asker]) -> None:
    talk = session(
        "rates",
        ("Ana", "Exchange rates are late again, the report waited for the bank."),
        ("Ben", "Okay, then let's use the previous day's rate and not wait."),
    )
    made = candidate("previous day's rate", [part(talk, "choice", "use the previous day's rate")])
    asker = ask((talk, [made]), (LUNCH, []), (RETRIES, []))
    answer = questions.why(asker, "exchange rate")
    assert (answer.verdict, answer.discussed) == ("decided", [])
    assert questions.why(asker, "who decided the exchange rate rule?").verdict == "decided"


@pytest.mark.parametrize("question", ["Why Postgres and not MySQL?", "Why is the mobile app on Postgres?"])
def test_one_shared_name_is_not_enough_for_an_answer(ask: Callable[..., Asker], question: str) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX]), (LUNCH, []), (RETRIES, [])), question)
    assert answer.decisions == []


def test_who_agreed_finds_the_decision_with_its_people(ask: Callable[..., Asker]) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX]), (LUNCH, [])), "Who agreed to the outbox table?")
    assert ("Priya", "agreed") in {(one.person, one.role) for one in answer.decisions[0].people}


def test_a_claim_begins_with_the_span_that_carries_its_meaning(ask: Callable[..., Asker]) -> None:
    later, earlier = part(BROKER, "choice", "we take the outbox table in Postgres"), part(BROKER, "choice", "Kafka")
    both = candidate("Transport", [Part("choice", later.spans + earlier.spans)])
    claim = questions.why(ask((BROKER, [both])), "", subject="broker").decisions[0].choice
    assert [quote.recorded_text for quote in claim.quotes] == ["we take the outbox table in Postgres", "Kafka"]
    assert claim.text == "we take the outbox table in Postgres"


def test_a_declined_command_comes_after_what_was_decided(ask: Callable[..., Asker]) -> None:
    run = session("run", ("Aiko", "pip install tenacity && pytest tests/test_retry_policy.py"))
    command = candidate(
        "Install tenacity and test the policy", [part(run, "choice", run.utterances[0].text)], "declined"
    )
    made = candidate("Retry policy of the payments client", [part(RETRIES, "choice", "Three attempts with jitter")])
    found = questions.search(ask((run, [command]), (RETRIES, [made])), "retry policy").hits
    decisions = [hit.subject for hit in found if hit.kind == "decision"]
    assert decisions[0] == "Retry policy of the payments client"


def test_another_process_s_new_session_shows_in_the_next_answer(keep: Keep, ask: Callable[..., Asker]) -> None:
    asker = ask((LUNCH, []))
    assert questions.why(asker, "Why not Kafka?").verdict == "no record"
    keep((BROKER, [OUTBOX]))
    assert questions.why(asker, "Why not Kafka?").verdict == "decided"


def test_search_stays_within_a_session_named_by_title(ask: Callable[..., Asker]) -> None:
    asker = ask((BROKER, [OUTBOX]), (LUNCH, []), (RETRIES, []))
    hits = questions.search(asker, "place queue Kafka client", session="lunch").hits
    assert {hit.session for hit in hits} == {"Lunch"}


def test_search_pages_give_every_hit_once(ask: Callable[..., Asker]) -> None:
    asker = ask((BROKER, [OUTBOX]), (LUNCH, []), (RETRIES, []))
    whole = questions.search(asker, "the payments client, the noodle place and Kafka")
    paged, cursor = [], None
    while True:
        page = questions.search(asker, whole.query, limit=1, cursor=cursor)
        paged += page.hits
        cursor = page.next_cursor
        if cursor is None:
            break
    assert paged == whole.hits
    assert len(paged) == whole.total >= 3


def test_get_takes_the_end_of_an_id_and_refuses_what_fits_several(ask: Callable[..., Asker]) -> None:
    asker = ask((BROKER, [OUTBOX]), (LUNCH, []))
    decision = questions.why(asker, "Why not Kafka?").decisions[0]
    assert questions.get(asker, decision.decision_id[-6:]).decision == decision
    evidence = questions.get(asker, decision.choice.quotes[0].evidence_id)
    assert evidence.evidence is not None
    assert evidence.evidence.place.offset == "00:00:02.000"
    shown = decision.choice.quotes[0]
    assert evidence.evidence == shown.model_copy(
        update={"place": shown.place.model_copy(update={"offset": "00:00:02.000"})}
    )
    assert evidence.session is not None
    assert [line.utterance_index for line in evidence.session.lines] == [0, 1, 2, 3]
    with pytest.raises(AmbiguousId, match="Give one of"):
        questions.get(asker, decision.decision_id[:6])
    with pytest.raises(NotFound, match="search"):
        questions.get(asker, "nothing-of-that-name")


def test_a_session_comes_in_pages_that_meet(ask: Callable[..., Asker]) -> None:
    long = session("long", *((f"Speaker {n % 3}", f"Remark number {n}.") for n in range(95)))
    asker = ask((long, []))
    seen, cursor = [], None
    while True:
        page = questions.get(asker, "Long", cursor=cursor).session
        assert page is not None
        seen += [line.utterance_index for line in page.lines]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == list(range(95))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda asker: questions.why(asker, "?!"), "no word"),
        (lambda asker: questions.why(asker, "why the?"), "names nothing to ask about"),
        (lambda asker: questions.search(asker, "x", limit=0), "limit=0"),
        (lambda asker: questions.search(asker, "x", cursor="-3"), "cursor='-3'"),
    ],
)
def test_a_bad_request_says_what_would_work(
    ask: Callable[..., Asker], call: Callable[[Asker], object], told: str
) -> None:
    with pytest.raises(BadRequest, match=told):
        call(ask((LUNCH, [])))


@pytest.mark.parametrize("max_chars", [1500, 3000, 6000])
def test_a_fitted_answer_keeps_to_its_budget_and_says_what_it_left_out(
    ask: Callable[..., Asker], max_chars: int
) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX]), (LUNCH, [])), "Why not Kafka?")
    many = answer.model_copy(update={"decisions": answer.decisions * 5})
    fitted = fit(many, max_chars)
    assert len(fitted.model_dump_json(exclude_none=True)) <= max_chars
    assert fitted.verdict == many.verdict
    assert fitted.decisions[0].choice.text == OUTBOX.parts[0].spans[0].quote
    assert fitted.left_out is not None
    assert many.decisions[0].rationale, "the answer given is left as it was"


def test_an_answer_that_fits_is_given_back_whole(ask: Callable[..., Asker]) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX])), "Why not Kafka?")
    assert fit(answer, 8000) == answer


def test_a_giant_quote_is_cut_only_with_a_mark(ask: Callable[..., Asker]) -> None:
    answer = questions.why(ask((BROKER, [OUTBOX])), "Why not Kafka?")
    decision: Decision = answer.decisions[0]
    decision.choice.quotes[0].recorded_text = "word " * 5000
    fitted = fit(answer, 2000)
    assert fitted.decisions[0].choice.quotes[0].recorded_text.endswith("[…]")
    assert fitted.left_out is not None and "cut" in fitted.left_out


def test_why_not_finds_the_option_that_was_turned_down_first_in_search_too(ask: Callable[..., Asker]) -> None:
    hits = questions.search(ask((BROKER, [OUTBOX]), (LUNCH, []), (RETRIES, [])), "Why not Kafka?").hits
    assert hits[0].decision_id is not None
    assert hits[0].recorded_text == "we take the outbox table in Postgres"
    said = next(hit for hit in hits if hit.kind == "conversation")
    assert "Kafka is what everybody takes" in said.recorded_text


def test_search_shows_the_utterances_that_answer_though_they_share_no_word(ask: Callable[..., Asker]) -> None:
    chat = "We talked about the office for a while, and about who sits where, and then about the plants in it. "
    said = [("Jonas", chat * 4), ("Ada", "The doctor can see you on the second floor."), ("Jonas", chat * 4)]
    hits = questions.search(ask((session("visit", *said), []), (LUNCH, [])), "physician location").hits
    assert any("The doctor can see you" in hit.recorded_text for hit in hits)


def test_the_first_results_within_a_conversation_lie_apart(ask: Callable[..., Asker]) -> None:
    talk = "We come back to it and go round. "
    often = [(f"P{n}", f"The retry budget again, point {n}. " + talk * 10) for n in range(30)]
    asker = ask((session("long", *often), []))
    places = [hit.first_utterance for hit in questions.search(asker, "retry budget", session="long", limit=4).hits]
    assert all(abs(one - other) > 2 for one in places for other in places if one != other)
    everything = questions.search(asker, "retry budget", session="long", limit=100)
    assert len({hit.first_utterance for hit in everything.hits}) == everything.total


ACTIVE = session(
    "active",
    ("Mara", "Monthly active users, or MAU, is what the board asks for."),
    ("Jonas", "Then we take it from the events table, because sessions count people twice."),
)
CHURN = session(
    "churn", ("Ana", "For churn we leave trial accounts out of monthly active users, since they never paid.")
)
TRIALS = candidate("Trial accounts", [part(CHURN, "choice", "we leave trial accounts out of monthly active users")])


def test_a_question_by_one_name_is_answered_by_what_was_said_by_another(ask: Callable[..., Asker]) -> None:
    answer = questions.why(ask((ACTIVE, []), (CHURN, [TRIALS])), "Why are trial accounts not in MAU?")
    assert answer.verdict == "decided"
    assert answer.decisions[0].choice.quotes[0].recorded_text == "we leave trial accounts out of monthly active users"
    assert answer.note == "Asked also by the name that the sources give: monthly active users."


def test_without_a_source_that_gives_both_names_nothing_is_made_of_one(ask: Callable[..., Asker]) -> None:
    answer = questions.why(ask((CHURN, [TRIALS])), "Why are trial accounts not in MAU?")
    assert answer.verdict != "decided"
    assert answer.note is None


def test_search_finds_the_turn_that_says_the_other_name(ask: Callable[..., Asker]) -> None:
    found = questions.search(ask((ACTIVE, []), (CHURN, []), (LUNCH, [])), "MAU of trial accounts")
    assert found.hits[0].session == "Churn"
    assert found.note is not None


def test_a_name_given_in_a_source_that_was_forgotten_is_no_other_name(ask: Callable[..., Asker]) -> None:
    asker = ask((ACTIVE, []), (CHURN, [TRIALS]))
    assert questions.search(asker, "MAU").note is not None
    with open_writer(asker.settings.store, wait_s=5) as db, transaction(db):
        (session_id,) = (
            row[0] for row in db.execute("SELECT session_id FROM sessions WHERE title = 'Active'").fetchall()
        )
        unindex_session(db, session_id)
    assert questions.search(asker, "MAU").note is None
