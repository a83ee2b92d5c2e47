"""The lists of packages agree with each other, and the Makefile with the script behind it."""

import re
import tomllib

import yaml


def _project(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))["project"]


def test_conda_installs_what_requirements_txt_lists(repository, setup):
    environment = yaml.safe_load((repository / "environment.yml").read_text(encoding="utf-8"))
    pip = next(item for item in environment["dependencies"] if isinstance(item, dict))["pip"]
    assert pip == [*setup.requirement_lines(repository / "requirements.txt"), "-e ."]


def test_conda_installs_a_python_the_course_supports(repository, setup):
    environment = yaml.safe_load((repository / "environment.yml").read_text(encoding="utf-8"))
    oldest, newest = setup.OLDEST_PYTHON[1], setup.NEWEST_PYTHON[1]
    assert f"python>=3.{oldest},<3.{newest + 1}" in environment["dependencies"]


def test_the_oldest_python_is_the_same_everywhere(repository, setup):
    for path in (repository / "pyproject.toml", repository / "tools/student/pyproject.toml"):
        assert _project(path)["requires-python"] == f">=3.{setup.OLDEST_PYTHON[1]}"
    workflow = (repository / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    tested = yaml.safe_load(workflow)["jobs"]["course"]["strategy"]["matrix"]["python"]
    assert tested == [f"3.{setup.OLDEST_PYTHON[1]}", f"3.{setup.NEWEST_PYTHON[1]}"]


def test_the_student_course_installs_the_same_commands(repository):
    ours = _project(repository / "pyproject.toml")
    theirs = _project(repository / "tools/student/pyproject.toml")
    for key in ("name", "version", "description", "scripts"):
        assert theirs[key] == ours[key]


def test_authors_install_everything_a_student_does(repository, setup):
    student = setup.requirement_lines(repository / "requirements.txt")
    author = setup.requirement_lines(repository / "requirements-dev.txt")
    assert set(student) < set(author)


def test_torch_is_pinned_beside_everything_else(repository, setup):
    assert "torch==2.13.0" in setup.requirement_lines(repository / "requirements.txt")


def _targets(makefile):
    text = makefile.read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE).group(1).split()
    called = dict(re.findall(r"^([\w-]+):\n\t@\$\(COURSE\) ([\w-]+)", text, re.MULTILINE))
    return text, phony, called


def test_every_make_target_is_a_command_of_the_script_and_is_in_its_help(repository, setup):
    for makefile, commands in (
        (repository / "Makefile", setup.AUTHOR_COMMANDS),
        (repository / "tools/student/Makefile", setup.STUDENT_COMMANDS),
    ):
        text, phony, called = _targets(makefile)
        assert set(phony) == {"help", *called}
        for target, command in called.items():
            assert target == command
            assert command in commands
            assert f'@echo "make {target} ' in text


def test_no_file_of_the_setup_names_a_package_index(repository):
    files = ["Makefile", "requirements.txt", "requirements-dev.txt", "environment.yml"]
    files += ["tools/course_setup.py", ".ci/run", ".github/workflows/ci.yml"]
    for name in files:
        assert "://" not in (repository / name).read_text(encoding="utf-8"), name
