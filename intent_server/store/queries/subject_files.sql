-- The tracked files that a path fits, whole or by its end, and all names that they had before, but for those that another
-- file has now.
-- $path VARCHAR: forward slashes. $given VARCHAR: the same as it was asked for, with what may be lines or a file's name.
-- The best fit first.
WITH RECURSIVE fitting AS (
    SELECT repository, path, path AS name
    FROM files
    WHERE path IN ($path, $given) OR ends_with(path, '/' || $path) OR ends_with($path, '/' || path)
),
named AS (
    SELECT repository, path, name FROM fitting
    UNION
    SELECT named.repository, named.path, moved.old_path AS name
    FROM named
    JOIN commit_files AS moved
        ON moved.repository = named.repository AND moved.path = named.name AND moved.change = 'renamed'
    ANTI JOIN files AS again ON again.repository = moved.repository AND again.path = moved.old_path
)
SELECT repository, path, list(DISTINCT name ORDER BY name) AS names
FROM named
GROUP BY repository, path
ORDER BY path = $path DESC, length(path), repository, path
