-- For each unordered pair of classes: of the pairs of annotators who said one of the two on the
-- same item, how many said different ones. The last label of each annotator counts.
WITH latest AS (
  SELECT item_id, annotator_id, lower(trim(class)) AS class,
    row_number() OVER (
      PARTITION BY item_id, annotator_id ORDER BY version DESC, labels.id DESC
    ) AS place
  FROM labels
  JOIN items ON items.id = labels.item_id AND items.withdrawn = 0
  WHERE deleted_at IS NULL
),
pairs AS (
  SELECT min(a.class, b.class) AS class_a, max(a.class, b.class) AS class_b, count(*) AS n
  FROM latest AS a
  JOIN latest AS b ON b.item_id = a.item_id AND b.annotator_id > a.annotator_id
  WHERE a.place = 1 AND b.place = 1
  GROUP BY 1, 2
),
agreed AS (SELECT class_a AS class, n FROM pairs WHERE class_a = class_b)
SELECT pairs.class_a, pairs.class_b, pairs.n AS disagreements,
  1.0 * pairs.n / (pairs.n + coalesce(first.n, 0) + coalesce(second.n, 0)) AS rate
FROM pairs
LEFT JOIN agreed AS first ON first.class = pairs.class_a
LEFT JOIN agreed AS second ON second.class = pairs.class_b
WHERE pairs.class_a < pairs.class_b
ORDER BY 1, 2;
