-- Items reviewed more than once and accepted in the end: hours from the first label to the final
-- decision, median and 90th percentile by nearest rank.
WITH decisions AS (
  SELECT labels.item_id, reviews.decision, reviews.created_at,
    count(*) OVER (PARTITION BY labels.item_id) AS n,
    row_number() OVER (
      PARTITION BY labels.item_id ORDER BY reviews.created_at DESC, reviews.id DESC
    ) AS place
  FROM reviews
  JOIN labels ON labels.id = reviews.label_id AND labels.deleted_at IS NULL
  JOIN items ON items.id = labels.item_id AND items.withdrawn = 0
),
firsts AS (
  SELECT item_id, min(created_at) AS created_at FROM labels WHERE deleted_at IS NULL GROUP BY item_id
),
spans AS (
  SELECT (unixepoch(decisions.created_at) - unixepoch(firsts.created_at)) / 3600.0 AS hours
  FROM decisions JOIN firsts USING (item_id)
  WHERE n > 1 AND place = 1 AND decision = 'accept'
),
ranked AS (SELECT hours, row_number() OVER (ORDER BY hours) AS place, count(*) OVER () AS n FROM spans)
SELECT n AS items,
  max(iif(place = (n + 1) / 2, hours, NULL)) AS p50_hours,
  max(iif(place = (9 * n + 9) / 10, hours, NULL)) AS p90_hours
FROM ranked;
