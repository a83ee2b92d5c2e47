"""Set up the course and run its commands, with nothing but Python.

The Makefile calls this file; without make, call it yourself:

    python tools/course_setup.py lab --no-browser --port 8899

It works in the course's repository and in a student course made by `make release`,
and tells them apart by the folder `course/tree`. It must stay readable for Python 3.7,
so that an old Python can say what is wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 13)
STUDENT_COMMANDS = ("setup", "lab", "check", "submit", "frameworks", "run", "clean")
AUTHOR_COMMANDS = (
    "setup",
    "lab",
    "site",
    "test",
    "test-slow",
    "test-site",
    "grade",
    "release",
    "lint",
    "bench",
    "frameworks",
    "run",
    "clean",
)
OFFLINE_SIGNS = (
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "Could not find a version that satisfies",
    "No matching distribution found",
    "ProxyError",
    "ReadTimeoutError",
)


class SetupError(Exception):
    """One sentence: what is wrong and what to do."""


def is_student_course(root: Path) -> bool:
    return (root / "course" / "tree").is_dir()


def require_python() -> Path:
    """A Python that can run the course: this one, or a newer one found on PATH.

    Raises SetupError when there is none.
    """
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Path(sys.executable)
    for minor in range(NEWEST_PYTHON[1], OLDEST_PYTHON[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return Path(found)
    raise SetupError(
        "The course needs Python {}.{} or newer and this is Python {}.{}: install a newer one "
        "and run again, for example make lab PYTHON=python3.12.".format(
            *OLDEST_PYTHON, *sys.version_info[:2]
        )
    )


def requirements_file(root: Path) -> Path:
    return root / ("requirements.txt" if is_student_course(root) else "requirements-dev.txt")


def requirement_lines(path: Path) -> list[str]:
    """The requirements in a file, those of the files it names with -r included."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line.startswith("-r "):
            lines += requirement_lines(path.parent / line[3:].strip())
        elif line:
            lines.append(line)
    return lines


class Environment:
    """The packages the course runs on: `.venv`, or with `own=False` the Python that runs this."""

    def __init__(self, root: Path, own: bool = True) -> None:
        self.root = root
        self.own = own
        self.prefix = root / ".venv" if own else Path(sys.prefix)
        self.stamp = self.prefix / "dltk-course-setup.txt"
        self.log = self.prefix / "dltk-course-setup.log"

    @property
    def scripts(self) -> Path:
        return self.prefix / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        if not self.own:
            return Path(sys.executable)
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    def variables(self) -> dict[str, str]:
        """What a program of the course runs with; the user's own PYTHONPATH is left out."""
        left_out = ("PYTHONPATH", "PYTHONHOME")
        variables = {key: value for key, value in os.environ.items() if key not in left_out}
        variables["PATH"] = str(self.scripts) + os.pathsep + variables.get("PATH", "")
        if self.own:
            variables["VIRTUAL_ENV"] = str(self.prefix)
        return variables

    def fingerprint(self) -> str:
        """Changes when a requirement, the package's own metadata, its place or Python change."""
        import tomllib

        metadata = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        facts = [
            requirement_lines(requirements_file(self.root)),
            metadata.get("build-system"),
            metadata.get("project"),
            metadata.get("tool", {}).get("setuptools"),
            str(self.root),
            str(self.prefix),
            self.python_version(),
        ]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    def python_version(self) -> str:
        """From pyvenv.cfg, which is quicker than asking the interpreter."""
        settings = self.prefix / "pyvenv.cfg"
        return settings.read_text(encoding="utf-8") if settings.exists() else sys.version

    def is_current(self) -> bool:
        return (
            self.python.exists()
            and self.stamp.exists()
            and self.stamp.read_text(encoding="utf-8") == self.fingerprint()
        )

    def prepare(self) -> None:
        """Make the environment and install the course into it, unless nothing changed."""
        if self.is_current():
            return
        if self.own:
            self.create()
        self.stamp.unlink(missing_ok=True)
        say(f"Installing the course's packages into {self.prefix} (some minutes the first time).")
        command = [str(self.python), "-m", "pip", "install", "--no-input"]
        command += ["--disable-pip-version-check", "-r", str(requirements_file(self.root))]
        if self.run_logged([*command, "-e", str(self.root)]) != 0:
            raise SetupError(self.explain_pip())
        self.set_up_jupyterlab()
        self.stamp.write_text(self.fingerprint(), encoding="utf-8")

    def create(self) -> None:
        """Make `.venv`; one that is whole is kept, one that an interruption left behind is not."""
        if self.works():
            return
        if self.prefix.exists() and not self.is_disposable():
            raise SetupError(
                f"{self.prefix} is there but is no virtual environment: move it away, run again."
            )
        if importlib.util.find_spec("ensurepip") is None or not importlib.util.find_spec("venv"):
            raise SetupError(
                "This Python cannot make virtual environments: install its venv module "
                "(on Debian and Ubuntu: sudo apt install python3-venv) and run again."
            )
        say(f"Making the virtual environment {self.prefix}.")
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(self.prefix)])
        if made.returncode != 0 or not self.works():
            raise SetupError(
                f"Python could not make the virtual environment {self.prefix}: see the lines above."
            )

    def works(self) -> bool:
        """Whether `.venv` has a Python of a supported version, with pip, that runs."""
        if not self.python.exists():
            return False
        probe = f"import pip, sys; sys.exit(sys.version_info[:2] < {OLDEST_PYTHON!r})"
        return subprocess.run([str(self.python), "-c", probe], capture_output=True).returncode == 0

    def is_disposable(self) -> bool:
        return (self.prefix / "pyvenv.cfg").exists() or not any(self.prefix.iterdir())

    def run_logged(self, command: list[str]) -> int:
        """Run with the output in the log; on a terminal, show the seconds that pass."""
        began = time.monotonic()
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env=self.variables(), cwd=self.root
            )
            try:
                while process.poll() is None:
                    time.sleep(0.5)
                    if sys.stderr.isatty():
                        sys.stderr.write(f"\r  {time.monotonic() - began:.0f} s ")
                        sys.stderr.flush()
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait()
        if sys.stderr.isatty():
            sys.stderr.write("\r")
        return process.returncode

    def explain_pip(self) -> str:
        output = self.log.read_text(encoding="utf-8", errors="replace")
        last = "\n".join(f"  {line}" for line in output.splitlines()[-5:])
        if any(sign in output for sign in OFFLINE_SIGNS):
            cause = "pip did not find a package: check the network connection (and that Python "
            cause += "is {}.{} to {}.{}) and run again".format(*OLDEST_PYTHON, *NEWEST_PYTHON)
        else:
            cause = "pip failed: correct what it names and run again"
        return f"{cause}; what is installed is kept. All it said: {self.log}. Its end:\n{last}"

    def set_up_jupyterlab(self) -> None:
        """It opens the authors' .md notebooks on double click, and asks for no news.

        Figures are saved with a notebook, so that they are there when it is opened again.
        """
        overrides = {
            "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
            "@jupyterlab/apputils-extension:notification": {
                "checkForUpdates": False,
                "doNotDisturbMode": False,
                "fetchNews": "false",
            },
        }
        if not is_student_course(self.root):
            overrides["@jupyterlab/docmanager-extension:plugin"] = {
                "defaultViewers": {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}
            }
        folder = self.prefix / "etc" / "jupyter" / "labconfig"
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(overrides, indent=2) + "\n"
        (folder / "default_setting_overrides.json").write_text(text, encoding="utf-8")

    def kernels_for(self, course: Path) -> Path:
        """A Jupyter data folder whose `python3` kernel imports the packages of `course` first."""
        name = hashlib.sha256(str(course).encode()).hexdigest()[:12]
        data = self.prefix / "share" / "dltk-course" / name
        folder = data / "kernels" / "python3"
        folder.mkdir(parents=True, exist_ok=True)
        kernel = {
            "argv": [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "Python 3",
            "language": "python",
            "metadata": {"debugger": True},
            "env": {"PYTHONPATH": str(course)},
        }
        (folder / "kernel.json").write_text(json.dumps(kernel, indent=2), encoding="utf-8")
        return data

    def replace_this_process(self, arguments: list[str], variables: dict[str, str]) -> int:
        """Become `python arguments`, so that signals and the exit status are its own."""
        command = [str(self.python), *arguments]
        sys.stdout.flush()
        if os.name != "nt":
            os.chdir(self.root)
            os.execve(command[0], command, variables)
        with contextlib.suppress(KeyboardInterrupt):
            return subprocess.run(command, env=variables, cwd=self.root).returncode
        return 130

    def run(self, *arguments: str) -> int:
        command = [str(self.python), *arguments]
        return subprocess.run(command, env=self.variables(), cwd=self.root).returncode


def say(sentence: str) -> None:
    print(sentence, flush=True)


def jupyterlab(
    environment: Environment, course: Path, browser: bool, port: int | None
) -> tuple[list[str], dict[str, str]]:
    """What serves `course`: the arguments for Python, and the variables it runs with.

    With `port` None, Jupyter finds a free one.
    """
    arguments = ["-m", "jupyterlab", f"--ServerApp.root_dir={course}"]
    if not browser:
        arguments.append("--no-browser")
    if port is not None:
        arguments += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    variables = environment.variables()
    paths = [str(environment.kernels_for(course)), variables.get("JUPYTER_PATH", "")]
    variables["JUPYTER_PATH"] = os.pathsep.join(filter(None, paths))
    return arguments, variables


def require_free(port: int) -> None:
    """Raises SetupError when something on this machine already listens on the port."""
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise SetupError(
                f"Port {port} is in use: stop what runs there, or choose another with --port."
            ) from None


def build_workspace(environment: Environment) -> Path:
    """The student course in `workspace/`: made once, then kept up to date around one's work."""
    workspace = environment.root / "workspace"
    release = ("-m", "autograder", "release", "--to")
    if is_student_course(workspace):
        if environment.run(*release, str(workspace), "--update") != 0:
            say("workspace/ was not brought up to date and stays as it is: see the lines above.")
        return workspace
    if workspace.exists() and (not workspace.is_dir() or any(workspace.iterdir())):
        raise SetupError(
            f"{workspace} is there but is no student course: move it away and run again; "
            "nothing in it was changed."
        )
    say(f"Building the student course in {workspace}.")
    unfinished = environment.root / "build" / "workspace"
    shutil.rmtree(unfinished, ignore_errors=True)
    if environment.run(*release, str(unfinished)) != 0:
        raise SetupError("The student course could not be built: see the lines above.")
    if workspace.exists():
        workspace.rmdir()
    unfinished.rename(workspace)
    return workspace


def lab(environment: Environment, options: argparse.Namespace, more: list[str]) -> int:
    if options.port is not None:
        require_free(options.port)
    root = environment.root
    course = root if is_student_course(root) else build_workspace(environment)
    say(f"Opening JupyterLab on {course}. Ctrl-C ends it; your work stays.")
    arguments, variables = jupyterlab(environment, course, options.browser, options.port)
    return environment.replace_this_process(arguments + more, variables)


def pytest(environment: Environment, selection: str, more: list[str]) -> int:
    variables = environment.variables()
    variables.setdefault("OMP_NUM_THREADS", "1")
    arguments = ["-m", "pytest", "-m", selection, "-n", "auto", "--maxprocesses=4", "-q"]
    arguments += ["--dist", "loadgroup"]
    return environment.replace_this_process(arguments + more, variables)


def site_tests(environment: Environment, more: list[str]) -> int:
    """Make the book, then look at every page of it in a browser."""
    if environment.run("tools/book.py") != 0:
        return 1
    arguments = ["-m", "pytest", "tests/site", "-q", "-s"]
    return environment.replace_this_process(arguments + more, environment.variables())


def lint(environment: Environment) -> int:
    """Run every linter, so that one run names everything there is to correct."""
    steps = (
        ("-m", "ruff", "check"),
        ("-m", "ruff", "format", "--check"),
        ("-m", "mypy"),
        ("tools/lint_notebooks.py",),
    )
    failed = [" ".join(step) for step in steps if environment.run(*step) != 0]
    if failed:
        say("lint: failed: " + "; ".join(failed))
        return 1
    say("lint: clean")
    return 0


def clean(root: Path, everything: bool) -> int:
    """Remove what can be made again. `workspace/` holds work and is never touched."""
    removable = ["build", "dist", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"]
    if everything:
        removable.append(".venv")
    for name in removable:
        shutil.rmtree(root / name, ignore_errors=True)
    for name in (
        "autograder",
        "benchmarks",
        "comparison",
        "dltk",
        "examples",
        "tests",
        "tools",
        "visuals",
    ):
        for folder in sorted((root / name).rglob("__pycache__"), reverse=True):
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def parser(student: bool) -> argparse.ArgumentParser:
    commands = STUDENT_COMMANDS if student else AUTHOR_COMMANDS
    arguments = argparse.ArgumentParser(
        prog="course_setup.py",
        description="Set up the course and run its commands. Arguments not listed here go to the "
        "program that is run: JupyterLab, pytest or autograder.",
    )
    arguments.add_argument("command", choices=commands)
    arguments.add_argument(
        "--this-python",
        action="store_true",
        help="use the Python that runs this file (a conda environment), not .venv",
    )
    arguments.add_argument(
        "--no-browser", dest="browser", action="store_false", help="lab: do not open a browser"
    )
    arguments.add_argument("--port", type=int, help="lab: the port to serve on, and no other")
    arguments.add_argument("--all", action="store_true", help="clean: remove .venv as well")
    return arguments


def dispatch(options: argparse.Namespace, more: list[str]) -> int:
    if options.command == "clean":
        return clean(ROOT, options.all)
    environment = Environment(ROOT, own=not options.this_python)
    environment.prepare()
    run_program = environment.replace_this_process
    variables = environment.variables()
    if options.command == "setup":
        say(f"Ready: {environment.python}")
        return 0
    if options.command == "lab":
        return lab(environment, options, more)
    if options.command == "test":
        return pytest(environment, "not slow", more)
    if options.command == "test-slow":
        return pytest(environment, "slow", ["--ignore=tests/site", *more])
    if options.command == "test-site":
        return site_tests(environment, more)
    if options.command == "lint":
        return lint(environment)
    if options.command == "run":
        script = bool(more) and more[0].endswith(".py")
        return run_program(more if script else ["-m", *more], variables)
    programs = {
        "check": ["-m", "autograder", "check"],
        "submit": ["-m", "autograder", "submit"],
        "grade": ["examples/grade_class.py"],
        "site": ["tools/book.py"],
        "release": ["-m", "autograder", "release", "--to", "dist/student"],
        "bench": ["benchmarks/run.py"],
        "frameworks": ["comparison/run.py"],
    }
    return run_program(programs[options.command] + more, variables)


def main() -> int:
    try:
        python = require_python()
        if python != Path(sys.executable):
            return subprocess.call([str(python), __file__, *sys.argv[1:]])
        return dispatch(*parser(is_student_course(ROOT)).parse_known_args())
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; run the same command again to go on.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
