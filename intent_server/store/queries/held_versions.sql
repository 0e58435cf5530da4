-- The versions of nodes. $system VARCHAR, $projects VARCHAR: a JSON list. By version_id.
SELECT version_id, project, unique_id, fingerprint, fingerprint_kind, git_sha, generated_at
FROM pipeline_versions
WHERE system = $system AND project IN (SELECT unnest(from_json($projects, '["VARCHAR"]')))
ORDER BY version_id
