"""Rounds: drawn from a secret, answered by torch, kept, resumed, and replayed without torch."""

import stat
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from autograder import compare
from autograder.answers import AnswersError, Recorded, Round, generator
from autograder.checks.draws import normal
from autograder.checks.spec import check

pytest.importorskip("torch")


def make(tiny, quickest, secret=b"a secret", **options):
    options = {"checks": tiny.checks["lab2"], "misconceptions": tiny.misconceptions} | options
    return Round(tiny.course, "lab2", secret, level=quickest, **options)


def same(one, other):
    return compare.agree(one, other)


def test_inputs_follow_from_the_secret_and_the_check_alone(tiny, quickest):
    one, two = make(tiny, quickest), make(tiny, quickest, checks=tiny.checks["lab2"][::-1])
    other = make(tiny, quickest, b"another")
    for item in one.checks:
        assert same(one.inputs(item), two.inputs(item))
        assert not same(one.inputs(item), other.inputs(item))
    first, second = (
        tiny.check["elements_meet_their_own_partner"],
        tiny.check["a_square_is_a_product"],
    )
    assert generator(b"s", first).bytes(8) != generator(b"s", second).bytes(8)


def test_nobody_can_change_the_inputs_of_a_round(answers, tiny):
    item = tiny.check["a_square_is_a_product"]
    before = answers.inputs(item)["x"].copy()
    answers.inputs(item)["x"][:] = 0
    assert np.array_equal(answers.inputs(item)["x"], before)


def test_what_is_expected_is_what_torch_computes(answers, tiny):
    item = tiny.check["elements_meet_their_own_partner"]
    inputs = answers.inputs(item)
    assert same(answers.expected(item), {"product": inputs["x"] * inputs["y"]})
    assert answers.expected(tiny.check["other_shapes_are_refused"])["raised"] == "RuntimeError"


def test_what_each_misconception_of_the_task_gives_is_known(answers, tiny):
    item = tiny.check["elements_meet_their_own_partner"]
    known = answers.misconceptions(item)
    assert set(known) == {"lab2.times/partners_are_added", "lab2.times/everything_fits"}
    inputs = answers.inputs(item)
    added = known["lab2.times/partners_are_added"]
    assert same(added.result, {"product": inputs["x"] + inputs["y"]})


def test_other_right_solutions_are_no_misconceptions(answers, tiny):
    known = answers.misconceptions(tiny.check["a_square_is_a_product"])
    assert set(known) == {"lab2.square/the_square_is_doubled"}


def test_a_saved_round_is_resumed_as_it_was(tiny, quickest, answers, tmp_path):
    steps = []
    answers.save(tmp_path / "round", lambda done, total: steps.append((done, total)))
    again = Round.resume(
        tiny.course,
        "lab2",
        tmp_path / "round",
        checks=tiny.checks["lab2"],
        misconceptions=[],
        level="no sandbox is needed",
    )
    assert again.secret == b"a secret"
    assert again.name == answers.name
    assert again.sentences == answers.sentences
    for item in answers.checks:
        assert same(again.inputs(item), answers.inputs(item))
        assert same(again.expected(item), answers.expected(item))
        for name, known in answers.misconceptions(item).items():
            stored = again.misconceptions(item)[name]
            assert stored.outcome == known.outcome
            assert same(stored.result, known.result)
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]


def test_a_round_is_opened_once_and_then_resumed(tiny, quickest, tmp_path):
    options = {"checks": tiny.checks["lab2"], "misconceptions": [], "level": quickest}
    one = Round.open(tiny.course, "lab2", tmp_path, **options)
    two = Round.open(tiny.course, "lab2", tmp_path, **options)
    assert one.secret == two.secret
    assert len(one.secret) == 32
    assert Round.open(tiny.course, "lab2", tmp_path / "other", **options).secret != one.secret


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_the_secret_is_its_owners_only_and_what_is_shown_is_its_hash(answers, tmp_path):
    answers.save(tmp_path)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    shown = (tmp_path / "round.json").read_text()
    assert answers.name in shown
    assert answers.secret.hex() not in shown
    assert answers.secret not in (tmp_path / "answers.msgpack").read_bytes()


@pytest.mark.parametrize(
    ("file", "data", "sentence"),
    [
        ("secret", b"00\n", "is not that of its round.json"),
        ("secret", b"not hex\n", "cannot be read"),
        ("round.json", b"{}", "cannot be read"),
        ("answers.msgpack", b"\x00", "cannot be read"),
        ("answers.msgpack", b"", "cannot be read"),
    ],
)
def test_a_round_that_is_not_whole_is_refused(tiny, answers, tmp_path, file, data, sentence):
    answers.save(tmp_path)
    (tmp_path / file).write_bytes(data)
    with pytest.raises(AnswersError, match=sentence):
        Round.resume(tiny.course, "lab2", tmp_path, checks=tiny.checks["lab2"], misconceptions=[])


def test_a_round_of_another_lab_is_refused(tiny, answers, tmp_path):
    answers.save(tmp_path)
    with pytest.raises(AnswersError, match="is one of lab2, not of lab1"):
        Round.resume(tiny.course, "lab1", tmp_path, checks=[], misconceptions=[])


def test_stored_answers_of_another_version_of_a_check_are_refused(answers):
    @check("lab2.square", x=normal(4))
    def a_square_is_a_product(lib, x):
        """Another program of the same name."""
        return {"square": lib.square(lib.tensor(x)), "x": x}

    with pytest.raises(AnswersError, match=r"another version of the check lab2\.square::a_square"):
        Recorded.unpack(answers.pack(), [a_square_is_a_product])


def test_recorded_answers_need_no_torch(answers, tiny, tmp_path):
    """A process in which importing torch fails reads them and loads every check of the course."""
    (tmp_path / "answers").write_bytes(answers.pack())
    program = """
        import sys
        sys.modules["torch"] = None
        from pathlib import Path
        from autograder import answers, checks, session, wire
        from autograder.course import Course
        course = Course.find(Path(sys.argv[2]))
        assert len(checks.load("lab1", course)) > 0
        recorded = answers.Recorded.unpack(Path(sys.argv[1]).read_bytes(), [])
        print(len(recorded.sentences), session.grade.__name__)
        """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), tmp_path / "answers", __file__],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["3", "grade"], done.stderr
