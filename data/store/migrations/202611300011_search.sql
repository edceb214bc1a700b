-- What a search looks through is written in another form (data.SearchKey). The rows
-- that are there are filled with it in the background; until then they are found as
-- before. The schema stays as it is.

SELECT 1;
