-- Evidence of new decisions. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO evidence BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "evidence_id": "VARCHAR", "part_id": "VARCHAR", "decision_id": "VARCHAR", "session_id": "VARCHAR",
        "utterance_index": "BIGINT", "start_char": "BIGINT", "end_char": "BIGINT", "quote": "VARCHAR"
    }]')) AS given
)
