"""Settings of nbgrader for this course. Run every nbgrader command from the folder of this file.

solutions/    what instructors see (nbgrader's source)
assignments/  what learners get (nbgrader's release)
grading/      submissions, graded copies, feedback and the gradebook; git ignores it
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
GRADING = ROOT / "grading"
GRADING.mkdir(exist_ok=True)

# nbgrader starts `alembic` by name, and kernels inherit the rest: the course that is graded is the
# one beside this file, and a score does not need a thread for every core.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
os.environ["LABELSCHOOL_ROOT"] = str(ROOT)
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

from labelschool.grading.settings import protected_answers  # noqa: E402 (after the environment)

c = get_config()  # noqa: F821 (nbgrader defines it)

# Where things stand
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "labelschool"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.source_with_tests_directory = "grading/source_with_tests"
c.CourseDirectory.solution_directory = "grading/solution"
c.CourseDirectory.db_url = f"sqlite:///{(GRADING / 'gradebook.db').as_posix()}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".DS_Store", "*.broken-*"]

# What learners get: a stub that does not frighten
c.ClearSolutions.code_stub = {"python": "# Write your code here, then run the cell.\n..."}
c.ClearSolutions.text_stub = (
    "*Write your answer here: double-click this text, replace it, press Shift+Enter.*"
)

# Collecting zips from an LMS
c.ZipCollectApp.downloaded_directory = "grading/downloaded"
c.ZipCollectApp.collector_plugin = "labelschool.grading.submissions.SubmissionCollector"

# Grading: nbgrader's own steps, with RestoreCells and ExecuteOnAnswers in place of two of them
c.Autograde.exclude_overwriting = protected_answers(ROOT)
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "labelschool.grading.restore.RestoreCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "labelschool.grading.execute.ExecuteOnAnswers",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.OverwriteCells.add_missing_cells = True
c.OverwriteCells.missing_cell_notification = (
    "This cell ({cell_id}) was missing from your notebook and was put back for grading.\n\n"
)
c.Execute.timeout = 60
c.Execute.startup_timeout = 120
c.Execute.store_widget_state = False

# What learners get back
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    "labelschool.grading.feedback.LearnersView",
]
