"""The kernels of this Jupyter server, asked through its own REST interface.

A forgotten notebook holds memory until its kernel is stopped, and small hubs end the whole server
when memory runs out. The kernel that asks is never stopped.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from labelschool.errors import LabelSchoolError

SECONDS = 5


class NoServer(LabelSchoolError):
    """The server of this notebook cannot be asked."""


@dataclass(frozen=True)
class Kernel:
    """A running kernel: whose notebook, for how many minutes idle, MB of memory (None: unknown)."""

    id: str
    notebook: str
    state: str
    idle_minutes: float
    megabytes: float | None
    own: bool


@dataclass(frozen=True)
class Server:
    """A Jupyter server as its runtime file describes it."""

    url: str
    token: str
    root: Path

    def ask(self, path: str, method: str = "GET") -> Any:
        """One REST request; the JSON it answers, or None. Raises `NoServer`."""
        request = urllib.request.Request(self.url.rstrip("/") + path, method=method)
        request.add_header("Authorization", f"token {self.token}")
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=_context(self.url)),
        )
        try:
            with opener.open(request, timeout=SECONDS) as response:
                body = response.read()
        except (OSError, urllib.error.URLError) as error:
            raise NoServer(
                "The server does not answer here; see Running Terminals and Kernels in the left "
                "bar of JupyterLab."
            ) from error
        return json.loads(body) if body else None


def own_server() -> Server:
    """The server that started this kernel. Raises `NoServer` outside a Jupyter server."""
    from jupyter_server.serverapp import list_running_servers

    parents = {os.environ.get("JPY_PARENT_PID"), str(os.getppid())}
    for info in list_running_servers():
        if str(info["pid"]) in parents:
            token = info["token"] or os.environ.get("JUPYTERHUB_API_TOKEN", "")
            return Server(info["url"], token, Path(info["root_dir"]))
    raise NoServer(
        "This notebook does not run in a Jupyter server of this machine, so its kernels are not "
        "listed."
    )


def running(server: Server) -> list[Kernel]:
    """All kernels of a server, the longest idle first, one's own last."""
    notebooks = {
        session["kernel"]["id"]: session["path"]
        for session in server.ask("/api/sessions")
        if session.get("kernel")
    }
    memory = _memory()
    own = own_id()
    kernels = [
        Kernel(
            id=kernel["id"],
            notebook=notebooks.get(kernel["id"], "no notebook"),
            state=kernel["execution_state"],
            idle_minutes=_minutes_since(kernel["last_activity"]),
            megabytes=memory.get(kernel["id"]),
            own=kernel["id"] == own,
        )
        for kernel in server.ask("/api/kernels")
    ]
    return sorted(kernels, key=lambda kernel: (kernel.own, -kernel.idle_minutes))


def stop(server: Server, kernel_id: str) -> None:
    """Shut a kernel down. One's own, and one that is busy, stay. Raises `LabelSchoolError`."""
    chosen = next((k for k in running(server) if k.id == kernel_id), None)
    if chosen is None:
        return
    if chosen.own:
        raise LabelSchoolError("This is the kernel of this page: it is not stopped from here.")
    if chosen.state == "busy":
        raise LabelSchoolError(f"{chosen.notebook} is at work and was not stopped.")
    server.ask(f"/api/kernels/{urllib.parse.quote(kernel_id)}", "DELETE")


def own_id() -> str | None:
    """The id of the kernel this code runs in, from its connection file; None outside a kernel."""
    if "ipykernel" not in sys.modules:
        return None
    from ipykernel.connect import get_connection_file

    try:
        return _id_in(get_connection_file())
    except RuntimeError:
        return None


def _memory() -> dict[str, float]:
    """Resident MB per kernel id, as far as this machine tells."""
    try:
        import psutil
    except ImportError:
        return {}
    found = {}
    for process in psutil.process_iter(["cmdline", "memory_info"]):
        line, memory = process.info["cmdline"], process.info["memory_info"]
        kernel = next(filter(None, map(_id_in, line or [])), None)
        if kernel and memory:
            found[kernel] = memory.rss / 1e6
    return found


def _id_in(text: str) -> str | None:
    matched = re.search(r"kernel-([0-9a-f-]{36})\.json$", text)
    return matched[1] if matched else None


def _minutes_since(moment: str) -> float:
    then = datetime.fromisoformat(moment)
    return max((datetime.now(UTC) - then).total_seconds() / 60, 0.0)


def _context(url: str) -> ssl.SSLContext:
    """A server on this machine may have a certificate that it signed itself."""
    context = ssl.create_default_context()
    if urllib.parse.urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
