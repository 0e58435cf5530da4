-- Takes the words of a pipeline's columns away. $project VARCHAR.
UPDATE node_columns SET description = NULL WHERE project = $project
