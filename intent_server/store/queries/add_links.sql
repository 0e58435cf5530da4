-- Links as they are held from now on. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO links BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "link_id": "VARCHAR", "decision_id": "VARCHAR", "relation": "VARCHAR", "target_kind": "VARCHAR",
        "target": "VARCHAR", "method": "VARCHAR", "recorded_from": "TIMESTAMP", "recorded_to": "TIMESTAMP"
    }]')) AS given
)
