"""Where a notebook runs, by the traces each front end leaves in a kernel."""

from __future__ import annotations

import os
import sys

WAY_OUT = "Use JupyterLab: `make lab` on your machine, or the Binder link in the README."


def name() -> str:
    """VS Code, Colab, Binder, JupyterHub or Jupyter."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and "__vsc_ipynb_file__" in shell.user_ns:
        return "VS Code"
    if "google.colab" in sys.modules:
        return "Colab"
    if on_binder():
        return "Binder"
    return "JupyterHub" if "JUPYTERHUB_USER" in os.environ else "Jupyter"


def on_binder() -> bool:
    """Whether this machine is a Binder one, which forgets everything."""
    return any(name in os.environ for name in ("BINDER_SERVICE_HOST", "BINDER_REF_URL"))


def trouble() -> str | None:
    """What is wrong with working in this front end, or None where annotators work."""
    if (here := name()) in ("VS Code", "Colab"):
        return f"{here} does not keep what annotators show."
    return None
