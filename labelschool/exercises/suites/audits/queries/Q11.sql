-- Items that stood in one split for one version of their labels and in another for another.
SELECT item_id
FROM labels
JOIN items ON items.id = labels.item_id
WHERE deleted_at IS NULL
GROUP BY item_id
HAVING count(DISTINCT labels.split) > 1
ORDER BY 1;
