-- Class names that are not, letter by letter, in the ontology version valid at label time.
SELECT labels.id AS label_id, labels.class, version.id AS ontology_id
FROM labels
JOIN ontology_versions AS version
  ON labels.created_at >= version.valid_from
  AND (labels.created_at < version.valid_to OR version.valid_to IS NULL)
LEFT JOIN ontology_classes AS known
  ON known.ontology_id = version.id AND known.class = labels.class
WHERE labels.deleted_at IS NULL AND known.class IS NULL
ORDER BY 1;
