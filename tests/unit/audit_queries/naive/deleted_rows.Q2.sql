SELECT item_id, class, geometry_hash, count(*) AS copies
FROM labels
WHERE item_id IS NOT NULL
GROUP BY item_id, class, geometry_hash
HAVING count(*) > 1
ORDER BY 1, 2, 3;
