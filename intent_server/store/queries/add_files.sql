-- The files of a repository. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO files BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "repository": "VARCHAR", "path": "VARCHAR", "file_name": "VARCHAR"
    }]')) AS given
)
