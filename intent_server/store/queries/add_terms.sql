-- Counts documents that hold a term; new terms get the next numbers.
-- $rows VARCHAR: a JSON list of {term, document_count}.
MERGE INTO terms
USING (
    SELECT
        given.term,
        given.document_count,
        (SELECT coalesce(max(term_no), 0) FROM terms) + row_number() OVER (ORDER BY given.term) AS term_no
    FROM (
        SELECT unnest(from_json($rows, '[{"term": "VARCHAR", "document_count": "BIGINT"}]')) AS given
    )
) AS fresh
ON terms.term = fresh.term
WHEN MATCHED THEN UPDATE SET document_count = terms.document_count + fresh.document_count
WHEN NOT MATCHED THEN INSERT (term, term_no, document_count) VALUES (fresh.term, fresh.term_no, fresh.document_count)
