"""Pull requests: every dump shape, threads kept together, what is set aside, and what the threads state."""

from __future__ import annotations

import contextlib
import json
import string
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers.pull_request import READER, accepts, count, gathers, read
from ingest.records import Candidate, Rejected, Session, Source, Utterance
from ingest.sources import Declared, file_source, gathered, stdin_source
from tests.growth import assert_linear, assert_linear_row

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "data" / "samples" / "pull_request"
SHARED = ROOT.parent / "shared" / "samples"
WEB = "https://github.com/lumen/shop/pull/7"

Json = Mapping[str, object]


def source(value: object, name: str = "dump.json") -> Source:
    text = value if isinstance(value, str) else json.dumps(value)
    return stdin_source(text.encode(), Declared(stdin_name=name))


def everything(given: Source) -> tuple[list[Session], list[Rejected]]:
    """Reads a source and holds it to the laws of readers."""
    items = list(read(given))
    sessions = [item for item in items if isinstance(item, Session)]
    refused = [item for item in items if isinstance(item, Rejected)]
    known = sum(s.kept + sum(units for _, units in s.set_aside) for s in sessions)
    assert known + sum(item.units for item in refused) == count(given)
    for session in sessions:
        assert [utterance.index for utterance in session.utterances] == list(range(len(session.utterances)))
        assert all(utterance.text.strip() for utterance in session.utterances)
        for candidate in session.stated:
            assert [part.kind for part in candidate.parts].count("choice") == 1
            for part in candidate.parts:
                assert part.about is None or candidate.parts[part.about].kind == "alternative"
                for span in part.spans:
                    said = session.utterances[span.utterance_index].text
                    assert said[span.start_char : span.end_char] == span.quote
    return sessions, refused


def session(value: object) -> Session:
    sessions, refused = everything(source(value))
    assert refused == []
    assert len(sessions) == 1
    return sessions[0]


def pull(**more: object) -> dict[str, object]:
    return {"number": 7, "title": "Use DuckDB", "url": WEB, "state": "MERGED", "author": {"login": "mara"}, **more}


def comment(number: int, login: str, body: str, **more: object) -> dict[str, object]:
    return {
        "databaseId": number,
        "author": {"login": login},
        "body": body,
        "createdAt": f"2026-02-03T10:{number:02d}:00Z",
        "diffHunk": "@@ -1 +1 @@\n+limit = 10",
        **more,
    }


def thread(*comments: Json, resolved: bool | None = True, outdated: bool = True, **more: object) -> dict[str, object]:
    return {
        "id": "T1",
        "isResolved": resolved,
        "isOutdated": outdated,
        "resolvedBy": {"login": "mara"} if resolved else None,
        "path": "a.py",
        "originalLine": 4,
        "comments": {"nodes": list(comments)},
        **more,
    }


def threads(*found: Json, **more: object) -> dict[str, object]:
    return pull(reviewThreads={"nodes": list(found)}, **more)


def quotes(candidate: Candidate, kind: str) -> list[str]:
    return [part.spans[0].quote for part in candidate.parts if part.kind == kind]


def said(told: Session) -> list[Utterance]:
    return [utterance for utterance in told.utterances if utterance.topic != "title"]


def test_a_gh_pr_view_gives_one_session_named_by_its_address() -> None:
    told = session(
        pull(body="The body.", headRefName="duck", createdAt="2026-02-01T08:00:00Z", mergedAt="2026-02-02T08:00:00Z")
    )
    assert (told.native_id, told.identity, told.project) == ("github.com/lumen/shop#7", "native", "lumen/shop")
    assert (told.title, told.branch, told.time_basis) == ("Use DuckDB", "duck", "source")
    assert [(u.topic, u.speaker, u.role, u.text) for u in told.utterances] == [
        ("title", "mara", "person", "Use DuckDB"),
        ("description", "mara", "person", "The body."),
    ]
    assert "no review threads in this dump" in told.notes


def test_concatenated_and_slurped_pages_are_read_alike() -> None:
    one = {"id": 1, "user": {"login": "a"}, "body": "x", "html_url": f"{WEB}#issuecomment-1"}
    two = {"id": 2, "user": {"login": "b"}, "body": "y", "html_url": f"{WEB}#issuecomment-2"}
    pages = session(json.dumps([one]) + "\n" + json.dumps([two]))
    slurped = session([[one], [two]])
    assert [u.text for u in pages.utterances] == [u.text for u in slurped.utterances] == ["x", "y"]
    assert [u.locator for u in pages.utterances] == ["#0/0", "#1/0"]
    assert [u.locator for u in slurped.utterances] == ["/0/0", "/1/0"]


def test_rest_replies_stand_under_their_thread_and_anchor_on_the_original_line() -> None:
    def rest(number: int, body: str, at: str, reply: int | None = None) -> dict[str, object]:
        return {
            "id": number,
            "path": "a.py",
            "line": None,
            "original_line": 12,
            "original_start_line": 10,
            "diff_hunk": "@@ -9 +9 @@\r\n+x",
            "user": {"login": f"u{number}"},
            "body": body,
            "created_at": at,
            "html_url": f"{WEB}#discussion_r{number}",
            **({"in_reply_to_id": reply} if reply else {}),
        }

    told = session(
        [
            rest(1, "root", "2026-01-01T00:00:00Z"),
            rest(2, "other thread", "2026-01-01T00:01:00Z"),
            rest(3, "late reply", "2026-01-03T00:00:00Z", 1),
        ]
    )
    assert [(u.role, u.text) for u in told.utterances] == [
        ("harness", "@@ -9 +9 @@\n+x"),
        ("person", "root"),
        ("person", "late reply"),
        ("harness", "@@ -9 +9 @@\n+x"),
        ("person", "other thread"),
    ]
    assert {u.topic for u in told.utterances} == {"a.py:10-12"}
    assert told.utterances[2].parent_id == told.utterances[1].native_id == "discussion_r1"
    assert told.utterances[0].locator == told.utterances[1].locator
    assert "resolution unknown" in told.notes


def test_graphql_threads_know_their_resolution() -> None:
    told = session({"data": {"repository": {"pullRequest": threads(thread(comment(1, "priya", "Nice.")))}}})
    assert told.notes == ()
    assert told.native_id == "github.com/lumen/shop#7"


def test_incomplete_pages_are_noted() -> None:
    value = pull(comments={"nodes": [comment(1, "a", "x")], "totalCount": 9})
    assert "comments incomplete: 1 of 9" in session(value).notes


def test_each_rule_sets_aside_what_it_names() -> None:
    told = session(
        pull(
            comments=[comment(1, "a", ""), comment(2, "b", "spam", isMinimized=True), comment(3, "c", "kept")],
            reviews=[{"id": "R", "state": "PENDING", "body": "not yet", "author": {"login": "d"}}],
            files=[{"path": "a.py", "additions": 1, "deletions": 0}],
            timelineItems={"nodes": [{"__typename": "LabeledEvent"}]},
        )
    )
    assert dict(told.set_aside) == {"empty_body": 1, "minimised": 1, "unsubmitted": 1, "file": 1, "event": 1}
    assert told.kept == 2
    assert [u.text for u in said(told)] == ["kept"]


def test_a_record_in_two_dumps_is_kept_once() -> None:
    rest = {"id": 5, "node_id": "IC_5", "user": {"login": "a"}, "body": "x", "html_url": f"{WEB}#issuecomment-5"}
    told = session(
        [
            rest,
            {**rest, "event": "commented"},
            {"id": "IC_5", "author": {"login": "a"}, "body": "x", "url": f"{WEB}#issuecomment-5"},
        ]
    )
    assert dict(told.set_aside) == {"duplicate": 2}
    assert told.kept == 1


def test_bots_speak_as_assistants_and_commits_are_documents() -> None:
    told = session(
        pull(
            comments=[
                {"id": "1", "author": {"login": "ci[bot]"}, "body": "green"},
                {"id": "2", "author": {"login": "app/deps"}, "body": "bump"},
                {"id": "3", "author": {"login": "x", "is_bot": True}, "body": "beep"},
                {"id": "4", "author": None, "body": "gone"},
            ],
            commits=[{"oid": "abc", "messageHeadline": "Head", "messageBody": "Body", "authors": [{"login": "mara"}]}],
        )
    )
    assert [(u.speaker, u.role) for u in said(told)] == [
        ("ci[bot]", "assistant"),
        ("app/deps", "assistant"),
        ("x", "assistant"),
        ("ghost", "person"),
        ("mara", "document"),
    ]
    assert said(told)[-1].text == "Head\n\nBody"


def test_a_list_of_pull_requests_gives_a_session_each() -> None:
    sessions, _ = everything(source([pull(comments=[comment(1, "a", "x")]), pull(number=8, url=WEB[:-1] + "8")]))
    assert [s.native_id for s in sessions] == ["github.com/lumen/shop#7", "github.com/lumen/shop#8"]
    assert [len(s.utterances) for s in sessions] == [2, 1]


def test_a_cut_dump_keeps_its_whole_records_and_quarantines_the_rest() -> None:
    whole = json.dumps([{"id": n, "user": {"login": "a"}, "body": "x", "issue_url": "u"} for n in (1, 2, 3)])
    sessions, refused = everything(source(whole[:-25]))
    assert [u.native_id for u in sessions[0].utterances] == ["issuecomment-1", "issuecomment-2"]
    assert [item.where for item in refused] == ["/2"]


@pytest.mark.parametrize(
    "value",
    [
        "[[[1]]]",
        "[1, null, [2]]",
        "[" * 5000,
        '{"a":' * 5000,
        '[{"number": 1e999}]',
        "[] x",
        '{"n": 1' + "0" * 5000 + "}",
    ],
)
def test_odd_json_is_counted_and_never_a_traceback(value: str) -> None:
    everything(source(value))


def test_lone_surrogates_and_line_separators_do_not_break_a_dump() -> None:
    told = session('{"number": 7, "title": "a\\ud83d", "reviewDecision": "", "body": "one\u2028two"}')
    assert [u.text for u in told.utterances] == ["a\ufffd", "one\ntwo"]


SUGGESTION = "Please cap it at three, because five never helped.\n\n```suggestion\n    limit = 3\n```"


def test_a_suggestion_that_stands_in_the_final_diff_is_a_decision() -> None:
    value = threads(
        thread(comment(1, "priya", SUGGESTION), resolved=None),
        files=[{"filename": "a.py", "status": "modified", "patch": "@@ -1 +1 @@\n-limit = 10\n+    limit = 3\n"}],
    )
    (found,) = session(value).stated
    assert [span.quote for span in found.parts[0].spans] == ["Please cap it at three", "limit = 3"]
    assert quotes(found, "rationale") == ["five never helped."]
    assert (found.status, found.authority, found.subject) == ("accepted", "structured", "Please cap it at three")
    assert [(r.relation, r.target_kind, r.target, r.method) for r in found.references] == [
        ("governs", "lines", "a.py:4", "same_change"),
        ("explains", "pull_request", "github.com/lumen/shop#7", "explicit"),
    ]


def test_a_suggestion_whose_lines_were_there_already_proves_nothing() -> None:
    hunk = "@@ -1 +1 @@\n+    limit = 3"
    patch = "@@ -1 +1 @@\n+    limit = 3\n"
    value = threads(
        thread(comment(1, "priya", SUGGESTION, diffHunk=hunk), resolved=None),
        files=[{"filename": "a.py", "status": "modified", "patch": patch}],
    )
    assert session(value).stated == ()


def commit(message: str, at: str = "2026-02-03T12:00:00Z") -> dict[str, object]:
    return {"oid": "c0ffee", "messageHeadline": message, "committedDate": at, "authors": [{"login": "tomas"}]}


CREDITED = "Apply suggestions from code review\n\nCo-authored-by: P <7+priya@users.noreply.github.example>"


@pytest.mark.parametrize(
    ("message", "at", "outdated", "is_applied"),
    [
        (CREDITED, "2026-02-03T12:00:00Z", True, True),
        ("Apply suggestions from code review", "2026-02-03T12:00:00Z", True, False),
        ("Apply suggestion from @priya", "2026-02-03T12:00:00Z", True, True),
        ("Apply suggestion from @jonas", "2026-02-03T12:00:00Z", True, False),
        (
            "Apply suggestions from code review\n\nCo-authored-by: Jonas <j@x.example>",
            "2026-02-03T12:00:00Z",
            True,
            False,
        ),
        (CREDITED, "2026-02-03T12:00:00Z", False, False),
        (CREDITED, "2026-02-03T09:00:00Z", True, False),
        (CREDITED.replace("priya", "priya-2"), "2026-02-03T12:00:00Z", True, False),
        ("Cap the limit", "2026-02-03T12:00:00Z", True, False),
    ],
)
def test_an_apply_commit_counts_only_later_on_changed_lines_and_for_its_author(
    message: str, at: str, outdated: bool, is_applied: bool
) -> None:
    asked = thread(comment(1, "priya", SUGGESTION), resolved=None, outdated=outdated)
    found = session(threads(asked, commits=[commit(message, at)])).stated
    assert bool(found) is is_applied
    if found:
        assert [(person.name, person.role) for person in found[0].people] == [
            ("priya", "proposed"),
            ("tomas", "agreed"),
        ]
        assert ("implements", "commit", "c0ffee") in [
            (r.relation, r.target_kind, r.target) for r in found[0].references
        ]


def test_a_suggestion_without_words_has_its_code_as_choice() -> None:
    body = "```suggestion\nlimit = 3\nwait = 1\n```"
    (found,) = session(
        threads(thread(comment(1, "priya", body)), commits=[commit("Apply suggestion from @priya")])
    ).stated
    assert quotes(found, "choice") == ["limit = 3\nwait = 1"]


REQUEST = "Please rename this to `attempts`, because it counts them."


def test_a_resolved_thread_on_changed_lines_is_a_decision_when_somebody_took_it_on() -> None:
    (found,) = session(threads(thread(comment(1, "priya", REQUEST), comment(2, "mara", "Done.")))).stated
    assert quotes(found, "choice") == ["Please rename this to `attempts`"]
    assert quotes(found, "rationale") == ["it counts them."]
    assert [(person.name, person.role) for person in found.people] == [("priya", "proposed"), ("mara", "agreed")]


@pytest.mark.parametrize(
    "talk",
    [
        thread(comment(1, "priya", REQUEST), comment(2, "mara", "Done."), resolved=False),
        thread(comment(1, "priya", REQUEST), comment(2, "mara", "Done."), outdated=False),
        thread(comment(1, "priya", "Nice work here."), comment(2, "mara", "Thanks!")),
        thread(comment(1, "priya", "Why is this not an enum?"), comment(2, "mara", "Fixed.")),
        thread(comment(1, "priya", REQUEST), comment(2, "mara", "What do you mean?")),
        thread(comment(1, "priya", REQUEST), comment(2, "mara", "Let's keep this as is.")),
    ],
)
def test_anything_less_states_nothing(talk: Json) -> None:
    assert session(threads(talk)).stated == ()


def test_a_request_that_was_answered_with_a_no_is_declined_with_the_reason() -> None:
    answer = "I would rather keep it as is, because the API calls it that."
    talk = thread(comment(1, "priya", REQUEST), comment(2, "mara", answer), outdated=False)
    (found,) = session(threads(talk)).stated
    assert found.status == "declined"
    assert quotes(found, "choice") == ["Please rename this to `attempts`"]
    assert quotes(found, "rationale") == ["the API calls it that."]
    assert [(person.name, person.role) for person in found.people] == [("priya", "proposed"), ("mara", "objected")]


def test_comments_on_removed_lines_govern_the_file_alone() -> None:
    talk = thread(comment(1, "priya", REQUEST), diffSide="LEFT")
    (found,) = session(threads(talk)).stated
    assert (found.references[0].target_kind, found.references[0].target) == ("file", "a.py")


RENAME = "Please rename this to foo."


@pytest.mark.parametrize(
    "answer",
    [
        "No thanks, foo is confusing",
        "I don't think this needs to be changed",
        "That won't be fixed in this PR",
        "That won’t be fixed in 1a2b3c4d.",
        "Not agreed.",
        "I did it another way, thanks",
        "I changed my mind about that.",
        "Removed.",
        "Done, but in another file.",
        "Done instead in b.py.",
        "Thanks",
        "Yes",
        "ok!",
        "Thanks, yes.",
        "👎 done",
        "> Done in 1a2b3c4d.",
        "```\ndone\n```",
        "Good point. I deleted the function instead.",
        "Fixed by deleting it.",
        "That was already done.",
        "It is done?",
    ],
)
def test_a_reply_that_does_not_plainly_take_the_request_on_states_nothing(answer: str) -> None:
    assert session(threads(thread(comment(1, "priya", RENAME), comment(2, "mara", answer)))).stated == ()


@pytest.mark.parametrize(
    "answer",
    [
        "Done.",
        "Renamed.",
        "Good catch, fixed!",
        "Thanks, done in 1a2b3c4d.",
        "I've renamed it.",
        "Agreed, will do.",
        "Makes sense",
    ],
)
def test_a_reply_that_takes_the_request_on_accepts_it(answer: str) -> None:
    (found,) = session(threads(thread(comment(1, "priya", RENAME), comment(2, "mara", answer)))).stated
    assert (found.status, found.subject) == ("accepted", "Please rename this to foo.")
    assert [(person.name, person.role) for person in found.people] == [("priya", "proposed"), ("mara", "agreed")]


def test_a_refusal_outweighs_a_taking_reply_of_the_same_thread() -> None:
    talk = thread(comment(1, "priya", RENAME), comment(2, "mara", "Done."), comment(3, "tomas", "No, that was not it."))
    assert session(threads(talk)).stated == ()


@pytest.mark.parametrize("login", ["stranger", "priya", "ghost", "ci[bot]"])
@pytest.mark.parametrize("resolver", ["priya", None])
def test_only_the_author_a_committer_or_the_resolver_takes_a_request_on(login: str, resolver: str | None) -> None:
    by = {"login": resolver} if resolver else None
    replies = [comment(1, "priya", RENAME), comment(2, login, "Done in 1a2b3c4d.")]
    assert session(threads(thread(*replies, resolvedBy=by))).stated == ()


def test_done_in_a_strangers_fork_is_nobodys_agreement() -> None:
    talk = thread(comment(1, "priya", RENAME), comment(2, "stranger", "done in my fork"))
    assert session(threads(talk)).stated == ()


def test_a_committer_takes_a_request_on_and_names_the_commit_without_a_resolution() -> None:
    talk = thread(comment(1, "priya", RENAME), comment(2, "tomas", "Fixed in 1a2b3c4d."), resolved=None)
    (found,) = session(threads(talk, commits=[commit("Rename")])).stated
    assert [(person.name, person.role) for person in found.people] == [("priya", "proposed"), ("tomas", "agreed")]
    assert session(threads(talk)).stated == ()


@pytest.mark.parametrize(
    ("root", "is_request"),
    [
        ("Please rename this to foo.", True),
        ("Could you move this to `b.py`?", True),
        ("Would you mind renaming this?", True),
        ("nit: drop the default here", True),
        ("Use `limit` here.", True),
        ("Let's cap this at three.", True),
        ("I don't understand this line.", False),
        ("This will move a lot of data.", False),
        ("Users don't use this.", False),
        ("Remove this and everything breaks.", False),
        ("Why not rename it?", False),
        ("Should we rename it?", False),
        ("Rename it?", False),
        ("Could you explain this?", False),
        ("Please note that this is slow.", False),
        ("Please keep this as is.", False),
        ("Please ignore.", False),
        ("> Please rename this to foo.\n\nI said so before.", False),
    ],
)
def test_only_a_request_in_the_imperative_is_accepted_in_silence(root: str, is_request: bool) -> None:
    assert bool(session(threads(thread(comment(1, "priya", root)))).stated) is is_request


@pytest.mark.parametrize("resolver", ["priya", "stranger"])
def test_silence_accepts_nothing_unless_the_author_or_a_committer_resolved(resolver: str) -> None:
    assert session(threads(thread(comment(1, "priya", RENAME), resolvedBy={"login": resolver}))).stated == ()


@pytest.mark.parametrize(
    "patch",
    [
        "@@ -1 +1 @@\n-limit = 10\n+    limit = 5\n",
        "@@ -1 +1 @@\n+    limit = 3\n@@ -40 +40 @@\n+    limit = 3\n",
        "@@ -1 +1 @@\n+above = 1\n+limit = 8\n@@ -40 +40 @@\n+far = 1\n+    limit = 3\n",
        "@@ -1 +1 @@\n     limit = 3\n",
    ],
)
def test_a_suggestion_that_the_final_diff_does_not_show_in_its_place_states_nothing(patch: str) -> None:
    asked = comment(1, "priya", SUGGESTION, diffHunk="@@ -1 +1 @@\n+above = 1\n+limit = 10")
    files = [{"filename": "a.py", "status": "modified", "patch": patch}]
    value = threads(thread(asked), files=files, commits=[commit("Apply suggestion from @priya")])
    assert session(value).stated == ()


def test_one_apply_commit_does_not_accept_two_suggestions_that_nobody_resolved() -> None:
    both = [
        thread(comment(1, "priya", SUGGESTION), resolved=None),
        {**thread(comment(2, "priya", SUGGESTION), resolved=None), "id": "T2"},
    ]
    assert session(threads(*both, commits=[commit("Apply suggestion from @priya")])).stated == ()


@pytest.mark.parametrize("answer", ["I would not keep it as is.", "Is this by design?", "Why would we leave it?"])
def test_a_refusal_that_is_none_declines_nothing(answer: str) -> None:
    talk = thread(comment(1, "priya", RENAME), comment(2, "mara", answer), outdated=False)
    assert session(threads(talk)).stated == ()


def test_a_strangers_refusal_declines_nothing() -> None:
    talk = thread(comment(1, "priya", RENAME), comment(2, "stranger", "I would rather keep it as is."), outdated=False)
    assert session(threads(talk)).stated == ()


def test_a_suggestion_of_code_alone_has_its_place_as_subject() -> None:
    body = "```suggestion\nlimit = 3\n```"
    value = threads(thread(comment(1, "priya", body)), commits=[commit("Apply suggestion from @priya")])
    assert session(value).stated[0].subject == "a.py:4"


@pytest.mark.parametrize(
    "said",
    [
        "TBD",
        "To be decided",
        "No decision yet; we are still discussing",
        "_What did you decide?_",
        "<!-- what -->\n\n[describe the decision]",
        "DuckDB or Postgres?",
        "We lean towards Postgres. To be decided on Monday.",
        "N/A",
    ],
)
def test_a_decision_that_is_not_taken_states_nothing_and_no_title_stands_in_for_it(said: str) -> None:
    assert session(pull(body=f"## Decision\n\n{said}\n\n## Why\n\nOne server less to patch.\n")).stated == ()
    assert session(pull(comments=[comment(1, "mara", f"Decision: {said}")])).stated == ()


def test_a_decision_below_the_prompt_of_a_template_is_found() -> None:
    (found,) = session(pull(body="## Decision\n\n_Describe the decision._\n\nWe keep one file.\n")).stated
    assert quotes(found, "choice") == ["We keep one file."]


@pytest.mark.parametrize(
    "said",
    ["_Describe alternatives_", "No alternatives were considered.", "None", "- N/A", "<!-- which? -->", "{option}"],
)
def test_alternatives_that_say_nothing_are_none(said: str) -> None:
    (found,) = session(pull(body=f"## Decision\n\nWe use Kafka.\n\n## Alternatives\n\n{said}\n")).stated
    assert [part.kind for part in found.parts] == ["choice"]
    assert session(pull(body=f"## Alternatives\n\n{said}\n")).stated == ()


@pytest.mark.parametrize(
    ("choice", "alternatives"),
    [
        ("We use Kafka.", ["RabbitMQ"]),
        ("Kafka", ["RabbitMQ"]),
        ("Use Kafka instead of RabbitMQ.", ["RabbitMQ"]),
        ("We chose Kafka over RabbitMQ.", ["RabbitMQ"]),
        ("We move from RabbitMQ to Kafka.", ["Kafka", "RabbitMQ"]),
        ("We don't use Kafka.", ["Kafka", "RabbitMQ"]),
    ],
)
def test_the_chosen_option_is_no_alternative_to_itself(choice: str, alternatives: Sequence[str]) -> None:
    body = f"## Decision\n\n{choice}\n\n## Alternatives\n\n- Kafka: fast\n- RabbitMQ: slow\n"
    (found,) = session(pull(body=body)).stated
    assert quotes(found, "alternative") == alternatives


def test_an_option_marked_as_chosen_is_no_alternative() -> None:
    body = "## Decision\n\nOne log for all.\n\n## Alternatives\n\n- Kafka (chosen)\n- RabbitMQ (not chosen)\n"
    (found,) = session(pull(body=body)).stated
    assert quotes(found, "alternative") == ["RabbitMQ (not chosen)"]


def test_credentials_in_addresses_reach_no_identity_and_no_reference() -> None:
    web = "https://mara:s3cret@token@git.lumen.example:8443/lumen/shop/pull/7"
    told = session(
        pull(
            url=web,
            body="Decision: one file.",
            mergeCommit={"oid": "https://mara:s3cret@git.lumen.example/c/1"},
            comments=[{"id": "https://mara:s3cret@git.lumen.example/x", "author": {"login": "a"}, "body": "x"}],
            reviewThreads={"nodes": [thread(comment(1, "priya", RENAME), path="https://mara:s3cret@git.example/a.py")]},
        )
    )
    assert told.native_id == "git.lumen.example:8443/lumen/shop#7"
    assert told.project == "lumen/shop"
    names = [u.native_id or "" for u in told.utterances]
    targets = [reference.target for candidate in told.stated for reference in candidate.references]
    assert len(told.stated) == 2
    assert not [name for name in (*names, *targets) if "s3cret" in name or "@" in name]


def test_a_number_too_long_for_a_pull_request_is_no_address() -> None:
    told = session(pull(url=f"https://github.com/lumen/shop/pull/{'9' * 5000}", body="x"))
    assert told.identity == "content"


HOSTILE = [
    *string.punctuation,
    *" \t0az",
    '\\"',
    '\\"{',
    '" ',
    "# Why\n",
    "Decision: -\n",
    "Why: x\n",
    "```suggestion\n",
    "thanks, ",
    "Co-authored-by:\n",
]


def read_whole(text: str) -> None:
    given = source(text)
    accepts(given)
    with contextlib.suppress(SourceError):
        list(read(given))
        count(given)


@pytest.mark.parametrize("start", ["", '{"a":"', '[{"body":"', '{"url":"https://x/'])
def test_no_text_is_looked_at_over_and_over(start: str) -> None:
    for piece in HOSTILE:
        assert_linear_row(lambda body: read_whole(start + body), piece)


def test_an_escaped_document_that_the_head_cuts_is_recognised_in_one_pass() -> None:
    row = {"path": "C:\\tmp", "said": 'a "quoted" word'}
    assert_linear(lambda rows: read_whole('{"a":' + json.dumps(json.dumps({"rows": [row] * rows})) + "}"), 750)
    assert_linear_row(lambda quotes: read_whole('{"a":"' + quotes + "\\"), '\\"', 40_000)


@pytest.mark.parametrize("piece", [piece for piece in HOSTILE if piece not in {'"', "\\", '\\"', '\\"{', '" '}])
def test_long_comments_are_read_in_linear_time(piece: str) -> None:
    def read_comments(body: str) -> None:
        asked = thread(comment(1, "priya", "Please rename this. " + body), comment(2, "mara", body))
        read_whole(json.dumps(threads(asked, body=body, commits=[commit(body)])))

    assert_linear_row(read_comments, piece)


def test_decision_sections_of_a_description_become_parts() -> None:
    body = (
        "## Decision\n\nWe keep the mart in DuckDB because it is one file.\n\n## Alternatives considered\n\n"
        "- Postgres: a server to patch\n- Files\n\n## Consequences\n\n- One writer\n\n"
        "## Testing\n\nBy hand, because time.\n"
    )
    (found,) = session(pull(body=body, mergedAt="2026-02-02T08:00:00Z", mergeCommit={"oid": "abc"})).stated
    assert quotes(found, "choice") == ["We keep the mart in DuckDB"]
    assert quotes(found, "rationale") == ["it is one file.", "a server to patch"]
    assert quotes(found, "alternative") == ["Postgres", "Files"]
    assert quotes(found, "consequence") == ["One writer"]
    assert found.subject == "Use DuckDB"
    assert found.decided_at is not None
    assert ("explains", "commit", "abc") in [(r.relation, r.target_kind, r.target) for r in found.references]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"state": "MERGED"}, "accepted"),
        ({"state": "closed", "merged_at": "2026-02-02T08:00:00Z"}, "accepted"),
        ({"state": "CLOSED"}, "declined"),
        ({"state": "OPEN"}, "proposed"),
        ({"state": None}, "proposed"),
    ],
)
def test_a_descriptions_decision_has_the_pull_requests_fate(more: Mapping[str, object], status: str) -> None:
    (found,) = session(pull(body="Decision: one file.", **more)).stated
    assert found.status == status


def test_a_why_without_a_decision_explains_the_title() -> None:
    (found,) = session(pull(body="## Why\n\nOne server less to patch.\n")).stated
    assert quotes(found, "choice") == ["Use DuckDB"]
    assert quotes(found, "rationale") == ["One server less to patch."]


def test_an_empty_section_of_a_template_states_nothing() -> None:
    assert session(pull(body="## Why\n\n<!-- explain -->\n\n## Decision\n\n<!-- what -->\n")).stated == ()


def test_a_comment_headed_decision_is_accepted_and_one_with_a_reason_only_is_nothing() -> None:
    told = session(
        pull(
            state="OPEN",
            comments=[comment(1, "mara", "**Decision:** we wait for March."), comment(2, "jonas", "Why: because.")],
        )
    )
    (found,) = told.stated
    assert (found.status, found.subject) == ("accepted", "we wait for March.")
    assert [(person.name, person.role) for person in found.people] == [("mara", "decided")]


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        (json.dumps(pull(body="x")), True),
        (json.dumps([pull(body="x" * 70000, mergedAt=None)]), True),
        ('[{"id": 1, "diff_hunk": "@@", "pull_request_review_id": 2', True),
        ('{"data": {"repository": {"pullRequest": {"comments": {"nodes": []}}}}}', True),
        ('{"action": "opened", "pull_request": {"number": 1, "merged_at": null}, "sender": {}}', False),
        ('{"iid": 4, "merge_commit_sha": "x", "title": "a GitLab merge request"}', False),
        ('{"type": "user", "sessionId": "s", "toolUseResult": {"diff_hunk": "x"}}', False),
        ('{"segments": [{"start": 0, "text": "hello"}]}', False),
        ('[{"ts": "1434139102.000002", "text": "see https://github.com/a/b/pull/1"}]', False),
        ("Mara: diff_hunk", False),
        ("[]", False),
    ],
)
def test_only_githubs_pull_requests_are_accepted(text: str, accepted: bool) -> None:
    assert (accepts(source(text)) > 0) is accepted


@pytest.mark.parametrize(
    ("names", "together"),
    [
        (["pr.json", "threads.json", "notes.md"], ["pr.json", "threads.json"]),
        (["pr.json", "other.json"], []),
        (["comments.json", "files.json"], []),
    ],
)
def test_a_folder_of_dumps_is_one_source_when_it_is_plainly_one(names: Sequence[str], together: Sequence[str]) -> None:
    assert gathers(frozenset(names)) == frozenset(together)


def sample_folder(folder: Path) -> Source:
    paths = sorted(folder.iterdir())
    (found,) = gathered(folder, paths, [gathers(frozenset(path.name for path in paths))], Declared())
    assert isinstance(found, Source)
    return found


def test_a_folder_of_dumps_is_one_session_with_what_only_each_of_them_knows() -> None:
    given = sample_folder(SAMPLES / "lumen-orders-42")
    assert accepts(given) >= 72
    (told,), refused = everything(given)
    assert refused == []
    assert told.native_id == "github.com/lumen-goods/orders-pipeline#42"
    assert told.notes == ()
    assert [candidate.status for candidate in told.stated] == [
        "accepted",
        "accepted",
        "accepted",
        "accepted",
        "declined",
    ]
    applied = told.stated[2]
    assert applied.parts[0].spans[1].quote == "where coalesce(is_test, false) = false"


def test_a_dump_of_a_folder_that_cannot_be_read_is_quarantined_and_the_others_stand(tmp_path: Path) -> None:
    (tmp_path / "pr.json").write_text(json.dumps(pull(body="words")), encoding="utf-8")
    (tmp_path / "reviews.json").write_bytes(b'[{"body": "\xff"}]')
    (tmp_path / "timeline.json").write_text(" \n", encoding="utf-8")
    (told,), (refused,) = everything(sample_folder(tmp_path))
    assert [u.text for u in told.utterances] == ["Use DuckDB", "words"]
    assert refused.where == "reviews.json#"


def test_the_gh_sample_states_its_decision_with_alternatives_and_reasons() -> None:
    (told,), _ = everything(file_source(SAMPLES / "gh-pr-view-57.json", Declared()))
    (found,) = told.stated
    assert quotes(found, "choice") == ["three attempts with jitter, then the payment goes to the retry queue."]
    assert quotes(found, "alternative") == ["Circuit breaker", "One attempt only"]


def test_dumps_met_in_the_wild_parse() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not here: the collected samples are not part of the repository")
    paths = sorted([*SHARED.glob("pr-github-rest/*.json"), *SHARED.glob("pr-github-graphql/*.json")])
    for path in paths:
        given = file_source(path, Declared())
        assert READER.accepts(given) >= 72
        _, refused = everything(given)
        assert refused == []
    assert len(paths) >= 11


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 99),
    st.floats(allow_nan=False),
    st.sampled_from(["", "x", "MERGED", WEB, SUGGESTION, "\ud83d", "committed", "line-commented"]),
)
NAMES = st.sampled_from(
    "data repository pullRequest node nodes edges comments reviews reviewThreads commits files timelineItems isResolved"
    " isOutdated event state body number title url html_url user author login method path status sha commit id"
    " databaseId diff_hunk createdAt patch filename".split()
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=25
)


@settings(max_examples=300)
@given(VALUES, st.integers(0, 400))
def test_any_json_however_cut_is_counted_and_never_a_traceback(value: object, cut: int) -> None:
    text = json.dumps(value)
    for given_text in (text, text[:cut] or "x"):
        try:
            everything(source(given_text))
        except SourceError:
            continue
