-- The commits of a repository that were made within a stretch of time, with the files they changed; no merges.
-- $repository VARCHAR; $since TIMESTAMP, $until TIMESTAMP (UTC). By time.
SELECT commits.sha, commits.subject, commits.committed_at, list(commit_files.path ORDER BY commit_files.path) AS paths
FROM commits
JOIN commit_files ON commit_files.repository = commits.repository AND commit_files.sha = commits.sha
WHERE commits.repository = $repository AND commits.committed_at BETWEEN $since AND $until
    AND json_array_length(commits.parents) < 2
GROUP BY commits.sha, commits.subject, commits.committed_at
ORDER BY commits.committed_at, commits.sha
