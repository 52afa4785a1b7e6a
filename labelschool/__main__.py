"""Set up, start and test the course: ``python -m labelschool setup|lab|test``.

This file needs the standard library alone, and its grammar is that of Python 3.7, so that a Python
that is too old can say so. Everything else runs in `.venv/`, which `setup` makes; any other word
(``python -m labelschool doctor``) is handed to the `labelschool` command in there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "labelschool-setup.json"
LOG = VENV / "setup.log"
LOCK = "requirements.txt"
DEV_LOCK = "tools/requirements.txt"
OLDEST = (3, 11)
WINDOWS = os.name == "nt"
PARTS = ("js", "browser", "grading", "notebooks", "system", "hub", "unit")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
OFFLINE_SIGNS = (
    "NewConnectionError",
    "Failed to establish a new connection",
    "NameResolutionError",
    "Temporary failure in name resolution",
    "getaddrinfo failed",
    "Network is unreachable",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
)


class Stop(Exception):
    """One sentence for the learner; the command ends with exit code 2."""


def main(words=None):
    """Run one command and return its exit code."""
    words = sys.argv[1:] if words is None else list(words)
    try:
        if sys.version_info < OLDEST:
            return run_with_newer_python(words)
        return command(words)
    except Stop as stop:
        print(str(stop), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def command(words):
    """Dispatch: the three commands that work on a bare Python, or the course's own command."""
    commands = {"setup": setup_command, "lab": lab_command, "test": test_command}
    if words and words[0] in commands:
        return commands[words[0]](words[1:])
    if words and words[0] not in ("-h", "--help"):
        if not venv_works():
            raise Stop("The course is not set up yet: run `make setup` first.")
        return wait_for([venv_python(), "-m", "labelschool.cli", *words], cwd=None)
    print(
        "python -m labelschool setup   make .venv/ and install what the course needs\n"
        "python -m labelschool lab     set up, then open JupyterLab on your work folder\n"
        "python -m labelschool test    set up, then run the course's own tests\n"
        "Each has --help. Others, such as `python -m labelschool doctor`: after setup."
    )
    return 0


def run_with_newer_python(words):
    """On a Python that is too old, hand over to a newer one on this machine if there is one."""
    check = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    for minor in range(20, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer and subprocess.run([newer, "-c", check], capture_output=True).returncode == 0:
            return wait_for([newer, "-m", "labelschool", *words])
    here, oldest = (".".join(map(str, version)) for version in (sys.version_info[:2], OLDEST))
    raise Stop(
        f"Label School needs Python {oldest} or newer and this is Python {here}: install a newer "
        "one from python.org, then run the same command again."
    )


# setup ------------------------------------------------------------------------------------------


def setup_command(words):
    """``setup [--dev]``"""
    parser = parser_for("setup", "Make .venv/ and install the locked requirements into it.")
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    options = parser.parse_args(words)
    print("Ready." if set_up(dev=options.dev) else "Ready: nothing had changed.")
    return 0


def set_up(dev=False):
    """Bring `.venv/` in line with the lock files and pyproject.toml.

    Returns whether anything was installed. A stamp with their hash, written last,
    makes the next start quick; an interrupted set-up leaves no stamp and is simply done again.
    """
    wanted = fingerprint()
    stamps = read_stamps()
    if (
        venv_works()
        and stamps.get("learner") == wanted
        and (not dev or stamps.get("dev") == wanted)
    ):
        return False
    if not venv_works():
        make_venv()
    print("Installing the course into .venv/ (once; it takes a few minutes) ...", flush=True)
    locks = [LOCK, DEV_LOCK] if dev else [LOCK]
    pip_install([word for lock in locks for word in ("-r", lock)])
    stamps = {"learner": wanted, "dev": wanted} if dev else {"learner": wanted}
    STAMP.write_text(json.dumps(stamps), encoding="utf-8")
    return True


def fingerprint():
    """Hash of what decides the installation; line ends do not count."""
    digest = hashlib.sha256()
    for name in (LOCK, DEV_LOCK, "pyproject.toml"):
        try:
            digest.update((ROOT / name).read_bytes().replace(b"\r\n", b"\n"))
        except OSError as error:
            raise Stop(
                f"{name} is missing: run `git checkout -- {name}` in the course's folder."
            ) from error
    digest.update(f"{ROOT}\n{sys.version_info[:2]}".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def read_stamps():
    """What was installed by which fingerprint; empty when nothing is known."""
    try:
        stamps = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def venv_python():
    """The interpreter inside `.venv/`, on Windows and elsewhere."""
    return str(VENV / "Scripts" / "python.exe" if WINDOWS else VENV / "bin" / "python")


def venv_works():
    """Whether `.venv/` holds a Python that starts and is new enough."""
    if not Path(venv_python()).is_file():
        return False
    check = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([venv_python(), "-c", check], capture_output=True).returncode == 0


def make_venv():
    """Create `.venv/`; what stood there and does not work is cleared."""
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, errors="replace"
    )
    if made.returncode:
        said = (made.stdout + made.stderr).strip()
        if "ensurepip" in said:
            raise Stop(
                "This Python cannot make virtual environments: install its venv package "
                "(on Debian and Ubuntu `sudo apt install python3-venv`), then try again."
            )
        raise Stop(f".venv/ could not be made ({said[-300:]}): check disk space and permissions.")


def pip_install(arguments):
    """Run pip in `.venv/` with a quiet count of packages; its own words go to `.venv/setup.log`."""
    defaults = {"PIP_RETRIES": "2", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environment = {**defaults, **os.environ, "PIP_USER": "0", "PYTHONUTF8": "1"}
    install = [venv_python(), "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    # Python compiles what is used at its first import; compiling all of it costs 180 MB of disk.
    install.append("--no-compile")
    pip = subprocess.Popen(
        install + arguments,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    said, packages = [], 0
    with pip, LOG.open("w", encoding="utf-8") as log:
        for line in pip.stdout:
            log.write(line)
            said.append(line)
            if line.startswith(("Collecting ", "Processing ")):
                packages += 1
                if packages % 20 == 0:
                    print(f"  {packages} packages found", flush=True)
            elif line.startswith("Installing collected packages"):
                print("  installing them", flush=True)
    if pip.returncode:
        raise Stop(why_pip_failed("".join(said)))


def why_pip_failed(said):
    """One sentence from pip's many."""
    if any(sign in said for sign in OFFLINE_SIGNS):
        return (
            "The packages could not be downloaded: check the network (or the proxy) and run the "
            "same command again; it is needed for the first set-up only."
        )
    if "No space left on device" in said or "Errno 28" in said:
        return "The disk is full: free about 1 GB and run the same command again."
    errors = [line.strip() for line in said.splitlines() if line.startswith("ERROR:")]
    last = errors[-1] if errors else "no reason was given"
    return f"pip could not install the course ({last}): the whole story is in .venv/setup.log."


# lab --------------------------------------------------------------------------------------------


def lab_command(words):
    """``lab [--no-browser] [options of JupyterLab]``"""
    parser = parser_for("lab", "Set up, bring workspace/ up to date and open JupyterLab on it.")
    parser.add_argument(
        "--no-browser",
        action="store_true",
        default=os.environ.get("LABELSCHOOL_NO_BROWSER", "") not in ("", "0"),
        help="only print the address (also LABELSCHOOL_NO_BROWSER=1)",
    )
    options, passed_on = parser.parse_known_args(words)
    set_up()
    seeded = subprocess.run(
        [venv_python(), "-m", "labelschool.cli", "update", "--no-restore"], cwd=ROOT
    )
    if seeded.returncode:
        return seeded.returncode
    print("\nOpening Label School. Its address is below; Ctrl+C here ends it.", flush=True)
    return hand_over(lab_arguments(options.no_browser, passed_on), lab_environment())


def lab_arguments(no_browser, passed_on):
    """The command line of JupyterLab. A taken port is no trouble: it tries the next."""
    arguments = [
        *(venv_python(), "-m", "jupyterlab"),
        f"--ServerApp.root_dir={ROOT / 'workspace'}",
        "--LabApp.default_url=/lab/tree/start-here.ipynb",
        "--ServerApp.log_level=WARN",
        "--LabApp.log_level=WARN",
    ]
    if no_browser:
        arguments.append("--ServerApp.open_browser=False")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    return arguments + passed_on


def lab_environment():
    """The course's own Jupyter settings in front, `.venv/` first on the path (nbgrader calls
    alembic by name)."""
    path = os.pathsep.join([str(Path(venv_python()).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV)}
    environment.pop("PYTHONHOME", None)
    others = os.environ.get("JUPYTER_CONFIG_PATH")
    configs = [str(ROOT / "jupyter")] + ([others] if others else [])
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join(configs)
    return environment


def hand_over(arguments, environment):
    """Become that program, so that signals reach it; Windows knows no such thing and waits."""
    if not WINDOWS:
        os.chdir(ROOT)
        os.execve(arguments[0], arguments, environment)
    return wait_for(arguments, env=environment)


def wait_for(arguments, cwd=ROOT, env=None):
    """Run a program to its end; Ctrl+C is its business. Returns its exit code."""
    with subprocess.Popen(arguments, cwd=cwd, env=env) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


# test -------------------------------------------------------------------------------------------


def test_command(words):
    """``test [PART ...] [options of pytest]``"""
    parser = parser_for("test", "Set up with the test tools and run what this machine can run.")
    parser.add_argument("part", nargs="*", help=f"any of {', '.join(PARTS)}; all by default")
    options, passed_on = parser.parse_known_args(words)
    unknown = [part for part in options.part if part not in PARTS]
    if unknown:
        raise Stop(f"There is no part {unknown[0]!r} of the tests; there are {', '.join(PARTS)}.")
    folders, skipped = choose_parts(options.part or PARTS)
    for part, reason in skipped.items():
        print(f"skipped: {part} ({reason})", flush=True)
    if not folders:
        raise Stop("None of these tests can run on this machine.")
    set_up(dev=True)
    print(f"running: {', '.join(folders)}", flush=True)
    code = 0
    if "js" in folders:
        folders.remove("js")
        code = wait_for(
            ["node", "--test", *sorted(map(str, (ROOT / "tests/js").glob("*.test.js")))]
        )
    if folders:
        tests = [str(Path("tests") / part) for part in folders]
        together = ("-n", "auto", "--maxprocesses", "4")
        arguments = [venv_python(), "-m", "pytest", *together, *tests, *passed_on]
        environment = {**lab_environment(), "LABELSCHOOL_CHROMIUM": find_browser() or ""}
        code = wait_for(arguments, env=environment) or code
    for part, reason in skipped.items():
        print(f"skipped: {part} ({reason})")
    return code


def choose_parts(wanted):
    """Which parts can run here, and for the others why not."""
    skipped = {}
    for part in wanted:
        folder = ROOT / "tests" / part
        if not any(folder.rglob("*.test.js" if part == "js" else "test_*.py")):
            skipped[part] = f"tests/{part} holds no tests"
        elif part == "js" and not (shutil.which("node") and (ROOT / "node_modules").is_dir()):
            skipped[part] = "no Node or no node_modules/: `make widgets` installs what they need"
        elif part == "browser" and not find_browser():
            skipped[part] = f"no Chromium on this machine: none of {', '.join(BROWSERS)} on PATH"
    return [part for part in wanted if part not in skipped], skipped


def find_browser():
    """The Chromium of the browser tests: `$LABELSCHOOL_CHROMIUM`, else one on PATH, else None."""
    given = os.environ.get("LABELSCHOOL_CHROMIUM")
    return next(filter(None, map(shutil.which, [given] if given else BROWSERS)), None)


def parser_for(name, what):
    """An argument parser whose help bears the command's full name."""
    return argparse.ArgumentParser(prog=f"python -m labelschool {name}", description=what)


if __name__ == "__main__":
    sys.exit(main())
