-- The pull requests and issues of a number that links or commits know. $number VARCHAR. By repository.
SELECT DISTINCT scope AS repository FROM anchors WHERE kind IN ('pull_request', 'issue') AND name = $number AND scope <> ''
UNION
SELECT DISTINCT repository FROM commits WHERE pull_request = TRY_CAST($number AS BIGINT)
ORDER BY repository
