"""The tree that is graded: whose file stands where, and what is said about the rest."""

import tempfile
from pathlib import Path

import pytest

from autograder import tree, variants
from autograder.course import Course


def files_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.py")
    }


@pytest.fixture
def solved(course):
    return variants.reference(course, "lab2")


def test_given_files_and_earlier_labs_are_the_references_and_later_labs_blank(
    course, solved, tmp_path
):
    report = tree.build(course, "lab2", solved, tmp_path)
    built = files_in(tmp_path)
    assert set(built) == {f"dltk/{path.name}" for path in (course.root / "dltk").glob("*.py")}
    assert "return tensor(-x.values)" in built["dltk/signs.py"]
    assert 'raise NotImplementedError("lab3.exponential")' in built["dltk/growth.py"]
    assert "np.exp" not in built["dltk/growth.py"]
    assert not any("SOLUTION" in text for text in built.values())
    assert report == tree.TreeReport()


def test_the_students_files_of_the_lab_stand_as_they_were_handed_in(course, solved, tmp_path):
    mine = b'"""Mine."""\r\ndef square(x):\r\n    return x\r\n'
    tree.build(course, "lab2", solved | {"dltk/powers.py": mine}, tmp_path)
    assert (tmp_path / "dltk" / "powers.py").read_bytes() == mine


def test_the_students_own_earlier_and_later_labs_are_not_graded(course, solved, tmp_path):
    other = {"dltk/signs.py": b"broken(", "dltk/growth.py": b"broken("}
    report = tree.build(course, "lab2", solved | other, tmp_path)
    assert "broken" not in "".join(files_in(tmp_path).values())
    assert report.ignored == []


def test_the_students_own_earlier_labs_stand_there_on_demand(course, solved, tmp_path):
    own = {"dltk/signs.py": b"mine = 1\n", "dltk/growth.py": b"mine = 2\n"}
    tree.build(course, "lab2", solved | own, tmp_path, "student")
    built = files_in(tmp_path)
    assert built["dltk/signs.py"] == "mine = 1\n"
    assert "mine" not in built["dltk/growth.py"]


def test_an_own_earlier_file_that_cannot_be_graded_leaves_the_references_there(
    course, solved, tmp_path
):
    tree.build(course, "lab2", solved | {"dltk/signs.py": b"import numpy\n"}, tmp_path, "student")
    assert "return tensor(-x.values)" in files_in(tmp_path)["dltk/signs.py"]


def test_changes_to_given_files_are_ignored_and_named(course, solved, tmp_path):
    report = tree.build(course, "lab2", solved | {"dltk/tensor.py": b"x = 1\n"}, tmp_path)
    assert report.ignored == ["dltk/tensor.py"]
    assert "class Tensor" in files_in(tmp_path)["dltk/tensor.py"]


def test_a_given_file_with_other_line_ends_is_not_a_change(course, solved, tmp_path):
    same = (course.root / "dltk" / "tensor.py").read_bytes().replace(b"\n", b"\r\n")
    report = tree.build(course, "lab2", solved | {"dltk/tensor.py": same}, tmp_path)
    assert report.ignored == []


def test_new_modules_come_along(course, solved, tmp_path):
    new = {"dltk/helper.py": b"import math\n", "dltk/more/thing.py": b"x = 1\n"}
    report = tree.build(course, "lab2", solved | new, tmp_path)
    assert report.added == ["dltk/helper.py", "dltk/more/thing.py"]
    assert files_in(tmp_path)["dltk/more/thing.py"] == "x = 1\n"


@pytest.mark.parametrize(
    "path",
    [
        "../dltk/evil.py",
        "dltk/../evil.py",
        "/dltk/evil.py",
        "dltk//../../evil.py",
        "dltk\\evil.py",
        "C:/dltk/evil.py",
        "numpy.py",
        "conftest.py",
        "sitecustomize.py",
        "dltk/evil.so",
        "dltk/__pycache__/powers.cpython-311.pyc",
        "dltk/a b.py",
        "dltk/a.b/c.py",
        "dltk/e\0vil.py",
    ],
)
def test_nothing_but_modules_of_the_package_is_written(course, solved, tmp_path, path):
    into = tmp_path / "into"
    into.mkdir()
    tree.build(course, "lab2", solved | {path: b"evil = 1\n"}, into)
    assert {one.name for one in tmp_path.iterdir()} == {"into"}
    assert [one.name for one in into.iterdir()] == ["dltk"]
    assert set(files_in(into)) == {
        f"dltk/{one.name}" for one in (course.root / "dltk").glob("*.py")
    }


@pytest.mark.parametrize(
    "new",
    [
        {f"dltk/new{number}.py": b"" for number in range(tree.MOST_ADDED + 5)},
        {f"dltk/new{number}.py": b"#" * (200 * 1024) for number in range(10)},
    ],
)
def test_a_flood_of_new_modules_is_left_out_and_named(course, solved, tmp_path, new):
    report = tree.build(course, "lab2", solved | new, tmp_path)
    assert 0 < len(report.added) <= tree.MOST_ADDED
    assert sum(len(new[path]) for path in report.added) <= tree.MOST_ADDED_BYTES
    assert sorted(report.added + report.ignored) == sorted(new)


def test_a_folder_cannot_stand_in_front_of_a_given_module(course, solved, tmp_path):
    shadow = {"dltk/tensor/__init__.py": b"evil = 1\n", "dltk/powers/__init__.py": b"evil = 1\n"}
    report = tree.build(course, "lab2", solved | shadow, tmp_path)
    assert report.added == []
    assert report.ignored == sorted(shadow)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (None, "dltk/powers.py is missing from the submission."),
        (b"def f(:\n", "dltk/powers.py, line 1: "),
        (b"\xff\xfe\x00", "dltk/powers.py is not UTF-8 text"),
        (b"x = 1\0\n", "dltk/powers.py"),
        (b"(" * 5000, "dltk/powers.py"),
        (b"-" * 100_000 + b"1", "dltk/powers.py is nested too deeply"),
        (b"x = 1\n" * 50_000, "dltk/powers.py has 300000 bytes; a file may have"),
        (b"import torch\n", "dltk/powers.py, line 1: imports torch, which lab2 does not allow"),
    ],
)
def test_a_file_that_cannot_be_graded_is_a_blank_and_a_sentence(
    course, solved, tmp_path, data, sentence
):
    files = {path: text for path, text in solved.items() if path != "dltk/powers.py"}
    if data is not None:
        files["dltk/powers.py"] = data
    report = tree.build(course, "lab2", files, tmp_path)
    assert list(report.unusable) == ["dltk/powers.py"]
    assert report.unusable["dltk/powers.py"].startswith(sentence)
    assert report.missing == (["dltk/powers.py"] if data is None else [])
    assert 'NotImplementedError("lab2.square")' in files_in(tmp_path)["dltk/powers.py"]


def test_a_new_module_with_a_forbidden_import_stays_out_and_is_named_where_it_is_used(
    course, solved, tmp_path
):
    files = solved | {
        "dltk/helper.py": b"import numpy\n",
        "dltk/powers.py": b"from dltk import helper\n",
    }
    report = tree.build(course, "lab2", files, tmp_path)
    assert report.ignored == ["dltk/helper.py"]
    assert "dltk/helper.py" not in files_in(tmp_path)
    sentence = report.unusable["dltk/powers.py"]
    assert sentence.startswith("dltk/powers.py imports dltk.helper, which was left out: ")
    assert "imports numpy" in sentence


def test_an_edit_of_the_reference_is_in_the_next_tree(own_course, tmp_path):
    solved = variants.reference(own_course, "lab2")
    tree.build(own_course, "lab2", solved, tmp_path / "one")
    given = own_course.root / "dltk" / "tensor.py"
    given.write_text(given.read_text() + "edited = 1\n")
    tree.build(own_course, "lab2", solved, tmp_path / "two")
    assert "edited" in files_in(tmp_path / "two")["dltk/tensor.py"]


def test_earlier_work_is_only_what_is_neither_the_reference_nor_blank(course):
    reference = variants.reference(course, "lab1")
    assert not tree.has_earlier_work(course, "lab2", {})
    assert not tree.has_earlier_work(course, "lab2", reference)
    assert not tree.has_earlier_work(course, "lab2", variants.with_blanks(course, "lab1"))
    assert tree.has_earlier_work(course, "lab2", {"dltk/signs.py": b"mine = 1\n"})


def test_in_a_student_course_earlier_labs_are_the_students_and_the_rest_is_pristine(
    own_course, tmp_path
):
    released = {
        path: data
        for lab in own_course.labs
        for path, data in variants.with_blanks(own_course, lab.id).items()
    }
    for path in ("dltk/__init__.py", "dltk/tensor.py"):
        released[path] = (own_course.root / path).read_bytes()
    pristine = own_course.root / "course" / "tree"
    (pristine / "dltk").mkdir(parents=True)
    for path, data in released.items():
        (pristine / path).write_bytes(data)
    student = Course.load(own_course.root)
    files = {
        "dltk/signs.py": b"mine = 1\n",
        "dltk/products.py": b"mine = 2\n",
        "dltk/powers.py": b"mine = 3\n",
        "dltk/growth.py": b"mine = 4\n",
        "dltk/tensor.py": b"mine = 5\n",
    }
    report = tree.build(student, "lab2", files, tmp_path / "built")
    built = files_in(tmp_path / "built")
    assert [name for name, text in built.items() if text.startswith("mine")] == [
        path for path in built if path in ("dltk/signs.py", "dltk/products.py", "dltk/powers.py")
    ]
    assert report.ignored == ["dltk/tensor.py"]


def test_a_tree_is_built_where_tmpdir_says(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with tree.temporary_folder() as folder:
        assert Path(folder).parent == tmp_path
    assert not Path(folder).exists()


def test_a_tree_is_built_on_the_disk_where_memory_is_short(monkeypatch):
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(tree, "_FREE_BYTES", 1 << 62)
    with tree.temporary_folder() as folder:
        assert str(Path(folder).parent) == tempfile.gettempdir()
