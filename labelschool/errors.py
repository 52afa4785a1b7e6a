"""The one exception a learner may meet: a sentence that says what happened and what to do."""

from __future__ import annotations


class LabelSchoolError(Exception):
    """A user's mistake or a machine's trouble, told in one sentence.

    In a notebook it is shown as that sentence, without a traceback (IPython calls
    `_render_traceback_` when an exception has one); the command prints it and exits with 2.
    """

    def _render_traceback_(self) -> list[str]:
        return [str(self)]
