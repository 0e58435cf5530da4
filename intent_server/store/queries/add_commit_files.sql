-- The files that commits changed. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO commit_files BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "repository": "VARCHAR", "sha": "VARCHAR", "path": "VARCHAR", "old_path": "VARCHAR",
        "change": "VARCHAR", "added_lines": "BIGINT", "removed_lines": "BIGINT"
    }]')) AS given
)
