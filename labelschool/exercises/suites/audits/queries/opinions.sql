-- The last label of each annotator on each item that exists and is not withdrawn, in plain words.
SELECT item_id, annotator_id, class, is_gold
FROM (
  SELECT item_id, annotator_id, lower(trim(class)) AS class, is_gold,
    row_number() OVER (
      PARTITION BY item_id, annotator_id ORDER BY version DESC, labels.id DESC
    ) AS place
  FROM labels
  JOIN items ON items.id = labels.item_id AND items.withdrawn = 0
  WHERE deleted_at IS NULL
)
WHERE place = 1
ORDER BY 1, 2;
