-- Tells of commits which request brought them. $repository VARCHAR; $rows VARCHAR: a JSON list of {"sha", "number"}.
UPDATE commits SET pull_request = given.number
FROM (SELECT unnest(from_json($rows, '[{"sha": "VARCHAR", "number": "BIGINT"}]'), recursive := true)) AS given
WHERE commits.repository = $repository AND commits.sha = given.sha AND commits.pull_request IS NULL
