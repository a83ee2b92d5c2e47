"""A release is refused, naming file and line, by every defect that could reach students."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import release
from autograder.course import Course
from autograder.release import ReleaseError
from autograder.release.student_course import refuse_defects

Edit = Callable[[str, str, str], None]
ENGINE = "dltk/autograd/engine.py"
NOTEBOOK = "labs/lab3-reverse-mode.md"


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def refusal(root: Path) -> str:
    with pytest.raises(ReleaseError) as refused:
        release.make(root, root.parent / "student")
    assert not (root.parent / "student").exists()
    return str(refused.value)


def test_the_copy_itself_has_no_defect(reference: Path) -> None:
    refuse_defects(Course.load(reference))


def test_an_end_without_a_begin_is_refused(reference: Path, edit: Edit) -> None:
    line = line_of(reference / ENGINE, "# BEGIN SOLUTION lab3.engine")
    edit(ENGINE, "    # BEGIN SOLUTION lab3.engine\n", "    # begins here\n")
    told = refusal(reference)
    assert f"{ENGINE}:" in told
    assert int(told.split(f"{ENGINE}:")[1].split(":")[0]) > line


def test_a_begin_without_an_end_is_refused(reference: Path, edit: Edit) -> None:
    path = "dltk/layout/strides.py"
    line = line_of(reference / path, "# BEGIN SOLUTION lab1.strides")
    edit(path, "    # END SOLUTION", "    # ends here")
    assert refusal(reference) == f"{path}:{line}: the solution of lab1.strides does not end."


def test_a_nested_marker_is_refused(reference: Path, edit: Edit) -> None:
    marker = "    # BEGIN SOLUTION lab3.engine\n"
    line = line_of(reference / ENGINE, marker.strip())
    edit(ENGINE, marker, marker * 2)
    assert f"{ENGINE}:{line + 1}: " in refusal(reference)


def test_a_blank_of_an_unknown_task_is_refused(reference: Path, edit: Edit) -> None:
    line = line_of(reference / ENGINE, "# BEGIN SOLUTION lab3.engine")
    edit(ENGINE, "# BEGIN SOLUTION lab3.engine", "# BEGIN SOLUTION lab3.motor")
    assert f"{ENGINE}:{line}: lab3.motor is no task of lab3" in refusal(reference)


def test_a_blank_of_another_labs_task_is_refused(reference: Path, edit: Edit) -> None:
    edit(ENGINE, "# BEGIN SOLUTION lab3.engine", "# BEGIN SOLUTION lab1.view")
    assert "lab1.view is no task of lab3, which owns the file" in refusal(reference)


def test_a_solution_in_a_given_file_is_refused(reference: Path) -> None:
    given = reference / "dltk" / "given.py"
    given.write_text(
        'def f():\n    """What."""\n    # BEGIN SOLUTION lab3.engine\n    return 1\n'
        "    # END SOLUTION\n"
    )
    assert "dltk/given.py:3: a solution in a file that" in refusal(reference)


def test_a_marker_that_does_not_cover_the_whole_body_is_refused(
    reference: Path, edit: Edit
) -> None:
    line = line_of(reference / ENGINE, "# BEGIN SOLUTION lab3.engine")
    edit(ENGINE, "    # BEGIN", "    early = 1\n    # BEGIN")
    assert f"{ENGINE}:{line + 1}: " in refusal(reference)


def test_a_marker_inside_a_text_is_refused(reference: Path, edit: Edit) -> None:
    edit(
        "dltk/autograd/modes.py",
        '"""',
        '"""\n    # BEGIN SOLUTION lab3.record\n    text\n    # END SOLUTION\n',
    )
    assert "dltk/autograd/modes.py:2: " in refusal(reference)


def test_a_task_without_blank_check_and_misconception_is_refused(
    reference: Path, edit: Edit
) -> None:
    edit(
        "labs/course.toml",
        '[[lab.task]]\nid = "lab3.written"',
        '[[lab.task]]\nid = "lab3.extra"\ntitle = "More"\nkind = "code"\npoints = 5\nneeds = []\n\n'
        '[[lab.task]]\nid = "lab3.written"',
    )
    line = line_of(reference / "labs/course.toml", '"lab3.extra"')
    told = refusal(reference)
    assert f"labs/course.toml:{line}: lab3.extra has no blank" in told
    assert f"labs/course.toml:{line}: lab3.extra has no check" in told
    assert f"labs/course.toml:{line}: lab3.extra has no misconception" in told


def test_a_point_without_a_line_a_student_writes_is_refused(reference: Path) -> None:
    file = reference / ENGINE
    lines = file.read_text().splitlines()
    begin = next(n for n, line in enumerate(lines) if "# BEGIN SOLUTION lab3.engine" in line)
    end = next(n for n, line in enumerate(lines) if n > begin and "# END SOLUTION" in line)
    file.write_text("\n".join([*lines[: begin + 1], "    pass", *lines[end:]]) + "\n")
    assert f"{ENGINE}:{begin + 1}: lab3.engine gives points and run has no line" in refusal(
        reference
    )


def test_a_lost_owned_file_is_refused(reference: Path) -> None:
    (reference / ENGINE).unlink()
    assert f"{ENGINE}, owned by lab3, is not there" in refusal(reference)


def test_a_solution_line_that_survives_anywhere_is_refused(reference: Path) -> None:
    from autograder.release import reference as examined

    course = Course.load(reference)
    found, _ = examined.blanks(course)
    longest = max(
        examined.secrets(course, course.lab("lab3"), found), key=lambda line: len(line.text)
    )
    (reference / "lectures" / "00-welcome.md").write_text(
        (reference / "lectures" / "00-welcome.md").read_text()
        + "\nA hint:\n\n```\n"
        + longest.text
        + "\n```\n"
    )
    told = refusal(reference)
    assert f"{longest.path}:{longest.line}: " in told
    assert "survives in lectures/00-welcome.ipynb" in told


def test_an_answer_that_survives_in_a_notebook_is_refused(reference: Path, edit: Edit) -> None:
    edit(NOTEBOOK, "The end.", "Because the author of the reference says so.")
    line = line_of(reference / NOTEBOOK, "Because the author")
    assert f"{NOTEBOOK}:{line}: this line of a solution survives in labs/" in refusal(reference)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('check("lab3.engine")', 'check("lab3.motor")', "lab3 has no task 'lab3.motor'"),
        ('check("lab3.engine")', 'check("lab1.view")', "lab3 has no task 'lab1.view'"),
        ('check("lab3.engine")', 'check("lab3.written")', "lab3.written is a written task"),
        ('check("lab3.engine")', 'x = 1\ncheck("lab3.engine")', "holds nothing but that call"),
        ('check("lab3.engine")', 'check("lab3.engine", 2)', "check() has one argument"),
        ('check("lab3.engine")', 'check("lab3.engine"', "is not valid Python"),
        ("task:lab3.written", "task:lab3.essay", "lab3 has no task 'lab3.essay'"),
        ("task:lab3.written", "task:lab3.engine", "only the answer of a written task"),
        ("<!-- END SOLUTION -->", "", "without an END SOLUTION"),
        ("<!-- BEGIN SOLUTION -->", "", "END SOLUTION without a BEGIN"),
        ("<!-- BEGIN SOLUTION -->", "BEGIN SOLUTION", "a marker in a markdown cell is a line"),
        ("{{ lab3.points }}", "{{ lab3.pints }}", "there is only points and title"),
        ("{{ lab3.points }}", "{{ lab9.points }}", "no lab 'lab9'"),
        ("## {{ lab3.engine.title }}", "## Engine (20 points)", "a heading states points"),
    ],
)
def test_a_malformed_cell_is_refused_with_its_line(
    reference: Path, edit: Edit, old: str, new: str, told: str
) -> None:
    edit(NOTEBOOK, old, new)
    refused = refusal(reference)
    assert told in refused
    assert refused.startswith(f"{NOTEBOOK}:")
    line = int(refused.split(":")[1])
    near = (reference / NOTEBOOK).read_text().splitlines()[line - 1 : line + 3]
    assert line > 9
    assert any(part in "\n".join(near) for part in (new, "lab3.engine", "SOLUTION")), near


def test_a_task_without_its_cell_is_refused(reference: Path, edit: Edit) -> None:
    edit(NOTEBOOK, 'check("lab3.engine")', "1 + 1")
    assert 'lab3.engine has 20 points and no cell here; it needs check("lab3.engine")' in refusal(
        reference
    )


def test_two_cells_of_a_task_are_refused(reference: Path, edit: Edit) -> None:
    cell = '```{code-cell} ipython3\ncheck("lab3.engine")\n```\n'
    edit(NOTEBOOK, cell, cell + "\nagain\n\n" + cell)
    assert "a second cell of lab3.engine" in refusal(reference)


def test_a_lost_notebook_is_refused(reference: Path) -> None:
    (reference / NOTEBOOK).unlink()
    assert f"{NOTEBOOK}:1: the notebook that course.toml names is not there" in refusal(reference)


def test_a_notebook_with_outputs_left_in_labs_is_refused(reference: Path) -> None:
    (reference / "labs" / "lab3-reverse-mode.ipynb").write_text("{}")
    assert "labs/lab3-reverse-mode.ipynb:1: notebooks are written as MyST text" in refusal(
        reference
    )


def test_all_defects_are_told_at_once(reference: Path, edit: Edit) -> None:
    edit(ENGINE, "# BEGIN SOLUTION lab3.engine", "# BEGIN SOLUTION lab3.motor")
    edit(NOTEBOOK, 'check("lab3.engine")', 'check("lab3.motor")')
    told = refusal(reference)
    assert ENGINE in told
    assert NOTEBOOK in told
