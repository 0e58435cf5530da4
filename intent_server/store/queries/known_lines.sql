-- The lines that commits are known to have written, not those that a review only points at. No parameters. By repository, commit, path, line.
SELECT scope AS repository, commit_sha, path, line_start, line_end, text
FROM anchors
WHERE kind = 'lines' AND commit_sha IS NOT NULL AND text IS NOT NULL
    AND anchor_id IN (SELECT anchor_id FROM anchor_links WHERE stated_link_id IS NULL)
ORDER BY scope, commit_sha, path, line_start
