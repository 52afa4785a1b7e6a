-- Labels whose item does not exist or was withdrawn.
SELECT labels.id AS label_id, iif(items.id IS NULL, 'orphan', 'withdrawn') AS reason
FROM labels
LEFT JOIN items ON items.id = labels.item_id
WHERE labels.deleted_at IS NULL AND (items.id IS NULL OR items.withdrawn = 1)
ORDER BY 1;
