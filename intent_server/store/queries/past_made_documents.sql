-- The documents made for a past, as rows to insert. $first BIGINT: the number of the first one. By document_no.
SELECT * FROM made.documents WHERE document_no >= $first ORDER BY document_no
