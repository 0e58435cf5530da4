-- Names in decisions that fit several things. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO unresolved BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "decision_id": "VARCHAR", "words": "VARCHAR", "fits": "BIGINT", "examples": "JSON"
    }]')) AS given
)
