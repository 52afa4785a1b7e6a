-- Boxes without an area, or outside the picture of their item.
SELECT labels.id AS label_id
FROM labels
LEFT JOIN items ON items.id = labels.item_id
WHERE labels.deleted_at IS NULL
  AND (w <= 0 OR h <= 0 OR x < 0 OR y < 0 OR x + w > width OR y + h > height)
ORDER BY 1;
