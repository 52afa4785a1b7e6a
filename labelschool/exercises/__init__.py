"""Exercises: what a notebook touches, and how each kind is annotated and scored."""
