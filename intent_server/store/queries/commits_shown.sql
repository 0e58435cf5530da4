-- Commits to show as history. $shas VARCHAR: a JSON list of hashes; $requests VARCHAR: of `repository#number`;
-- $paths VARCHAR: of paths, all names of one file; $repository VARCHAR: of the paths. $until TIMESTAMP (UTC): made by
-- then; NULL for all. $limit BIGINT. Newest first. Of a file, merges are left out: what they brought is there itself.
SELECT DISTINCT commits.repository, commits.sha, commits.author, commits.authored_at, commits.subject, commits.pull_request
FROM commits
WHERE ($until IS NULL OR commits.committed_at <= CAST($until AS TIMESTAMP))
    AND (commits.sha IN (SELECT unnest(from_json($shas, '["VARCHAR"]')))
    OR (
        commits.pull_request IS NOT NULL
        AND lower(commits.repository || '#' || commits.pull_request)
            IN (SELECT lower(unnest(from_json($requests, '["VARCHAR"]'))))
    )
    OR (
        commits.repository = $repository
        AND json_array_length(commits.parents) < 2
        AND commits.sha IN (
            SELECT sha FROM commit_files
            WHERE repository = $repository AND path IN (SELECT unnest(from_json($paths, '["VARCHAR"]')))
        )
    ))
ORDER BY commits.authored_at DESC NULLS LAST, commits.sha
LIMIT $limit
