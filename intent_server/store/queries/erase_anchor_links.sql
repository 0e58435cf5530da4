-- Deletes the links of decisions to anchors. $ids VARCHAR: a JSON list of decision ids.
DELETE FROM anchor_links WHERE decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
