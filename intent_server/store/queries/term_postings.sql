-- The documents that hold some terms. $term_nos BIGINT[]. All row groups but those of these terms are skipped; one
-- statement for all of a question's terms takes a quarter of the time of one for each.
-- Order: as they are stored.
SELECT term_no, document_no, term_frequency, term_count
FROM postings
WHERE term_no IN CAST($term_nos AS BIGINT[])
