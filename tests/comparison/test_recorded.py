"""What is recorded in comparison/ belongs to the files that lie there."""

import ast
import csv
import json

import pytest

STATUSES = {"ran", "skipped", "not installed", "failed", "crashed", "timed out", "documented"}
TEXTS = ("id", "title", "idiom", "language", "then", "now", "source", "message", "status")
NUMBERS = ("import_seconds", "first_step_seconds", "installed_mb", "code_lines", "loss_difference")


@pytest.fixture(scope="module")
def frameworks(comparison):
    from runner import table

    return table.read(comparison / "frameworks.toml")


@pytest.fixture(scope="module")
def record(comparison):
    return json.loads((comparison / "results.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rows(record):
    return {row["id"]: row for row in record["rows"]}


@pytest.fixture(scope="module")
def beside(comparison):
    return json.loads((comparison / "side_by_side.json").read_text(encoding="utf-8"))


def test_every_row_of_the_table_is_recorded_in_its_order(frameworks, rows):
    assert list(rows) == [each.id for each in frameworks]


def test_rows_have_the_fields_that_the_lecture_reads(record, rows):
    assert record["schema"] == 1
    for row in rows.values():
        assert all(isinstance(row[name], str) for name in TEXTS), row["id"]
        assert row["status"] in STATUSES
        assert row["then"]
        assert row["now"]
        assert "http" in row["source"] or row["id"] == "dltk"
        if row["status"] == "ran":
            assert all(isinstance(row[name], (int, float)) for name in NUMBERS), row["id"]


def test_a_framework_begins_in_the_year_that_lecture_01_says(comparison, rows):
    path = comparison.parent / "lectures" / "data" / "frameworks.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        first = {row["framework"].lower(): int(row["first"]) for row in csv.DictReader(lines)}
    both = [name for name in rows if name in first]
    assert len(both) >= 12
    assert {name: rows[name]["year"] for name in both} == {name: first[name] for name in both}


def test_at_least_18_ways_agree_with_torch_to_1e_5(rows):
    agreeing = [row for row in rows.values() if row["agrees"] and len(row["losses"]) == 20]
    assert len(agreeing) >= 18
    assert all(row["loss_difference"] <= 1e-5 for row in agreeing)


def test_a_row_that_did_not_run_says_why(rows):
    for row in rows.values():
        assert row["agrees"] is True or row["message"], row["id"]


def test_what_a_framework_cannot_do_is_said_and_the_rest_is_done(rows):
    for row in rows.values():
        if row["status"] != "ran":
            continue
        assert (row["formula"] is None) == ("formula" in row["cannot"]), row["id"]
        assert (row["loop"] is None) == ("root" in row["cannot"]), row["id"]


def test_recorded_lines_of_code_are_those_of_the_files(comparison, frameworks, rows):
    from runner import code_lines

    for each in frameworks:
        if each.file:
            assert rows[each.id]["code_lines"] == code_lines.count(each.file), each.id


def test_framework_files_are_30_to_80_lines(comparison):
    for file in (comparison / "frameworks").glob("*.py"):
        assert 30 <= len(file.read_text(encoding="utf-8").splitlines()) <= 80, file.name


def test_files_for_an_old_python_parse_there(comparison, frameworks):
    driver = comparison / "runner" / "one_framework.py"
    for each in frameworks:
        if each.environment and each.environment.python != "course":
            version = tuple(map(int, each.environment.python.split(".")))
            for file in (driver, each.file):
                ast.parse(file.read_text(encoding="utf-8"), feature_version=version)


def test_nothing_recorded_names_a_folder_of_the_machine(comparison):
    for name in ("results.json", "side_by_side.json"):
        text = (comparison / name).read_text(encoding="utf-8")
        assert not any(folder in text for folder in ("/home/", "/root/", "/tmp/", "/work/")), name


def test_every_comparison_is_recorded_with_the_source_it_ran(comparison, beside):
    from runner import side_by_side

    programs = side_by_side.read(comparison / "side_by_side.toml", comparison / "frameworks.toml")
    assert [each["id"] for each in beside["comparisons"]] == [each.id for each in programs]
    for recorded, program in zip(beside["comparisons"], programs, strict=True):
        assert [part["id"] for part in recorded["parts"]] == list(program.parts)
        for part in recorded["parts"]:
            assert part["code"] == side_by_side.source(program.file, part["id"])
            assert (part["found"] is not None) == (part["status"] == "ran")


def found(beside, comparison, part):
    parts = {each["id"]: each["parts"] for each in beside["comparisons"]}[comparison]
    return {each["id"]: each["found"] for each in parts}[part]


def test_a_network_computes_the_same_where_it_was_exported_to(beside):
    for part in ("torch_to_onnx", "dltk_to_torch"):
        assert found(beside, "export", part)["largest difference of 100 images"] < 1e-6


def test_two_processes_end_with_the_weights_of_one(beside):
    found_there = found(beside, "distribution", "data_parallel")
    assert found_there["largest difference of weights, two processes"] == 0
    assert found_there["largest difference of weights, two against one"] < 1e-6


def test_what_tensorboard_reads_back_is_what_was_written(beside):
    curve = found(beside, "visualization", "tensorboard")
    assert curve["steps read back"] == 20
    assert curve["largest difference to what was written"] == 0


def test_the_traced_functions_keep_the_number_they_were_traced_with(beside):
    changed = "3 times 10, after the change"
    assert found(beside, "compilation", "tf_function")[changed] == 6
    assert found(beside, "compilation", "jax_jit")[changed] == 6
    assert found(beside, "compilation", "torch_compile")[changed] == 30


def test_define_by_run_names_the_line_of_the_bug(beside):
    names = "that is the line with the bug"
    assert found(beside, "debugging", "pytorch")[names]
    assert not found(beside, "debugging", "tensorflow1")[names]
