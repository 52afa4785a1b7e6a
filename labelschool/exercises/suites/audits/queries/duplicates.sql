-- For each annotator who has any: the labels that stand in a group of exact duplicates.
SELECT annotator_id, count(*) AS labels
FROM (
  SELECT annotator_id, count(*) OVER (PARTITION BY item_id, class, geometry_hash) AS copies
  FROM labels
  WHERE deleted_at IS NULL AND item_id IS NOT NULL
)
WHERE copies > 1
GROUP BY annotator_id
ORDER BY 1;
