-- The postings of the documents made for a past. No parameters. By term_no and document_no.
SELECT term_no, document_no, term_frequency, term_count FROM made.postings ORDER BY term_no, document_no
