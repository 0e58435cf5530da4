-- The files that the commits changed which sessions are about. $names VARCHAR: a JSON list of sessions' own ids, of
-- commits `repository@sha`, of pull requests `repository#number`. By name, path.
WITH wanted AS (SELECT DISTINCT unnest(from_json($names, '["VARCHAR"]')) AS name),
meant AS (
    SELECT wanted.name, commits.repository, commits.sha
    FROM commits
    JOIN wanted ON wanted.name = commits.repository || '@' || commits.sha
    UNION
    SELECT wanted.name, commits.repository, commits.sha
    FROM commits
    JOIN wanted ON wanted.name = commits.repository || '#' || commits.pull_request
)
SELECT DISTINCT meant.name, commit_files.path
FROM meant
JOIN commit_files ON commit_files.repository = meant.repository AND commit_files.sha = meant.sha
ORDER BY meant.name, commit_files.path
