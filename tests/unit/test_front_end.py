"""In a front end that does not keep annotators, the first import says what to use."""

from __future__ import annotations

import subprocess
import sys

import pytest

PLAIN = ""
COLAB = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')"
VS_CODE = (
    "from IPython.core.interactiveshell import InteractiveShell as Shell; "
    "Shell.instance().user_ns['__vsc_ipynb_file__'] = 'a.ipynb'"
)


@pytest.mark.parametrize(
    ("front_end", "said"),
    [
        (PLAIN, ""),
        (COLAB, "Colab does not keep what annotators show. Use JupyterLab: `make lab` "),
        (VS_CODE, "VS Code does not keep what annotators show. Use JupyterLab: `make lab` "),
    ],
    ids=["plain", "colab", "vs-code"],
)
def test_the_first_import_names_the_way_out_once(front_end: str, said: str) -> None:
    code = f"{front_end}\nimport labelschool\nfrom labelschool import widgets, exercise"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.startswith(said)
    assert done.stdout.count("\n") == bool(said)
