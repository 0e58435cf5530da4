-- Takes documents out of the terms' counts, before their postings go. $numbers VARCHAR: a JSON list of document_no.
UPDATE terms
SET document_count = terms.document_count - gone.document_count
FROM (
    SELECT term_no, count(*) AS document_count
    FROM postings
    WHERE document_no IN (SELECT unnest(from_json($numbers, '["BIGINT"]')))
    GROUP BY term_no
) AS gone
WHERE terms.term_no = gone.term_no
