-- The moments that a past is seen from, in a table of their own. $known_at TIMESTAMP (UTC): only what was recorded by
-- then; NULL for all. $as_of TIMESTAMP (UTC): only what held in the world then; NULL for whatever holds.
CREATE TABLE moment AS
SELECT
    coalesce(CAST($known_at AS TIMESTAMP), CAST('infinity' AS TIMESTAMP)) AS known_at,
    CAST($as_of AS TIMESTAMP) AS as_of
