-- Which version of each model made which runs, and did they end well?
SELECT
    runs.unique_id AS model, left(versions.git_sha, 10) AS "commit", runs.status, count(*) AS runs,
    strftime(min(runs.started_at), '%Y-%m-%d') AS first_run
FROM intent.runs AS runs
LEFT JOIN intent.pipeline_versions AS versions ON versions.version_id = runs.version_id
WHERE runs.recorded_to IS NULL
GROUP BY runs.unique_id, versions.git_sha, runs.status
ORDER BY model, first_run, "commit", runs.status
