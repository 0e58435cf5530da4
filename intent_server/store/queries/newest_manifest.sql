-- When the newest artifacts were made that are held of a pipeline. $system VARCHAR, $projects VARCHAR: a JSON list.
SELECT max(generated_at) AS generated_at
FROM pipeline_versions
WHERE system = $system AND project IN (SELECT unnest(from_json($projects, '["VARCHAR"]')))
