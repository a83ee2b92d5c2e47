"""The parts of the course agree: labs, blanks, checks and misconceptions name the same tasks."""

import ast
import re
from pathlib import Path

import pytest

from autograder import checks, imports, misconceptions, solutions, variants
from autograder.course import Course

COURSE = Course.find(Path(__file__).parent)
LABS = [lab.id for lab in COURSE.labs]
CODE = [task.id for lab in COURSE.labs for task in lab.tasks if task.kind == "code"]
ROOT = COURSE.root
MODULES = {
    path.relative_to(ROOT)
    .with_suffix("")
    .as_posix()
    .removesuffix("/__init__")
    .replace("/", "."): path
    for folder in ("autograder", "dltk")
    for path in sorted((ROOT / folder).rglob("*.py"))
}
LAYERS = [
    {"wire", "course", "sources", "files"},
    {"worker", "solutions", "imports"},
    {"sandbox", "checks", "misconceptions"},
    {"oracle", "compare", "running", "diagnosis", "messages"},
    {"tree"},
    {"variants"},
    {"answers"},
    {"verdict"},
    {"session"},
]


@pytest.fixture(scope="module")
def blanks():
    return solutions.blanks_of(COURSE)


@pytest.mark.parametrize("task", CODE)
def test_every_code_task_has_a_blank_in_a_file_of_its_lab(task, blanks):
    assert blanks.get(task), f"{task} has no blank"
    for path, _ in blanks[task]:
        assert COURSE.owner(path) is COURSE.lab(task.partition(".")[0])


@pytest.mark.parametrize("task", CODE)
def test_every_code_task_has_a_check(task):
    assert [item for item in checks.load(task.partition(".")[0], COURSE) if item.task == task]


@pytest.mark.parametrize("task", CODE)
def test_every_code_task_has_three_misconceptions(task):
    found = misconceptions.load(task.partition(".")[0], COURSE)
    assert len([item for item in found if item.task == task and not item.right]) >= 3


def test_every_blank_belongs_to_a_code_task(blanks):
    assert set(blanks) == set(CODE)


def test_no_file_outside_the_labs_has_a_blank():
    owned = {path for lab in COURSE.labs for path in lab.files}
    for path in sorted((ROOT / "dltk").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name not in owned:
            assert solutions.blanks_in(path.read_text(encoding="utf-8"), name) == []


@pytest.mark.parametrize("lab", LABS)
def test_checks_and_misconceptions_name_tasks_of_their_lab(lab):
    """`load` refuses others; this loads them all, and every body fits its blank."""
    tasks = {task.id for task in COURSE.lab(lab).automatic_tasks}
    assert {item.task for item in checks.load(lab, COURSE)} <= tasks
    for item in misconceptions.load(lab, COURSE):
        assert item.task in tasks
        assert variants.with_misconception(COURSE, item) != variants.reference(COURSE, lab)


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_has_a_hundred_points_ten_of_them_written(lab):
    lab = COURSE.lab(lab)
    assert lab.points == 100
    assert [task.points for task in lab.tasks if task.kind == "written"] == [10]
    assert lab.automatic_points == 90


@pytest.mark.parametrize("path", [path for lab in COURSE.labs for path in lab.files])
def test_the_reference_keeps_to_what_its_lab_may_import(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert imports.forbidden(text, path, COURSE.owner(path)) is None


@pytest.mark.parametrize("path", [path for lab in COURSE.labs for path in lab.files])
def test_a_blank_file_can_be_imported_and_keeps_every_signature(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    blank = solutions.blank(text, path=path)

    def signatures(source):
        return {
            ast.unparse(node.args)
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.FunctionDef) and ast.get_docstring(node)
        }

    assert signatures(blank) <= signatures(text)
    assert "SOLUTION" not in blank


@pytest.mark.parametrize("lab", LABS)
def test_a_sentence_of_a_misconception_is_read_after_if(lab):
    for item in misconceptions.load(lab, COURSE):
        if not item.right:
            assert "\n" not in item.sentence
            assert not re.match(r"(If|You|Your|When)\b", item.sentence), item.id


def imported(name, at_import_only=False):
    """The modules that a module names in its imports, `TYPE_CHECKING` blocks aside."""
    path = MODULES[name]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if at_import_only and isinstance(node, ast.FunctionDef):
            continue
        pending.extend(ast.iter_child_nodes(node))
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("dltk")])
def test_dltk_imports_neither_torch_nor_the_grader(name):
    roots = {module.partition(".")[0] for module in imported(name)}
    assert not roots & {"torch", "autograder"}


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("autograder")])
def test_only_the_oracle_imports_torch(name):
    if not name.startswith("autograder.oracle"):
        assert "torch" not in {module.partition(".")[0] for module in imported(name)}


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("autograder.worker")])
def test_the_worker_imports_nothing_of_the_grader_but_the_wire(name):
    for module in imported(name):
        parts = module.split(".")
        if parts[0] == "autograder" and len(parts) > 1:
            assert parts[1] in ("wire", "worker"), f"{name} imports {module}"


def test_imports_of_the_grader_point_one_way():
    rank = {part: number for number, layer in enumerate(LAYERS) for part in layer}
    above = len(LAYERS)
    for name in MODULES:
        own = name.split(".")[1:2]
        if not name.startswith("autograder.") or own[0] not in rank:
            continue
        for module in imported(name):
            part = module.split(".")[1:2]
            if f"autograder.{'.'.join(part)}" in MODULES and module.startswith("autograder."):
                assert rank.get(part[0], above) <= rank[own[0]], f"{name} imports {module}"


def test_a_module_of_the_grader_that_a_student_has_needs_no_misconceptions():
    for name in MODULES:
        if re.match(r"autograder\.(misconceptions|release|nbgrader|variants)\b", name):
            continue
        if re.match(r"autograder\.(session|answers|checks|tree|verdict|notebook)\b", name):
            needs = [module for module in imported(name, at_import_only=True)]
            assert "autograder.misconceptions" not in needs, name
