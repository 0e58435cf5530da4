-- Which decision replaces which. No parameters. By link_id.
SELECT decision_id, target
FROM links
WHERE recorded_to IS NULL AND relation = 'supersedes' AND target_kind = 'decision'
ORDER BY link_id
