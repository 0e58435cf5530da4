-- The numbers of terms. $terms VARCHAR: a JSON list. By term.
SELECT term, term_no
FROM terms
WHERE term IN (SELECT unnest(from_json($terms, '["VARCHAR"]')))
ORDER BY term
