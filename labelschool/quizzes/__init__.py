"""Questions: in lessons, at the end of a module, and to find what may be skipped."""
