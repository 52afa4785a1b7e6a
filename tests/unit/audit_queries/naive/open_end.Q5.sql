SELECT labels.id AS label_id, labels.class, version.id AS ontology_id
FROM labels
JOIN ontology_versions AS version
  ON labels.created_at BETWEEN version.valid_from AND version.valid_to
LEFT JOIN ontology_classes AS known
  ON known.ontology_id = version.id AND known.class = labels.class
WHERE labels.deleted_at IS NULL AND known.class IS NULL
ORDER BY 1;
