-- Forgets the files of a repository. $repository VARCHAR.
DELETE FROM files WHERE repository = $repository
