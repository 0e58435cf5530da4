-- Deletes the anchors that nothing is linked to: what their lines said came with a session. No parameters.
DELETE FROM anchors WHERE anchor_id NOT IN (SELECT anchor_id FROM anchor_links)
