-- The commits whose trailers hold one of these texts. $texts VARCHAR: a JSON list. By text, repository, sha.
WITH wanted AS (SELECT DISTINCT unnest(from_json($texts, '["VARCHAR"]')) AS words)
SELECT wanted.words, commits.repository, commits.sha, CAST(commits.trailers AS VARCHAR) AS trailers
FROM commits
JOIN wanted ON contains(CAST(commits.trailers AS VARCHAR), wanted.words)
WHERE CAST(commits.trailers AS VARCHAR) <> '[]'
ORDER BY wanted.words, commits.repository, commits.sha
