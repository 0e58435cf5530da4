-- The versions of a node, oldest first. $system VARCHAR, $project VARCHAR, $unique_id VARCHAR.
SELECT version_id, fingerprint, fingerprint_kind, repository, git_sha, is_dirty, generated_at, recorded_from
FROM pipeline_versions
WHERE system = $system AND project = $project AND unique_id = $unique_id
ORDER BY coalesce(generated_at, recorded_from), version_id
