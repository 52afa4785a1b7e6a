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
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
from jupyter_client.blocking import BlockingKernelClient

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

from lab import REPOSITORY, running_lab

KERNELS = 5
MEMORY_AIM, DISK_AIM = 900, 700
OPEN_ANNOTATOR = 'from labelschool import exercise\nexercise("1.A", pool="practice").annotate()'
CHECK_AND_DRAW = "import matplotlib.pyplot, pandas, scipy.optimize, labelschool.scoring"
MB = 1_000_000


def pss(pid: int) -> float:
    """Proportional set size of a process in MB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[1]) * 1024 / MB


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
    os.environ["JUPYTER_CONFIG_PATH"] = str(REPOSITORY / "jupyter")
    with tempfile.TemporaryDirectory() as folder, running_lab(Path(folder)) as lab:
        kernels = [lab.api("/api/kernels", "POST", {})["id"] for _ in range(KERNELS)]
        for what, code in {"annotators": OPEN_ANNOTATOR, "and checks": CHECK_AND_DRAW}.items():
            for kernel in kernels:
                run(kernel, code, Path(folder))
            sizes = [
                pss(process.pid)
                for process in psutil.Process(lab.process.pid).children(recursive=True)
                if "ipykernel_launcher" in " ".join(process.cmdline())
            ]
            assert len(sizes) == KERNELS
            server = pss(lab.process.pid)
            sums.append(server + sum(sizes))
            each = ", ".join(f"{size:.0f}" for size in sizes)
            print(f"{what}: server {server:.0f}, kernels {each}: {sums[-1]:.0f} MB")
    return max(sums)


def disk() -> float:
    """Install requirements.txt into a new venv, print the heaviest packages; the sum in MB."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = Path(folder) / "bin" / "python"
        install = [python, "-m", "pip", "install", "--quiet", "-r", "requirements.txt"]
        subprocess.run(install, cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL)
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
