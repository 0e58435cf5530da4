-- Documents of the search index. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO documents BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "document_no": "BIGINT", "kind": "VARCHAR", "session_id": "VARCHAR", "decision_id": "VARCHAR",
        "first_utterance": "BIGINT", "last_utterance": "BIGINT", "term_count": "BIGINT",
        "terms_version": "INTEGER"
    }]')) AS given
)
