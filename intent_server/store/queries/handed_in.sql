-- A query that somebody handed in, each value as JSON text: that keeps every type without making a Python value of it
-- (TIMESTAMPTZ would need pytz). query() takes a single SELECT and nothing else.
-- $query VARCHAR: the text. $row_limit BIGINT: rows at most.
-- Order: as the query says.
SELECT CAST(to_json(COLUMNS(*)) AS VARCHAR)
FROM query($query)
LIMIT $row_limit;
