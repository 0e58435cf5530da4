-- The documents that hold some terms. $term_nos BIGINT[]. All row groups but those of these terms are skipped, and of
-- the others only the rows of these terms are read on: by a list behind IN, DuckDB reads all rows and tests them then,
-- for twice to three times as long. One statement for all of a question's terms takes a quarter of the time of one each.
-- Order: none.
SELECT postings.term_no, postings.document_no, postings.term_frequency, postings.term_count
FROM postings
SEMI JOIN (SELECT unnest(CAST($term_nos AS BIGINT[])) AS term_no) AS wanted ON wanted.term_no = postings.term_no
