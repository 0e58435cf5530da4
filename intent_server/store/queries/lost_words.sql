-- What quarantine says of reviewed decisions whose words are gone. No parameters. By item_id.
SELECT replace(place, 'decision ', '') AS decision_id, reason
FROM quarantine
WHERE stage = 'review' AND recorded_to IS NULL
ORDER BY item_id
