-- How rare each of these terms is: the ones that the index holds, with the size of the corpus on every row.
-- $terms VARCHAR[]: terms as search.terms makes them.
-- Order: rarest first, then by term.
WITH corpus AS (
    SELECT count(*) AS documents, coalesce(avg(term_count), 0) AS average_terms FROM documents
)
SELECT terms.term, terms.term_no, terms.document_count, corpus.documents, corpus.average_terms
FROM terms CROSS JOIN corpus
WHERE terms.term IN (SELECT unnest(CAST($terms AS VARCHAR[])))
ORDER BY terms.document_count, terms.term;
