-- Exact duplicates: the same item, class and geometry more than once.
SELECT item_id, class, geometry_hash, count(*) AS copies
FROM labels
WHERE deleted_at IS NULL AND item_id IS NOT NULL
GROUP BY item_id, class, geometry_hash
HAVING count(*) > 1
ORDER BY 1, 2, 3;
