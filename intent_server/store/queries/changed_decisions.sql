-- The decisions of which something was recorded or ended after $since TIMESTAMP, or whose session was.
-- Order: by id.
SELECT decision_id FROM decisions WHERE recorded_from > $since OR recorded_to > $since
UNION
SELECT decision_id FROM parts WHERE recorded_from > $since OR recorded_to > $since
UNION
SELECT decision_id FROM people WHERE recorded_from > $since OR recorded_to > $since
UNION
SELECT decision_id FROM reviews WHERE recorded_from > $since OR recorded_to > $since
UNION
SELECT decisions.decision_id
FROM decisions
JOIN sessions ON sessions.session_id = decisions.session_id
WHERE sessions.recorded_from > $since OR sessions.recorded_to > $since
ORDER BY decision_id
