-- What the files of a repository define. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO symbols BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "repository": "VARCHAR", "symbol": "VARCHAR", "path": "VARCHAR", "line": "BIGINT"
    }]')) AS given
)
