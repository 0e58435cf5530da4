-- Ends what is held of a repository at a place. $repository VARCHAR, $place VARCHAR, $now TIMESTAMP (UTC).
UPDATE repositories SET recorded_to = $now WHERE recorded_to IS NULL AND repository = $repository AND place = $place
