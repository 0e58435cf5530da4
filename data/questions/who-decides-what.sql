-- Who decided, agreed or objected, and how often?
SELECT people.person, people.role, count(DISTINCT people.decision_id) AS decisions
FROM intent.people AS people
JOIN intent.decisions AS decisions ON decisions.decision_id = people.decision_id
WHERE decisions.recorded_to IS NULL AND NOT decisions.is_doubtful
GROUP BY people.person, people.role
ORDER BY decisions DESC, people.person, people.role
