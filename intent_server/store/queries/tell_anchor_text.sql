-- Tells what an anchor's lines said. $anchor_id VARCHAR, $text VARCHAR.
UPDATE anchors SET text = $text WHERE anchor_id = $anchor_id AND text IS NULL
