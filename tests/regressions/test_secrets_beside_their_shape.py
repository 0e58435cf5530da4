"""Secrets that no token format matched where they stood; each was found by planting secrets in generated files."""

from __future__ import annotations

import json

import pytest
from detect_secrets.filters.heuristic import is_indirect_reference

from ingest.errors import SourceMalformed
from ingest.extract.redact import mask
from ingest.extract.redact_detectors import _INDIRECT
from ingest.fingerprint import fingerprint
from ingest.pipeline import extract, read
from ingest.readers import aws_speech, decision_record, mattermost, transcript_json
from ingest.records import Reader, Session
from ingest.sources import Declared, stdin_source
from tests.growth import assert_linear

TOKEN = "ghp_" + "a1B2" * 9
LIVE = "sk_live_" + "Zc4X" * 8


def session(reader: Reader, document: object) -> Session:
    data = document if isinstance(document, str) else json.dumps(document)
    (only,) = read(stdin_source(data.encode(), Declared(stdin_name="0001-x.md")), reader).sessions
    return only


@pytest.mark.parametrize(
    "text", [f"the key is {TOKEN[:15]}", f"run {TOKEN[:30]}\n[… 2,100 characters left out]", f"{TOKEN[:39]} \n"]
)
def test_a_token_cut_off_by_a_limit_is_masked(text: str) -> None:
    assert TOKEN[:15] not in mask(text).text
    assert "[masked:cut-off-token]" in mask(text).text


@pytest.mark.parametrize("before", ["https://x.example/b?sv=1&sig=", "AccountKey=", ";SharedAccessKey="])
def test_a_named_key_cut_off_by_a_limit_is_masked(before: str) -> None:
    assert "QBRs9n0ysXPJhMtTjhmJ" not in mask(f"{before}QBRs9n0ysXPJhMtTjhmJ").text


@pytest.mark.parametrize("text", ["see npm_config_cache_dir", "the sk-learn-1", "ghp_", "pul-request", "eyJ"])
def test_words_that_only_begin_like_a_token_stay(text: str) -> None:
    assert mask(text).text == text


def test_a_named_value_in_json_within_json_is_masked() -> None:
    inner = json.dumps({"password": "W5Wv5Y0j4w1IMs", "n": 1})
    shown = mask(json.dumps({"body": inner})).text
    assert "W5Wv5Y0j4w1IMs" not in shown
    assert "[masked:named-secret]" in shown


def test_underscores_of_a_token_in_a_heading_are_no_emphasis() -> None:
    record = f"# Pay with {LIVE}\n\n## Status\n\nAccepted\n\n## Context\n\nx y.\n\n## Decision\n\nWe will pay so.\n"
    ingested = extract(session(decision_record.READER, record))
    assert "Zc4XZc4X" not in str(ingested)
    assert ingested.session.title == "Pay with [masked:stripe-access-key]"


def test_an_identifier_that_is_a_secret_stands_as_its_fingerprint() -> None:
    said = [{"id": f"u1 {TOKEN}", "text": "Yes."}, {"id": "u2", "text": "No."}]
    found = session(transcript_json.READER, {"id": f"m {TOKEN}", "utterances": said})
    assert found.native_id == fingerprint(f"m {TOKEN}")
    assert [one.native_id for one in found.utterances] == [fingerprint(f"u1 {TOKEN}"), "u2"]


def test_a_key_in_a_place_is_masked() -> None:
    post = {"id": "p", "message": "hello", "create_at": 1774512000000, "channel_id": "c", "user_id": "u"}
    ingested = extract(session(mattermost.READER, {"order": ["p"], "posts": {f"key {TOKEN}": post}}))
    assert ingested.session.utterances[0].locator == "/posts/key [masked:github-token]"


@pytest.mark.parametrize("state", [f"FAILED {TOKEN}", f"FAILED because of a very long line {TOKEN}"])
def test_an_error_quotes_no_secret(state: str) -> None:
    source = stdin_source(json.dumps({"jobName": "j", "status": state, "results": {}}).encode(), Declared())
    with pytest.raises(SourceMalformed) as raised:
        read(source, aws_speech.READER)
    assert "a1B2a1B2" not in str(raised.value)


def test_a_value_that_is_looked_up_is_told_from_a_secret_as_detect_secrets_does() -> None:
    lines = [
        "secret = get_key('x')",
        "a secret: x",
        "[[[ password != env[name]",
        "secret := 'x'",
        "= f (x)",
        "key: a.b(c",
    ]
    for line in lines:
        assert bool(_INDIRECT.search(line)) is is_indirect_reference(line)


def test_a_line_of_brackets_beside_a_named_secret_takes_linear_time() -> None:
    assert_linear(lambda brackets: mask('"secret" ' + "[" * brackets), 2_000)


@pytest.mark.parametrize("unit", ['"secretxxxxxxxxxxxxxx', "secret", "?token=", "`secret = ", '"a"  ', "password: "])
def test_a_line_of_what_secrets_stand_beside_takes_linear_time(unit: str) -> None:
    assert_linear(lambda chars: mask((unit * chars)[:chars]), 2_475)
