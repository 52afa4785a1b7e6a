-- Rubber stamps: of at least 100 labels of others reviewed, 98 % or more accepted, and half of
-- them in less than two seconds.
WITH seen AS (
  SELECT reviewer_id, decision, reviews.ms,
    row_number() OVER (PARTITION BY reviewer_id ORDER BY reviews.ms) AS place,
    count(*) OVER (PARTITION BY reviewer_id) AS n
  FROM reviews
  JOIN labels ON labels.id = reviews.label_id
  WHERE labels.annotator_id <> reviews.reviewer_id
)
SELECT reviewer_id, n AS reviews, avg(decision = 'accept') AS accepted,
  avg(iif(place IN ((n + 1) / 2, (n + 2) / 2), ms, NULL)) AS median_ms
FROM seen
GROUP BY reviewer_id
HAVING reviews >= 100 AND accepted >= 0.98 AND median_ms < 2000
ORDER BY 1;
