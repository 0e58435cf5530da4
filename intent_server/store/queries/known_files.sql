-- The tracked files of these names, or of these names without ending. $names VARCHAR: a JSON list of file names and
-- stems. By repository, path.
WITH wanted AS (SELECT DISTINCT unnest(from_json($names, '["VARCHAR"]')) AS name)
SELECT files.repository, files.path, files.file_name, regexp_replace(files.file_name, '\.[^.]+$', '') AS stem
FROM files
WHERE files.file_name IN (SELECT name FROM wanted)
    OR regexp_replace(files.file_name, '\.[^.]+$', '') IN (SELECT name FROM wanted)
ORDER BY files.repository, files.path
