-- When a commit was made. $repository VARCHAR (NULL: any), $sha VARCHAR.
SELECT max(committed_at) AS committed_at
FROM commits
WHERE sha = $sha AND ($repository IS NULL OR repository = $repository)
