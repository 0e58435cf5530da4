-- The repositories that were read, and where. No parameters. By repository, place.
SELECT repository, place, branch, head
FROM repositories
WHERE recorded_to IS NULL
ORDER BY repository, place
