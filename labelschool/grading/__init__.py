"""For instructors only: what ties the course to nbgrader.

`nbgrader_config.py` names the classes of this package; nothing a learner runs imports it.
"""
