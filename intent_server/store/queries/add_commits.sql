-- Commits of a repository. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO commits BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "repository": "VARCHAR", "sha": "VARCHAR", "author": "VARCHAR", "authored_at": "TIMESTAMP",
        "committed_at": "TIMESTAMP", "subject": "VARCHAR", "body": "VARCHAR", "pull_request": "BIGINT",
        "parents": "JSON", "trailers": "JSON", "recorded_from": "TIMESTAMP"
    }]')) AS given
)
