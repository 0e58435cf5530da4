-- The lines that commits are known to have written. No parameters. By repository, commit, path, line.
SELECT scope AS repository, commit_sha, path, line_start, line_end, text
FROM anchors
WHERE kind = 'lines' AND commit_sha IS NOT NULL AND text IS NOT NULL
ORDER BY scope, commit_sha, path, line_start
