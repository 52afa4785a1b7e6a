SELECT id AS label_id, iif(item_id IN (SELECT id FROM items), 'withdrawn', 'orphan') AS reason
FROM labels
WHERE deleted_at IS NULL AND item_id NOT IN (SELECT id FROM items WHERE withdrawn = 0)
ORDER BY 1;
