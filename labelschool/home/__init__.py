"""A learner's home: their folder, what they made in it, what was measured, and how it travels."""
