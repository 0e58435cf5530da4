-- Refused items. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO quarantine BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "item_id": "VARCHAR", "batch_id": "VARCHAR", "source_id": "VARCHAR", "session_id": "VARCHAR",
        "stage": "VARCHAR", "reason": "VARCHAR", "place": "VARCHAR", "text": "VARCHAR",
        "unit_count": "BIGINT", "fingerprint": "VARCHAR", "recorded_from": "TIMESTAMP",
        "recorded_to": "TIMESTAMP"
    }]')) AS given
)
