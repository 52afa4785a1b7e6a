-- Share of right labels on gold for each annotator, with n and the 95 % Wilson interval.
WITH counts AS (
  SELECT annotators.id AS annotator_id, count(items.id) AS n,
    count(iif(lower(trim(labels.class)) = items.gold_class, 1, NULL)) AS correct
  FROM annotators
  LEFT JOIN labels ON labels.annotator_id = annotators.id AND labels.deleted_at IS NULL
  LEFT JOIN items ON items.id = labels.item_id AND items.is_gold = 1
  GROUP BY annotators.id
),
shares AS (
  SELECT *, 1.0 * correct / n AS accuracy, 1.959964 * 1.959964 AS z2 FROM counts
)
SELECT annotator_id, n, correct, accuracy,
  (accuracy + z2 / (2 * n) - sqrt(z2 * (accuracy * (1 - accuracy) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) AS low,
  (accuracy + z2 / (2 * n) + sqrt(z2 * (accuracy * (1 - accuracy) / n + z2 / (4 * n * n))))
    / (1 + z2 / n) AS high
FROM shares
ORDER BY 1;
