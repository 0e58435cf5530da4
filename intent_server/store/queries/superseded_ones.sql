-- What a decision replaced, with the moment from which each held. $decision_id VARCHAR. By link_id.
SELECT older.decision_id, older.valid_from
FROM links
JOIN decisions AS older ON older.decision_id = links.target AND older.recorded_to IS NULL
WHERE links.recorded_to IS NULL
    AND links.relation = 'supersedes'
    AND links.target_kind = 'decision'
    AND links.decision_id = $decision_id
ORDER BY links.link_id
