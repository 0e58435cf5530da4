-- The open refused items of one stage at a place. $place VARCHAR, $stage VARCHAR. By item_id.
SELECT item_id, fingerprint FROM quarantine WHERE place = $place AND stage = $stage AND recorded_to IS NULL ORDER BY item_id
