-- How many documents hold each of these terms: the ones that the index knows.
-- $terms VARCHAR[]: terms as search.terms makes them.
-- Order: by term.
SELECT term, term_no, document_count
FROM terms
WHERE term IN CAST($terms AS VARCHAR[]) AND document_count > 0
ORDER BY term;
