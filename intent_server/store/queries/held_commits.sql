-- The hashes of a repository's commits. $repository VARCHAR. By hash.
SELECT sha FROM commits WHERE repository = $repository ORDER BY sha
