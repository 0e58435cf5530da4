-- How many postings each term has. No parameters. Order: by term.
SELECT term_no, count(*) AS held FROM postings GROUP BY term_no ORDER BY term_no
