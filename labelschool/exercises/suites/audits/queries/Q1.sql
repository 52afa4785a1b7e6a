-- Labels per annotator and local day, days without any included.
SELECT annotators.id AS annotator_id, calendar.day, count(labels.id) AS labels
FROM annotators
CROSS JOIN calendar
LEFT JOIN labels
  ON labels.annotator_id = annotators.id
  AND date(labels.created_at, annotators.utc_offset_min || ' minutes') = calendar.day
  AND labels.deleted_at IS NULL
GROUP BY annotators.id, calendar.day
ORDER BY 1, 2;
