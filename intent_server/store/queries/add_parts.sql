-- Parts as they are held from now on. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO parts BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "part_id": "VARCHAR", "decision_id": "VARCHAR", "position": "BIGINT", "kind": "VARCHAR",
        "about_part_id": "VARCHAR", "text": "VARCHAR", "recorded_from": "TIMESTAMP",
        "recorded_to": "TIMESTAMP"
    }]')) AS given
)
