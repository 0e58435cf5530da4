-- A repository as it was read so far. $repository VARCHAR. Newest first.
SELECT place, branch, head, is_shallow, is_dirty, recorded_to
FROM repositories
WHERE repository = $repository
ORDER BY recorded_from DESC
