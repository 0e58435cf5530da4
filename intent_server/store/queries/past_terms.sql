-- Gives a past the numbers of the store's terms, before documents of its own are added. No parameters.
INSERT INTO made.terms SELECT * FROM store.main.terms
