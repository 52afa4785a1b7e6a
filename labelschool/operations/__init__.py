"""Running a labelling project: the flow of work, versions of labels, access and cost."""
