"""What the course weighs: memory of one learner's JupyterLab, and the disk of a fresh install.

    .venv/bin/python tests/bench/bench_memory.py            # memory, about a minute
    .venv/bin/python tests/bench/bench_memory.py --disk     # also installs requirements.txt anew

Memory is the proportional set size (PSS) of the server and of five kernels: pages that processes
share are counted once. It is taken twice, when each kernel has opened an annotator, and when each
has also loaded what checks and figures need. Aims: below 900 MB of memory and 700 MB of disk. Needs
Linux (`/proc/PID/smaps_rollup`).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
from jupyter_client.blocking import BlockingKernelClient

ROOT = Path(__file__).resolve().parents[2]
KERNELS = 5
MEMORY_AIM, DISK_AIM = 900, 700
OPEN_ANNOTATOR = 'from labelschool import exercise\nexercise("1.A", pool="practice").annotate()'
CHECK_AND_DRAW = "import matplotlib.pyplot, pandas, scipy.optimize, labelschool.scoring"
MB = 1_000_000


def pss(pid: int) -> float:
    """Proportional set size of a process in MB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[1]) * 1024 / MB


@contextlib.contextmanager
def learners_server(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """JupyterLab as learners get it, in an empty home; yields the process and its address."""
    environment = os.environ | {
        "JUPYTER_CONFIG_PATH": str(ROOT / "jupyter"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_DATA_DIR": str(home / "data"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0"]
    command += ["--allow-root", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"]
    log = (home / "server.log").open("wb")
    server = subprocess.Popen(
        [*command, f"--ServerApp.root_dir={home}"], env=environment, stdout=log, stderr=log
    )
    try:
        yield server, _address(home, server)
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def _address(home: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(120):
        for path in (home / "runtime").glob("jpserver-*.json"):
            with contextlib.suppress(ValueError):
                return json.loads(path.read_text(encoding="utf-8"))["url"].rstrip("/")
        if server.poll() is not None:
            break
        time.sleep(0.5)
    raise SystemExit((home / "server.log").read_text(encoding="utf-8")[-2000:])


def start_kernel(address: str) -> str:
    """Start a kernel through the server; its id."""
    request = urllib.request.Request(f"{address}/api/kernels", data=b"{}", method="POST")
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)["id"]


def run(kernel: str, code: str, home: Path) -> None:
    """Run code in a kernel as a notebook would."""
    client = BlockingKernelClient()
    client.load_connection_file(str(home / "runtime" / f"kernel-{kernel}.json"))
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        content = client.execute_interactive(code, timeout=60, output_hook=lambda message: None)
    finally:
        client.stop_channels()
    if content["content"]["status"] != "ok":
        raise SystemExit(f"{content['content']['ename']}: {content['content']['evalue']}")


def memory() -> float:
    """Print the memory of a server and its kernels in both states; returns the larger sum in MB."""
    sums = []
    with tempfile.TemporaryDirectory() as folder, learners_server(Path(folder)) as running:
        server, address = running
        kernels = [start_kernel(address) for _ in range(KERNELS)]
        for what, code in {"annotators": OPEN_ANNOTATOR, "and checks": CHECK_AND_DRAW}.items():
            for kernel in kernels:
                run(kernel, code, Path(folder))
            sizes = [
                pss(process.pid)
                for process in psutil.Process(server.pid).children(recursive=True)
                if "ipykernel_launcher" in " ".join(process.cmdline())
            ]
            assert len(sizes) == KERNELS
            sums.append(pss(server.pid) + sum(sizes))
            each = ", ".join(f"{size:.0f}" for size in sizes)
            print(f"{what}: server {pss(server.pid):.0f}, kernels {each}: {sums[-1]:.0f} MB")
    return max(sums)


def disk() -> float:
    """Install requirements.txt into a new venv, print the heaviest packages; the sum in MB."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = Path(folder) / "bin" / "python"
        install = [python, "-m", "pip", "install", "--quiet", "-r", "requirements.txt"]
        subprocess.run(install, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        packages = next(Path(folder).glob("lib/python*/site-packages"))
        sizes = {path.name: size_of(path) for path in packages.iterdir()}
        for name in sorted(sizes, key=sizes.__getitem__, reverse=True)[:15]:
            print(f"{name:24} {sizes[name]:5.0f} MB")
        return size_of(Path(folder))


def size_of(path: Path) -> float:
    """Bytes of a file or of all files below a folder, in MB."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files if not file.is_dir()) / MB


def main() -> int:
    """Print the figures; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--disk", action="store_true", help="also install anew and measure")
    options = parser.parse_args()
    figures = [("memory", memory(), MEMORY_AIM)]
    if options.disk:
        figures.append(("disk", disk(), DISK_AIM))
    for name, size, aim in figures:
        print(f"{name}: {size:.0f} MB, aim below {aim} MB")
    return int(any(size >= aim for _, size, aim in figures))


if __name__ == "__main__":
    sys.exit(main())
