-- People of new decisions. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO people BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "decision_id": "VARCHAR", "person": "VARCHAR", "role": "VARCHAR", "recorded_from": "TIMESTAMP",
        "recorded_to": "TIMESTAMP"
    }]')) AS given
)
