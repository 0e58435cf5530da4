"""Which phrases announce a decision, and which only sound like it."""

from __future__ import annotations

import pytest

from ingest.extract.cues import cues
from ingest.pipeline import extract
from ingest.records import Draft, Role, Session, Utterance


def _names(text: str, kind: str = "meeting", role: Role = "person") -> list[str]:
    session = Session(kind, "s", (Utterance(0, text, role, "cue 1", "Mara"),), 1)
    return [cue.name for cue in cues(Draft(session)).cues]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Okay, let's go with DuckDB for the mart.", "adopted"),
        ("We decided to drop test orders in staging.", "decided"),
        ("So we'll use three attempts with jitter.", "adopted"),
        ("We're going with the ninety day window.", "adopted"),
        ("The decision is to keep store twelve in the report.", "decided"),
        ("Agreed, we keep the old column until June.", "decided"),
        ("Let's not retry forever.", "declined"),
        ("We're not going to build our own scheduler.", "declined"),
        ("I'd rather keep one file per reader.", "preferred"),
        ("I propose that we cap retries at three.", "suggested"),
        ("Let us use Pulsar for events.", "adopted"),
        ("Based on what you all said to me let's use Pulsar.", "adopted"),
        ("We chose Parquet over CSV.", "decided"),
        ("We chose DuckDB because it needs no server.", "decided"),
        ("The team has one rule, and we picked tabs so that nobody argues.", "decided"),
        ("So we've chosen the weekly rhythm.", "decided"),
        ("We went with Kafka.", "decided"),
        ("Let’s stick with Postgres for the shop itself.", "adopted"),
    ],
)
def test_a_phrase_that_decides_is_a_cue(text: str, name: str) -> None:
    assert _names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "If we went with Postgres we would need a server.",
        "I wonder whether we decided to keep it.",
        "Have we decided on the window?",
        "We haven't decided on a name yet.",
        "Let's get started.",
        "Let's move on to the next item.",
        "Let's keep going.",
        "They decided to use Kafka.",
        "He said let's use Kafka.",
        "What is the thing that we decided to put in?",
        "Let's see what the numbers say.",
        "Why would we use a queue?",
        "Omar said let's use Perl.",
        'Omar said, "let\'s use Perl for it".',
        "Omar suggested we should use Perl.",
        "According to Omar, we will use Perl.",
        "At my last company we decided to use Cassandra.",
        "Sure, let's use a spreadsheet, what could possibly go wrong?",
        "Yeah right, let's use a fax machine.",
        "Let's use floppy disks. Just kidding.",
        "Agreed, nobody waits for it at noon.",
        "Agreed, we have a problem with that.",
        "Let's use Pulsar?",
        "We'll go ahead and start writing the tickets.",
        "So I picked up some minor changes because the build was red.",
        "Once we've chosen a concept we can draw it.",
        "We went with them to the station.",
    ],
)
def test_talk_about_deciding_is_no_cue(text: str) -> None:
    assert [name for name in _names(text) if name not in ("asked",)] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("No, use the staging table", "corrected"),
        ("don't use requests, use httpx", "corrected"),
        ("use polars instead of pandas here", "corrected"),
        ("Option B", "picked"),
        ("yes... implement Option A with the pruning", "picked"),
        ("Keep the old heuristic; fix the comment", "ordered"),
        ("don't add another dependency", "refused"),
        ("let's remove this restriction", "adopted"),
        ("yes, go ahead", "accepted"),
    ],
)
def test_a_person_steers_an_agent_in_so_many_words(text: str, name: str) -> None:
    assert _names(text, "agent_session") == [name]


@pytest.mark.parametrize("role", ["assistant", "tool_result", "reasoning", "harness", "document"])
def test_only_persons_announce_decisions(role: Role) -> None:
    assert _names("Let's go with DuckDB.", "agent_session", role) == []


def test_quoted_lines_and_code_in_a_comment_are_not_the_writers_words() -> None:
    text = "> we decided to use Kafka\n\n```\n# let's go with Kafka\n```\nWhat do you think?"
    assert _names(text, "pull_request") == []


def test_a_bot_decides_nothing() -> None:
    said = Utterance(0, "We decided to close this issue.", "person", "comment 1", "stale[bot]")
    assert cues(Draft(Session("pull_request", "s", (said,), 1))).cues == ()


def test_a_cue_quotes_its_phrase_exactly() -> None:
    session = Session("meeting", "s", (Utterance(0, "Yes. Let’s go with DuckDB.", "person", "cue 1"),), 1)
    (cue,) = cues(Draft(session)).cues
    assert session.utterances[0].text[cue.span.start_char : cue.span.end_char] == cue.span.quote == "Let’s go with"


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("de", "German", "Wir nehmen also DuckDB für den Mart, weil wir keinen Server betreiben wollen."),
        ("es", "Spanish", "Bueno, entonces usamos DuckDB para el mart porque no queremos mantener un servidor."),
        ("fr", "French", "On garde donc DuckDB pour le mart parce que nous ne voulons pas de serveur chez nous."),
        ("nl", "Dutch", "Dus we gaan voor DuckDB omdat niemand nog een server wil beheren; dat scheelt veel werk."),
        ("sv", "Swedish", "Så vi väljer DuckDB för att vi inte vill sköta en server och allt ändå körs lokalt här."),
        ("ja", "Japanese", "サーバーを運用したい人がいないので、DuckDBを使い続けることにしました。"),
    ],
)
def test_a_session_in_another_language_is_skipped_with_a_note(text: str, language: str, name: str) -> None:
    found = extract(Session("meeting", "s", (Utterance(0, text, "person", "cue 1"),), 1))
    assert found.candidates == ()
    assert found.session.notes == (f"extraction skipped: the conversation is in {name} ({language})",)


def test_an_english_utterance_in_a_session_of_unknown_language_is_looked_at() -> None:
    found = extract(Session("meeting", "s", (Utterance(0, "Let's use DuckDB.", "person", "cue 1"),), 1))
    assert found.session.language is None and len(found.candidates) == 1


def test_what_is_said_in_another_language_amid_english_gives_no_cue_and_a_note_counts_it() -> None:
    said = (
        "The nightly load of the stores took forty minutes and we should find out what it is waiting for.",
        "It is the lookup of the closed stores, I think; that one has no index and it is run for every order.",
        "Dann machen wir das so: we go with dem Index auf den Filialen, und zwar noch heute Abend vor dem Lauf.",
        "Yes. We decided to add the index to the stores table.",
    )
    spoken = tuple(Utterance(at, text, "person", f"cue {at + 1}", "Mara") for at, text in enumerate(said))
    found = extract(Session("meeting", "s", spoken, 4))
    assert found.session.language == "en"
    assert found.session.notes == ("extraction skipped 1 of 4 utterances: not in English",)
    places = {part.kind: [span.utterance_index for span in part.spans] for part in found.candidates[0].parts}
    assert len(found.candidates) == 1
    assert places == {"choice": [3], "rationale": [1]}


def test_a_short_english_command_is_not_taken_for_another_language() -> None:
    found = cues(Draft(Session("agent_session", "s", (Utterance(0, "Open README", "person", "line 1"),), 1)))
    assert found.session.notes == ()


@pytest.mark.parametrize(
    "said",
    [
        Utterance(0, "keep the shard decision", "person", "line 1", "me", topic="/compact"),
        Utterance(0, "/compact keep the shard decision", "person", "line 1", "me"),
    ],
)
def test_what_a_slash_command_is_told_decides_nothing(said: Utterance) -> None:
    assert cues(Draft(Session("agent_session", "s", (said,), 1))).cues == ()


def test_a_path_in_front_makes_no_command() -> None:
    assert _names("/srv/app/cache.py let's remove the cache layer", "agent_session") == ["adopted"]


def test_a_label_decision_announces_one_whatever_stands_before_it() -> None:
    """`decision:` was followed by a word boundary that a colon never has."""
    assert _names("OK, decision: we use SQS for the export queue.") == ["decided"]
