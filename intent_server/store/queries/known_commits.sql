-- The commits whose hash begins so. $prefixes VARCHAR: a JSON list of 7 or more hex digits. By repository, sha.
WITH wanted AS (SELECT DISTINCT unnest(from_json($prefixes, '["VARCHAR"]')) AS prefix)
SELECT DISTINCT commits.repository, commits.sha
FROM commits
JOIN wanted ON commits.sha[1:7] = wanted.prefix[1:7] AND starts_with(commits.sha, wanted.prefix)
ORDER BY commits.repository, commits.sha
