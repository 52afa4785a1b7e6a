"""Settings of the server that learners work with; see README.md beside this file."""

import os

c = get_config()  # noqa: F821 (Jupyter defines it)

# Kernels inherit the environment. Five notebooks with a pool of threads for every core each make a
# small hub slow; nothing in the course gains from them. A value set outside stays.
for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# nbgrader is the instructor's tool: in a learner's server it costs memory and offers buttons that
# do nothing here.
c.ServerApp.jpserver_extensions = {
    f"nbgrader.server_extensions.{part}": False
    for part in ("formgrader", "validate_assignment", "assignment_list", "course_list")
}
