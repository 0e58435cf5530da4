-- When the newest code was made that is held of a pipeline: the commit's time, else when its artifacts were made.
-- $system VARCHAR, $projects VARCHAR: a JSON list.
SELECT max(coalesce(commits.committed_at, versions.generated_at)) AS made_at
FROM pipeline_versions AS versions
LEFT JOIN commits ON commits.sha = versions.git_sha AND commits.repository = versions.repository
WHERE versions.system = $system AND versions.project IN (SELECT unnest(from_json($projects, '["VARCHAR"]')))
