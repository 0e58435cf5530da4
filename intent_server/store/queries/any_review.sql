-- Whether anybody ever reviewed anything here. No parameters. One row or none.
SELECT true FROM reviews LIMIT 1
