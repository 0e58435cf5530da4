-- Which decisions replaced which, and when did the older one stop holding?
SELECT newer.subject AS newer, older.subject AS older, older.valid_to, links.method
FROM intent.links AS links
JOIN intent.decisions AS newer ON newer.decision_id = links.decision_id AND newer.recorded_to IS NULL
JOIN intent.decisions AS older ON older.decision_id = links.target AND older.recorded_to IS NULL
WHERE links.relation = 'supersedes' AND links.target_kind = 'decision' AND links.recorded_to IS NULL
ORDER BY older.valid_to, newer
