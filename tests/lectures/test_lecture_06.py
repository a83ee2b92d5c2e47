"""Lecture 06 reads what ran, builds a machine that defines first, and recomputes its tables."""

import json
import re
import shutil
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the lecture traces with it")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lecture-06")]

ROOT = Path(__file__).parents[2]
NAME = "06-framework-comparison"


@pytest.fixture(params=["on_the_reference", "in_a_blank_workspace"])
def printed(request):
    return request.getfixturevalue(request.param).printed


def recorded():
    return json.loads((ROOT / "comparison" / "results.json").read_text(encoding="utf-8"))["rows"]


def test_it_runs_without_a_complaint(on_the_reference, in_a_blank_workspace):
    assert on_the_reference.complaints == in_a_blank_workspace.complaints == ""
    assert "Computed by dltk." in on_the_reference.printed
    assert "Computed through torch" in in_a_blank_workspace.printed


def test_every_recorded_framework_is_named_with_its_idiom(printed):
    for row in recorded():
        assert re.search(
            rf"^{re.escape(row['title'])} +{row['year']} +{re.escape(row['idiom'])}",
            printed,
            re.MULTILINE,
        )
        if row["status"] != "ran":
            assert f"{row['title']}: {row['status']}. {row['message']}" in printed


def test_the_frameworks_agree_on_the_losses_and_the_formula(printed):
    assert float(re.search(r"largest difference of all: (\S+)", printed)[1]) < 1e-4
    assert re.search(r"f\(2, 5\) in \d+ of them: 11\.65\d\d to 11\.65\d\d", printed)


def test_a_program_gives_here_what_it_gave_when_it_was_recorded(printed):
    for name in ("pytorch", "numpy"):
        here, then = (
            re.search(rf"^{name} +{when}: (.*)$", printed, re.MULTILINE)[1]
            for when in ("here", "then")
        )
        assert here == then == "11.6521 5.5000 1.7163"


def test_both_machines_compute_the_same_and_only_one_sees_the_numbers(printed):
    assert "defined: Symbol(add_6)" in printed
    assert "run:     11.5" in printed
    assert "dltk:    11.5 recorded by AddBackward0" in printed
    assert "Symbol(gt_1) has no value yet, so Python cannot decide by it" in printed
    assert "11.5 after 3 turns" in printed
    assert re.findall(r"h begins as (.*)", printed) == ["tensor(1.)", "Symbol(h)"]
    assert [float(x) for x in re.findall(r"^h = [\d.]+: ([\d.]+)$", printed, re.MULTILINE)] == [
        11.5,
        17.5,
        20.0,
    ]


def test_a_known_graph_is_cleaned_stored_and_run_elsewhere(printed):
    assert "defined: 5 operations, cleaned: 2" in printed
    assert "same result: True" in printed
    assert re.search(r'^\{"wanted".*\}\n7$', printed, re.MULTILINE)


def test_tracing_freezes_and_compiling_guards(printed):
    traced = printed.split("tracing …")[1].split("deciding")[0]
    assert traced.count("y is Proxy(mul)") == 1
    assert "tensor([7.]) and without tracing: y is tensor([30.])" in traced
    assert "TraceError" in traced
    made = re.findall(r"new graphs: (.*)$", printed, re.MULTILINE)
    assert [text.count("['") for text in made] == [2, 0, 1, 2, 0, 1, 0, 1, 0]
    assert "before the change: 6.0" in printed
    assert "after the change:  30.0" in printed
    assert "as one graph: Unsupported: Data-dependent branching" in printed


def test_three_compilers_answer_differently(printed):
    for name, after in (("torch_compile", 30.0), ("tf_function", 6.0), ("jax_jit", 6.0)):
        part = printed.split(f"{name}\n")[1]
        assert re.search(r"times 10 after the change: ([\d.]+)", part)[1] == str(after)
    assert "TracerBoolConversionError" in printed.split("jax_jit\n")[1]


def test_only_a_run_that_computes_at_once_names_the_line_of_the_bug(printed):
    named = dict(re.findall(r"^(\w+) +names the line with the bug: (\w+)$", printed, re.MULTILINE))
    assert named == {"pytorch": "True", "tensorflow1": "False", "jax": "True", "pytensor": "False"}


def test_growth_and_shares_are_those_of_the_article(printed):
    for line in (
        "241.5%      116 →  125     7.8%      41.4% → 69.1%",
        "450.0%       34 →   21   -38.2%      26.1% → 75.9%",
        "296.2%       34 →   33    -2.9%      43.3% → 75.7%",
        "191.7%       54 →   53    -1.9%      30.8% → 56.9%",
        "200.0%       40 →   53    32.5%      36.5% → 56.6%",
    ):
        assert line in printed


def test_eight_marks_of_2020_stand_beside_a_later_fact(printed):
    assert len(re.findall(r" 2020: TensorFlow (?:good|excellent), PyTorch ", printed)) == 8


def test_an_array_is_shared_and_not_copied(printed):
    assert "NumPy sees it: [99.  1.  2.  3.]" in printed


def test_seven_aspects_say_what_there_is_to_show(printed):
    assert len(re.findall(r"^ {24}here: ", printed, re.MULTILINE)) == 7


MEASURED = (
    "formula",
    "losses",
    "loss_difference",
    "loop",
    "import_seconds",
    "first_step_seconds",
    "steady_step_seconds",
    "installed_mb",
    "version",
    "python",
    "agrees",
    "measured",
    "machine",
)


@pytest.fixture(scope="module")
def with_three_frameworks(run_lecture, blank_workspace, tmp_path_factory):
    """The lecture where only PyTorch, NumPy and dltk could be run, and nothing side by side."""
    folder = tmp_path_factory.mktemp("three frameworks") / "course"
    shutil.copytree(blank_workspace, folder)
    file = folder / "comparison" / "results.json"
    results = json.loads(file.read_text(encoding="utf-8"))
    for row in results["rows"]:
        if row["id"] not in ("pytorch", "numpy", "dltk"):
            row |= dict.fromkeys(MEASURED) | {
                "status": "skipped",
                "message": "No such Python here.",
                "cannot": {},
            }
    file.write_text(json.dumps(results), encoding="utf-8")
    file = folder / "comparison" / "side_by_side.json"
    together = json.loads(file.read_text(encoding="utf-8"))
    for comparison in together["comparisons"]:
        for part in comparison["parts"]:
            if part["id"] != "pytorch":
                part |= {"status": "skipped", "message": "No such Python here.", "found": None}
    file.write_text(json.dumps(together), encoding="utf-8")
    return run_lecture(folder, NAME)


def test_it_runs_where_only_three_frameworks_could_be_run(with_three_frameworks):
    assert with_three_frameworks.complaints == ""
    assert f"{len(recorded())} programs, 3 ran" in with_three_frameworks.printed
    assert "tf_function: skipped. No such Python here." in with_three_frameworks.printed
    assert "TensorFlow was not measured both ways here." in with_three_frameworks.printed
