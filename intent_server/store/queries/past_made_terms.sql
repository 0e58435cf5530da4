-- The terms that only the documents made for a past have. No parameters. By term_no.
SELECT term, term_no
FROM made.terms
WHERE term_no > (SELECT coalesce(max(term_no), 0) FROM store.main.terms)
ORDER BY term_no
