-- The pull requests of commits, and the commits of pull requests. $shas VARCHAR: a JSON list of hashes; $numbers
-- VARCHAR: a JSON list of `repository#number`. By repository, sha.
SELECT repository, sha, subject, CAST(pull_request AS VARCHAR) AS number
FROM commits
WHERE pull_request IS NOT NULL
    AND (
        sha IN (SELECT unnest(from_json($shas, '["VARCHAR"]')))
        OR repository || '#' || pull_request IN (SELECT unnest(from_json($numbers, '["VARCHAR"]')))
    )
ORDER BY repository, sha
