-- What replaced these decisions, with the moment from which it holds. $ids VARCHAR: a JSON list of decision ids.
-- By link_id.
SELECT links.target AS decision_id, links.decision_id AS newer_id, newer.valid_from
FROM links
JOIN decisions AS newer ON newer.decision_id = links.decision_id AND newer.recorded_to IS NULL
WHERE links.recorded_to IS NULL
    AND links.relation = 'supersedes'
    AND links.target_kind = 'decision'
    AND links.target IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
ORDER BY links.link_id
