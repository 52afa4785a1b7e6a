"""Do without docker what Binder does with this repository.

    .venv/bin/python tests/hub/replay_binder.py

1. `jupyter-repo2docker --no-build` (in a venv of its own) writes the Dockerfile.
2. Its Python version, its pip line and its start script are read from that Dockerfile.
3. The pip line runs in a clean venv over a copy of the files that git would push, then the start
   script starts JupyterLab there, and this script asks the server what learners would see.

Needs network for two installs and about four minutes; prints one line for each thing that held and
exits with 1 at the first that did not. `tests/hub/test_binder.py` runs it as a slow test.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
LANDING = "modules/start-here.ipynb"
NOTIFICATIONS = "@jupyterlab/apputils-extension:notification"


def copy_of_repository(target: Path) -> Path:
    """The files that git has or would add, without history."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    return target


def dockerfile(repository: Path, venv: Path) -> str:
    """What repo2docker would build of a repository; nothing is built."""
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    pip = [venv / "bin" / "pip", "install", "--quiet", "jupyter-repo2docker"]
    subprocess.run(pip, check=True, stdout=subprocess.DEVNULL)
    command = [venv / "bin" / "jupyter-repo2docker", "--no-build", "--debug"]
    command += ["--user-id", "1000", "--user-name", "jovyan", "."]
    done = subprocess.run(command, cwd=repository, check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def install_lines(text: str) -> list[str]:
    """The pip commands of a Dockerfile, in order."""
    return re.findall(r"^RUN (\$\{KERNEL_PYTHON_PREFIX\}/bin/pip install .*)$", text, re.MULTILINE)


def start_script(text: str) -> str:
    """The start script as a path within the repository."""
    return re.search(r'^ENV R2D_ENTRYPOINT="\$\{REPO_DIR\}/(.+)"$', text, re.MULTILINE)[1]


@contextlib.contextmanager
def started(repository: Path, prefix: Path, script: str, home: Path) -> Iterator[tuple[int, str]]:
    """JupyterLab as the start script starts it; yields its process id and address."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
    environment = {
        **kept,
        "HOME": str(home),
        "PATH": os.pathsep.join([str(prefix / "bin"), "/usr/bin", "/bin"]),
        "REPO_DIR": str(repository),
    }
    command = [repository / script, "jupyter", "lab", "--ip=127.0.0.1", "--port=0", "--no-browser"]
    command += ["--allow-root", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=repository, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield server.pid, _address(home, server)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _address(home: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(120):
        for path in home.rglob("jpserver-*.json"):
            with contextlib.suppress(ValueError):
                return json.loads(path.read_text(encoding="utf-8"))["url"].rstrip("/")
        if server.poll() is not None:
            break
        time.sleep(0.5)
    raise SystemExit((home / "server.log").read_text(encoding="utf-8")[-2000:])


def get(address: str, data: bytes | None = None) -> bytes:
    """The body of a page of the server."""
    with urllib.request.urlopen(urllib.request.Request(address, data=data), timeout=60) as reply:
        return reply.read()


def kernel_environment(server: int) -> dict[str, str]:
    """The environment of the kernel that a server started."""
    for process in psutil.Process(server).children(recursive=True):
        if "ipykernel_launcher" in " ".join(process.cmdline()):
            return process.environ()
    raise LookupError("the server has no kernel")


def held(what: str, condition: bool) -> None:
    """Print what held; end the replay where it did not."""
    print(f"{'yes' if condition else 'NO '}  {what}", flush=True)
    if not condition:
        raise SystemExit(1)


def replay(folder: Path) -> None:
    """All steps, in an empty folder."""
    repository = copy_of_repository(folder / "repository")
    text = dockerfile(repository, folder / "repo2docker")
    pip_lines, script = install_lines(text), start_script(text)
    held("repo2docker chooses Python 3.11", "python=3.11" in text)
    held(f"it installs our requirements: {pip_lines}", len(pip_lines) == 1)
    held(
        "it copies the repository first, which `-e .` needs",
        text.index("COPY --chown=1000:1000 src/ ") < text.index(pip_lines[0]),
    )

    prefix = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", prefix], check=True)
    environment = os.environ | {"KERNEL_PYTHON_PREFIX": str(prefix), "PIP_QUIET": "2"}
    for line in pip_lines:
        subprocess.run(["bash", "-c", line], cwd=repository, env=environment, check=True)
    root = [prefix / "bin" / "python", "-c", "from labelschool import course; print(course.root())"]
    found = subprocess.run(root, cwd=folder, check=True, capture_output=True, text=True).stdout
    held("the course is installed from the repository", Path(found.strip()) == repository)

    home = folder / "home"
    home.mkdir()
    with started(repository, prefix, script, home) as (server, address):
        page = get(f"{address}/lab/tree/{LANDING}")
        held("JupyterLab answers at the landing page", b"jupyter-config-data" in page)
        try:
            notebook = json.loads(get(f"{address}/api/contents/{LANDING}?content=0"))
        except urllib.error.HTTPError:
            notebook = {}
        held(f"the landing page {LANDING} exists", notebook.get("type") == "notebook")
        settings = json.loads(get(f"{address}/lab/api/settings/{NOTIFICATIONS}"))
        news = settings["schema"]["properties"]["fetchNews"]["default"]
        held("announcements are off", news == "false")
        get(f"{address}/api/kernels", data=b"{}")
        held("one thread", kernel_environment(server).get("OMP_NUM_THREADS") == "1")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        replay(Path(temporary))
