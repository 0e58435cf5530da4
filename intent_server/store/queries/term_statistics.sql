-- How many documents hold each of these terms: the ones that the index has met; 0 for one that no document holds now,
-- for a condition on the count takes DuckDB twice the time of finding the terms.
-- $terms VARCHAR[]: terms as search.terms makes them.
-- Order: none.
SELECT term, term_no, document_count
FROM terms
WHERE term IN CAST($terms AS VARCHAR[]);
