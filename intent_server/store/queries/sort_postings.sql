-- The postings of some terms in order, so that a term's lie together and the others are skipped.
-- $first, $last BIGINT: the lowest and the highest number of those terms.
INSERT INTO sorted_postings
SELECT * FROM postings WHERE term_no BETWEEN CAST($first AS BIGINT) AND CAST($last AS BIGINT) ORDER BY term_no, document_no
