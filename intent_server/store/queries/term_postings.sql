-- The documents that hold a term. $term_no BIGINT: one term a statement, so that all row groups but its own are skipped.
-- Order: as they are stored.
SELECT document_no, term_frequency, term_count FROM postings WHERE term_no = CAST($term_no AS BIGINT)
