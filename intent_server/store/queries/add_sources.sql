-- Sources met for the first time. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO sources BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "source_id": "VARCHAR", "uri": "VARCHAR", "reader": "VARCHAR", "recorded_from": "TIMESTAMP"
    }]')) AS given
)
