-- How many decisions were made each month, and how are they known?
SELECT strftime(decided_at, '%Y-%m') AS month, authority, count(*) AS decisions
FROM intent.decisions
WHERE recorded_to IS NULL AND NOT is_doubtful
GROUP BY ALL
ORDER BY month, authority
