-- Acts of people and agents upon decisions. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO reviews BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "review_id": "VARCHAR", "decision_id": "VARCHAR", "action": "VARCHAR", "actor": "VARCHAR",
        "client": "VARCHAR", "reason": "VARCHAR", "other_decision_id": "VARCHAR", "mark": "VARCHAR",
        "changes": "JSON", "recorded_from": "TIMESTAMP", "recorded_to": "TIMESTAMP"
    }]')) AS given
)
