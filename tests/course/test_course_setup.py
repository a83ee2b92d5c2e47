"""Setting up: quick when nothing changed, recovers when interrupted, says what is wrong."""

import json
import shutil
import socket
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest


@pytest.fixture
def environment(setup, small_course):
    return setup.Environment(small_course)


@pytest.fixture
def installed(environment, monkeypatch):
    """A set-up environment with stand-ins for Python and pip; gives the commands pip was given."""
    given = []

    def create():
        environment.scripts.mkdir(parents=True, exist_ok=True)
        (environment.prefix / "pyvenv.cfg").write_text("version = 3.11.7\n", encoding="utf-8")
        environment.python.touch()

    def run_logged(command):
        given.append(command)
        return 0

    monkeypatch.setattr(environment, "create", create)
    monkeypatch.setattr(environment, "run_logged", run_logged)
    environment.prepare()
    return given


def test_the_second_set_up_installs_nothing(environment, installed):
    environment.prepare()
    assert len(installed) == 1


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_new_requirement_is_installed(environment, installed, name):
    path = environment.root / name
    path.write_text(path.read_text(encoding="utf-8") + "numpy\n", encoding="utf-8")
    environment.prepare()
    assert len(installed) == 2


def test_another_python_sets_up_again(environment, installed):
    (environment.prefix / "pyvenv.cfg").write_text("version = 3.13.1\n", encoding="utf-8")
    environment.prepare()
    assert len(installed) == 2


def test_a_course_that_was_moved_is_set_up_again(setup, environment, installed):
    moved = environment.root.with_name("moved")
    environment.root.rename(moved)
    assert not setup.Environment(moved).is_current()


def test_an_interrupted_installation_is_taken_up_again(environment, installed, monkeypatch):
    path = environment.root / "requirements.txt"
    path.write_text("numpy\n", encoding="utf-8")

    def interrupted(command):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "run_logged", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.prepare()
    assert not environment.is_current()
    environment.prepare()
    assert environment.is_current()
    assert len(installed) == 2


def test_everything_is_installed_by_one_pip_command(environment, installed):
    (command,) = installed
    assert command[command.index("-r") + 1] == str(environment.root / "requirements-dev.txt")
    assert command[command.index("-e") + 1] == str(environment.root)


def test_figures_are_saved_with_a_notebook(environment, installed):
    settings = environment.prefix / "etc/jupyter/labconfig/default_setting_overrides.json"
    overrides = json.loads(settings.read_text(encoding="utf-8"))
    assert overrides["@jupyter-widgets/jupyterlab-manager:plugin"] == {"saveState": True}


def test_a_student_course_installs_the_short_list(setup, small_course):
    assert setup.requirements_file(small_course).name == "requirements-dev.txt"
    (small_course / "course" / "tree").mkdir(parents=True)
    assert setup.requirements_file(small_course).name == "requirements.txt"


def test_half_a_virtual_environment_is_made_anew(environment):
    environment.prefix.mkdir()
    (environment.prefix / "pyvenv.cfg").write_text("home = nowhere\n", encoding="utf-8")
    assert not environment.works()
    assert environment.is_disposable()


def test_a_folder_of_ones_own_named_venv_is_not_removed(setup, environment):
    environment.prefix.mkdir()
    kept = environment.prefix / "notes.txt"
    kept.write_text("mine", encoding="utf-8")
    with pytest.raises(setup.SetupError, match="is no virtual environment: move it away"):
        environment.create()
    assert kept.read_text(encoding="utf-8") == "mine"


def test_an_old_python_is_refused_in_one_sentence(setup, monkeypatch):
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    with pytest.raises(setup.SetupError, match=r"needs Python 3\.11 .* this is Python 3\.9"):
        setup.require_python()


def test_an_old_python_gives_way_to_a_newer_one_on_the_path(setup, monkeypatch):
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 2))
    newer = {"python3.12": "/somewhere/python3.12"}
    monkeypatch.setattr(setup.shutil, "which", newer.get)
    assert setup.require_python() == Path("/somewhere/python3.12")


def test_the_script_can_be_read_by_an_old_python(repository):
    import ast

    text = (repository / "tools" / "course_setup.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 7))


def test_a_python_without_venv_is_named(setup, environment, monkeypatch):
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(setup.SetupError, match="install its venv module"):
        environment.create()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: No matching distribution found for numpy", "check the network connection"),
        ("error: metadata-generation-failed", "pip failed: correct what it names"),
    ],
)
def test_a_failed_pip_is_explained_and_can_be_repeated(
    setup, environment, installed, monkeypatch, output, sentence
):
    environment.stamp.unlink()

    def fails(command):
        environment.log.write_text(output, encoding="utf-8")
        return 1

    monkeypatch.setattr(environment, "run_logged", fails)
    with pytest.raises(setup.SetupError, match=sentence) as caught:
        environment.prepare()
    assert output in str(caught.value)
    assert not environment.is_current()


def test_a_busy_port_is_refused_by_number(setup):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with pytest.raises(setup.SetupError, match=f"Port {port} is in use"):
            setup.require_free(port)
    setup.require_free(port)


def test_a_workspace_with_work_in_it_is_updated_and_never_built_again(
    setup, environment, monkeypatch
):
    mine = environment.root / "workspace" / "dltk" / "engine.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    (environment.root / "workspace" / "course" / "tree").mkdir(parents=True)
    released = []
    monkeypatch.setattr(environment, "run", lambda *given: released.append(given) or 1)
    assert setup.build_workspace(environment) == environment.root / "workspace"
    assert [given[-2:] for given in released] == [(str(environment.root / "workspace"), "--update")]
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_folder_of_ones_own_named_workspace_is_not_touched(setup, environment, monkeypatch):
    mine = environment.root / "workspace" / "notes.txt"
    mine.parent.mkdir()
    mine.write_text("mine", encoding="utf-8")
    monkeypatch.setattr(environment, "run", pytest.fail)
    with pytest.raises(setup.SetupError, match="is no student course: move it away"):
        setup.build_workspace(environment)
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_workspace_appears_whole_or_not_at_all(setup, environment, monkeypatch):
    unfinished = environment.root / "build" / "workspace"

    def dies_midway(*arguments):
        unfinished.mkdir(parents=True)
        return 1

    monkeypatch.setattr(environment, "run", dies_midway)
    with pytest.raises(setup.SetupError):
        setup.build_workspace(environment)
    assert not (environment.root / "workspace").exists()

    def finishes(*arguments):
        (unfinished / "course" / "tree").mkdir(parents=True)
        return 0

    monkeypatch.setattr(environment, "run", finishes)
    setup.build_workspace(environment)
    assert setup.is_student_course(environment.root / "workspace")


def test_the_kernel_of_a_course_imports_that_course_first(environment, installed):
    data = environment.kernels_for(environment.root / "workspace")
    kernel = json.loads((data / "kernels/python3/kernel.json").read_text(encoding="utf-8"))
    assert kernel["env"] == {"PYTHONPATH": str(environment.root / "workspace")}
    assert kernel["argv"][0] == str(environment.python)
    assert data != environment.kernels_for(environment.root / "elsewhere")


def test_lab_opens_the_workspace_and_takes_jupyter_arguments(
    setup, environment, installed, monkeypatch
):
    started = []
    monkeypatch.setattr(environment, "replace_this_process", lambda *given: started.append(given))
    (environment.root / "workspace" / "course" / "tree").mkdir(parents=True)
    monkeypatch.setattr(environment, "run", lambda *given: 0)
    setup.lab(environment, Namespace(port=None, browser=False), ["--ServerApp.token=x"])
    ((command, variables),) = started
    assert f"--ServerApp.root_dir={environment.root / 'workspace'}" in command
    assert "--no-browser" in command
    assert command[-1] == "--ServerApp.token=x"
    assert variables["JUPYTER_PATH"].startswith(str(environment.prefix))
    assert "PYTHONPATH" not in variables


def test_clean_keeps_the_workspace_and_the_environment(setup, small_course):
    for name in ("workspace", ".venv", "build", "dist", "dltk/__pycache__"):
        (small_course / name).mkdir(parents=True)
    setup.clean(small_course, everything=False)
    left = {path.name for path in small_course.iterdir() if path.is_dir()}
    assert left == {"workspace", ".venv", "dltk"}
    assert not (small_course / "dltk" / "__pycache__").exists()


def test_an_unknown_command_names_the_commands_there_are(repository):
    script = repository / "tools" / "course_setup.py"
    done = subprocess.run([sys.executable, script, "lb"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "'lab'" in done.stderr


@pytest.mark.slow
def test_a_real_environment_is_made_in_a_path_with_a_space(small_course, repository):
    (small_course / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[project]\nname = "small"\nversion = "1"\n',
        encoding="utf-8",
    )
    shutil.copy(repository / "tests/course/editable_backend.py", small_course / "backend.py")
    (small_course / "tools").mkdir()
    script = small_course / "tools" / "course_setup.py"
    shutil.copy(repository / "tools" / "course_setup.py", script)
    python = [sys.executable, str(script)]
    first = subprocess.run([*python, "setup"], capture_output=True, text=True)
    assert first.returncode == 0, first.stderr
    assert "Making the virtual environment" in first.stdout
    second = subprocess.run([*python, "run", "small"], capture_output=True, text=True)
    assert second.stdout == "small runs\n", second.stderr
