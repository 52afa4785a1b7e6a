-- Share of wrong labels on gold in the seven local days up to each day, for each annotator.
WITH days AS (
  SELECT annotators.id AS annotator_id, calendar.day, count(items.id) AS n,
    count(iif(lower(trim(labels.class)) <> items.gold_class, 1, NULL)) AS errors
  FROM annotators
  CROSS JOIN calendar
  LEFT JOIN labels
    ON labels.annotator_id = annotators.id
    AND date(labels.created_at, annotators.utc_offset_min || ' minutes') = calendar.day
    AND labels.deleted_at IS NULL
  LEFT JOIN items ON items.id = labels.item_id AND items.is_gold = 1
  GROUP BY annotators.id, calendar.day
)
SELECT annotator_id, day, sum(n) OVER week AS n, 1.0 * sum(errors) OVER week / sum(n) OVER week AS rate
FROM days
WINDOW week AS (PARTITION BY annotator_id ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW)
ORDER BY 1, 2;
