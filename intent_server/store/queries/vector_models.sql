-- Which models made the vectors. No parameters. By name and revision.
SELECT model_name, model_revision, count(*) AS vectors
FROM vectors
GROUP BY model_name, model_revision
ORDER BY model_name, model_revision
