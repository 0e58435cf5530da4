-- Deletes the links from and to decisions. $ids VARCHAR: a JSON list of decision ids.
DELETE FROM links
WHERE decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
    OR (target_kind = 'decision' AND target IN (SELECT unnest(from_json($ids, '["VARCHAR"]'))))
