-- The pull requests and issues that commits and sessions are about. $numbers VARCHAR: a JSON list of numbers as text.
-- By repository, number.
WITH wanted AS (SELECT DISTINCT unnest(from_json($numbers, '["VARCHAR"]')) AS number),
spoken AS (
    SELECT repository, CAST(pull_request AS VARCHAR) AS number, 'pull_request' AS kind
    FROM commits
    WHERE pull_request IS NOT NULL
    UNION
    SELECT
        regexp_extract(native_id, '^(.*)[#!~][0-9]+$', 1) AS repository,
        regexp_extract(native_id, '[#!~]([0-9]+)$', 1) AS number,
        CASE source_kind WHEN 'issue' THEN 'issue' ELSE 'pull_request' END AS kind
    FROM sessions
    WHERE recorded_to IS NULL AND source_kind IN ('pull_request', 'issue') AND regexp_matches(native_id, '[#!~][0-9]+$')
)
SELECT spoken.repository, spoken.number, min(spoken.kind) AS kind
FROM spoken
JOIN wanted ON wanted.number = spoken.number
GROUP BY spoken.repository, spoken.number
ORDER BY spoken.repository, spoken.number
