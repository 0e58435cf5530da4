-- The terms that hold pairs of names, of documents held now. $sign VARCHAR: what they begin with.
-- By term.
SELECT term
FROM terms
WHERE starts_with(term, CAST($sign AS VARCHAR)) AND document_count > 0
ORDER BY term
