-- Takes the words of a commit away; that it was made stays. $repository VARCHAR, $sha VARCHAR.
UPDATE commits SET subject = '', body = '', trailers = '[]', author = ''
WHERE sha = $sha AND repository = $repository
