-- Utterances of a session. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO utterances BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "session_id": "VARCHAR", "utterance_index": "BIGINT", "speaker": "VARCHAR", "role": "VARCHAR",
        "said_at": "TIMESTAMP", "start_ms": "BIGINT", "end_ms": "BIGINT", "text": "VARCHAR",
        "locator": "VARCHAR", "native_id": "VARCHAR", "parent_native_id": "VARCHAR", "topic": "VARCHAR", "doubt": "VARCHAR"
    }]')) AS given
)
