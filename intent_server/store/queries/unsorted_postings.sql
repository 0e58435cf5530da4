-- How many postings there are, and how many were in order when last sorted. No parameters. One row.
SELECT (SELECT count(*) FROM postings), (SELECT coalesce(max(sorted_count), 0) FROM index_state)
