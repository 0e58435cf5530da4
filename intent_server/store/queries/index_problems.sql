-- Where the search index does not fit the canonical rows. No parameters. By problem.
SELECT 'documents of sessions that are not open' AS problem, count(*) AS found
FROM documents
WHERE session_id NOT IN (SELECT session_id FROM sessions WHERE recorded_to IS NULL)
UNION ALL
SELECT 'documents of decisions that are not open', count(*)
FROM documents
WHERE decision_id IS NOT NULL AND decision_id NOT IN (SELECT decision_id FROM decisions WHERE recorded_to IS NULL)
UNION ALL
SELECT 'decisions that are not indexed', count(*)
FROM decisions
WHERE recorded_to IS NULL
    AND decision_id NOT IN (SELECT decision_id FROM documents WHERE decision_id IS NOT NULL)
UNION ALL
SELECT 'documents without a vector', count(*)
FROM documents
WHERE document_no NOT IN (SELECT document_no FROM vectors)
UNION ALL
SELECT 'vectors without a document', count(*)
FROM vectors
WHERE document_no NOT IN (SELECT document_no FROM documents)
UNION ALL
SELECT 'postings without a document', count(*)
FROM postings
WHERE document_no NOT IN (SELECT document_no FROM documents)
UNION ALL
SELECT 'terms whose count is wrong', count(*)
FROM (
    SELECT terms.term_no
    FROM terms
    LEFT JOIN postings ON postings.term_no = terms.term_no
    GROUP BY terms.term_no, terms.document_count
    HAVING terms.document_count <> count(postings.document_no)
)
ORDER BY problem
