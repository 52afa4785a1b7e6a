-- Speeders: whose typical label takes less than a tenth of the median time for its kind of item,
-- and who is below the average of all labels on gold.
WITH live AS (
  SELECT annotator_id, kind, ms, is_gold, lower(trim(class)) = gold_class AS correct
  FROM labels
  JOIN items ON items.id = labels.item_id
  WHERE deleted_at IS NULL
),
kinds AS (
  SELECT kind, avg(ms) AS median
  FROM (
    SELECT kind, ms, row_number() OVER (PARTITION BY kind ORDER BY ms) AS place,
      count(*) OVER (PARTITION BY kind) AS n
    FROM live
  )
  WHERE place IN ((n + 1) / 2, (n + 2) / 2)
  GROUP BY kind
),
ratios AS (
  SELECT annotator_id, ms / median AS ratio,
    row_number() OVER (PARTITION BY annotator_id ORDER BY ms / median) AS place,
    count(*) OVER (PARTITION BY annotator_id) AS n
  FROM live JOIN kinds USING (kind)
),
paces AS (
  SELECT annotator_id, avg(ratio) AS pace
  FROM ratios
  WHERE place IN ((n + 1) / 2, (n + 2) / 2)
  GROUP BY annotator_id
),
gold AS (SELECT annotator_id, avg(correct) AS accuracy FROM live WHERE is_gold GROUP BY 1)
SELECT annotator_id
FROM paces JOIN gold USING (annotator_id)
WHERE pace < 0.1 AND accuracy < (SELECT avg(correct) FROM live WHERE is_gold)
ORDER BY 1;
