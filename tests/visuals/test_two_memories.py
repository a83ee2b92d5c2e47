"""Two memories: a recorded loop shows what each of its lines moved."""

import sys

import pytest

import dltk
from dltk import sim
from visuals.figures.two_memories import Recording, load, save, two_memories, watched


def there_and_back(x, device):
    for _ in range(2):
        y = x.to(device)
        y = y + 1
        z = y.cpu()
    return z.tolist()


@pytest.fixture
def runs():
    x = dltk.ones(10, dtype=dltk.float32)
    return {"there and back": watched(there_and_back, (x, "sim"), sim.counters())}


def test_each_line_is_noted_with_what_it_moved(runs):
    steps = runs["there and back"].steps
    moved = [(step.line, step.counters["bytes_in"], step.counters["bytes_out"]) for step in steps]
    assert moved == [
        (1, 0, 0), (2, 40, 0), (3, 40, 0), (4, 40, 40),
        (1, 40, 40), (2, 80, 40), (3, 80, 40), (4, 80, 80),
        (1, 80, 80), (5, 80, 80),
    ]  # fmt: skip
    assert steps[3].places == {"x": "cpu", "y": "sim:0", "z": "cpu"}


def test_the_code_is_the_functions_own(runs):
    assert runs["there and back"].code[0] == "def there_and_back(x, device):"


def test_a_function_without_source_is_shown_by_its_lines():
    names = {}
    exec("def f(x):\n    y = x\n    return y", names)
    run = watched(names["f"], (dltk.ones(1),), sim.counters())
    assert run.code == ["line 0", "line 1", "line 2"]


def test_watching_leaves_the_tracing_as_it_was():
    before = sys.gettrace()
    with pytest.raises(ZeroDivisionError):
        watched(lambda: 1 / 0, (), sim.counters())
    assert sys.gettrace() is before


def test_a_module_is_where_its_parameters_are():
    def model_moves(model):
        model.to("sim")
        return model

    run = watched(model_moves, (dltk.nn.Linear(1, 1),), sim.counters())
    assert run.steps[-1].places == {"model": "sim:0"}


def test_a_recording_is_read_as_it_was_written(runs, tmp_path):
    save(runs, tmp_path / "runs.json")
    assert load(tmp_path / "runs.json") == runs


def test_an_empty_recording_is_refused():
    with pytest.raises(ValueError, match="at least one step"):
        two_memories({"nothing": Recording([], [])})


@pytest.mark.slow
def test_the_counters_follow_the_steps(opened, runs):
    figure = opened(two_memories(runs))
    steps = runs["there and back"].steps
    assert figure.read("bytes-in") == "0"
    figure.page.get_by_role("button", name="Next").focus()
    for step in steps:
        figure.page.keyboard.press("ArrowRight")
        read = [figure.read(name) for name in ("copies-in", "bytes-in", "copies-out", "bytes-out")]
        want = [
            step.counters[name] for name in ("copies_in", "bytes_in", "copies_out", "bytes_out")
        ]
        assert [int(each) for each in read] == want
        marked = figure.page.locator("pre [aria-current=true]").inner_text()
        assert runs["there and back"].code[step.line].strip() in marked
    assert figure.errors == []


@pytest.mark.slow
def test_the_other_loop_begins_at_its_start(opened, runs):
    figure = opened(two_memories({**runs, "again": runs["there and back"]}), width="narrow")
    figure.page.get_by_role("button", name="Last").click()
    assert figure.read("copies-in") == "2"
    figure.control("loop").select_option("1")
    assert figure.read("copies-in") == "0"
