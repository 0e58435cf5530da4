-- Decisions that a link says contradict another one. No parameters. By decision_id.
SELECT decision_id FROM links WHERE recorded_to IS NULL AND relation = 'contradicts' AND target_kind = 'decision'
UNION
SELECT target FROM links WHERE recorded_to IS NULL AND relation = 'contradicts' AND target_kind = 'decision'
ORDER BY decision_id
