-- Forgets what the files of a repository define. $repository VARCHAR.
DELETE FROM symbols WHERE repository = $repository
