"""`make bench`: what it writes, what its exit status tells, and that both do the same work."""

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
BENCHMARKS = REPOSITORY / "benchmarks"


@pytest.fixture
def load(monkeypatch):
    """A module of benchmarks/, which import each other by their bare names."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module


def bench(*arguments):
    command = [sys.executable, str(BENCHMARKS / "run.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY)


def results_of(ratio, goal=1.0):
    return {"steps": {"A": {"ratio": ratio, "goal": goal}}}


@pytest.fixture(scope="module")
def one_round(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    return bench("C", "--rounds", 1, "--out", folder), folder


def test_a_step_is_timed_on_both_libraries(one_round):
    done, folder = one_round
    assert done.returncode == 0, done.stderr
    results = json.loads((folder / "dltk-torch.json").read_text(encoding="utf-8"))
    step = results["steps"]["C"]
    for found in (step, step["in_one_process"]):
        for library in ("torch", "dltk"):
            lower, upper = found[library]["quartiles"]
            assert 0 < lower <= found[library]["median"] <= upper < 1
            assert len(found[library]["samples"]) == step["rounds"] == 1
        assert found["ratio"] == pytest.approx(found["dltk"]["median"] / found["torch"]["median"])
        assert f"{found['ratio']:.2f}" in done.stdout
    assert (step["goal"], step["clock"], results["threads"]) == (0.5, "process_time", 1)


def test_the_figures_say_on_what_they_were_measured(one_round):
    results = json.loads((one_round[1] / "dltk-torch.json").read_text(encoding="utf-8"))
    assert results["machine"]["cpu"]
    assert re.match(r"\d{4}-\d\d-\d\dT", results["date"])
    for name, imported in (("numpy", "numpy"), ("torch", "torch")):
        assert results["versions"][name] == importlib.import_module(imported).__version__


def test_the_page_shows_the_plot_with_its_numbers_in_words(one_round):
    done, folder = one_round
    page = (folder / "dltk-torch.md").read_text(encoding="utf-8")
    alternative, picture = re.search(r"!\[(.+)\]\((.+)\)", page).groups()
    assert "C " in alternative
    assert "goal 0.5" in alternative
    assert (folder / picture).read_bytes().startswith(b"\x89PNG")
    for name in ("dltk-torch.json", "dltk-torch.png", "dltk-torch.md"):
        assert str(folder / name) in done.stdout


def test_an_unknown_part_is_named_and_nothing_is_run(tmp_path):
    done = bench("A", "E", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "E is not one of A, B, C, D, D2, memory, import, grader." in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_goals_are_those_of_the_course(load):
    workloads = load("workloads")
    goals = {name: workload.goal for name, workload in workloads.WORKLOADS.items()}
    assert goals == {"A": 1.0, "B": 1.0, "C": 0.5, "D": 1.0, "D2": 1.0}
    assert (workloads.PEAK_WORKLOAD, workloads.PEAK_GOAL) == ("B", 1.5)
    assert workloads.GROWTH_STEPS == 1000
    assert workloads.IMPORT_GOAL_SECONDS == 0.060


def test_a_goal_is_missed_only_beyond_the_tolerance(load):
    misses = load("goals").misses
    assert misses(results_of(1.09), 0.1) == []
    assert misses(results_of(1.2), 0.1) == ["dltk / torch of step A is 1.20; the goal is 1.00"]
    assert misses(results_of(0.52, goal=0.5), 0.0) != []
    both = {"steps": {"A": {"ratio": 0.9, "goal": 1.0, "in_one_process": {"ratio": 1.2}}}}
    (sentence,) = misses(both, 0.1)
    assert sentence == "dltk / torch of step A in one process is 1.20; the goal is 1.00"


def test_a_loop_that_grows_misses_its_goal(load):
    grown = {"dltk": {"bytes": 2**21, "steps": 1000}, "goal_bytes": 2**20}
    results = {"memory": {"peak": {"ratio": 1.6, "goal": 1.5}, "growth": grown}}
    (sentence,) = load("goals").misses(results, 0.1)
    assert sentence == "growth over 1,000 steps is 2048 KiB; the goal is 1024 KiB"


def test_a_slow_import_misses_its_goal(load):
    results = {"import": {"over_numpy": 0.09, "goal": 0.06}}
    (sentence,) = load("goals").misses(results, 0.1)
    assert sentence == "import dltk beyond import numpy is 90 ms; the goal is 60 ms"


def test_libraries_that_compute_different_losses_are_not_timed(load):
    training_steps = load("training_steps")
    with pytest.raises(training_steps.MeasurementError, match=r"2\.5 on torch and 2\.6 on dltk"):
        training_steps.require_same_work("A", {"torch": [[2.4], [2.5]], "dltk": [[2.4], [2.6]]})
    training_steps.require_same_work("A", {"torch": [[2.4], [2.5]], "dltk": [[2.4], [2.5001]]})


def test_a_measurement_without_a_result_is_named(load):
    training_steps, goals = load("training_steps"), load("goals")
    reason = "the process ended with status 2 and no result"
    with (
        training_steps.Measuring(["peak", "no-such-step", "dltk"], 1) as measuring,
        pytest.raises(training_steps.MeasurementError, match=reason),
    ):
        measuring.result()
    assert goals.failures({"steps": {"B": {"failed": reason}}}) == [f"step B: {reason}"]


@pytest.mark.slow
def test_the_check_fails_where_a_goal_is_out_of_reach(tmp_path):
    done = bench("C", "--rounds", 1, "--check", "--tolerance", 0, "--out", tmp_path)
    step = json.loads((tmp_path / "dltk-torch.json").read_text(encoding="utf-8"))["steps"]["C"]
    ratio = max(step["ratio"], step["in_one_process"]["ratio"])
    assert done.returncode == (1 if ratio > 0.5 else 0)
    assert ("Over its goal" in done.stderr) == (ratio > 0.5)


@pytest.mark.slow
def test_two_threads_are_timed_on_the_wall_clock(tmp_path):
    assert bench("A", "--rounds", 2, "--threads", 2, "--out", tmp_path).returncode == 0
    results = json.loads((tmp_path / "dltk-torch.json").read_text(encoding="utf-8"))
    assert results["steps"]["A"]["clock"] == "perf_counter"
    assert "wall time at 2 threads" in (tmp_path / "dltk-torch.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's /proc")
def test_memory_and_import_are_measured_without_a_step(tmp_path):
    done = bench("memory", "import", "--rounds", 2, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "dltk-torch.json").read_text(encoding="utf-8"))
    assert results["memory"]["peak"]["ratio"] > 0
    assert len(results["memory"]["growth"]["dltk"]["resident"]) == 50
    assert results["import"]["dltk"]["median"] > results["import"]["numpy"]["median"]
    assert not (tmp_path / "dltk-torch.png").exists()
