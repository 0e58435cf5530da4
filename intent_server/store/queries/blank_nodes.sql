-- Takes the words of a pipeline's nodes away. $project VARCHAR.
UPDATE nodes SET description = NULL, facts = '{}' WHERE project = $project
