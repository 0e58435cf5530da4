-- Ends what is held of where a repository stands. $repository VARCHAR, $now TIMESTAMP (UTC).
UPDATE repositories SET recorded_to = $now WHERE recorded_to IS NULL AND repository = $repository
