"""What the pages beside the lessons show: the start page and the planner."""
