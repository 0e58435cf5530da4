-- The source of a place as one reader reads it. $uri VARCHAR, $reader VARCHAR. One row or none.
SELECT source_id FROM sources WHERE uri = $uri AND reader = $reader
