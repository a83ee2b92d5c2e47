"""Programs in tabs can be compared without leaving the page."""

import pytest

from visuals import Program, tabs

PROGRAMS = (
    Program("loops", "total = 0\nfor x in data:\n\n    total += x\n", "6", {"time": "3 ms"}),
    Program("NumPy", "data.sum()\n", "6.0"),
    Program("<b>odd</b>", "print('</script>')", "</script>"),
)


def test_empty_lines_do_not_count():
    assert [program.lines for program in PROGRAMS] == [3, 1, 1]


def test_a_fact_that_one_program_lacks_stays_empty():
    assert tabs(PROGRAMS).table.header == ("program", "lines", "time", "output")
    assert tabs(PROGRAMS).table.rows[1] == ("NumPy", 1, "", "6.0")


def test_two_programs_of_one_name_are_refused():
    with pytest.raises(ValueError, match="names of their own"):
        tabs([PROGRAMS[0], PROGRAMS[0]])
    with pytest.raises(ValueError, match="two programs or more"):
        tabs(PROGRAMS[:1])


@pytest.mark.slow
def test_tabs_are_chosen_by_mouse_and_by_arrow_keys(opened):
    page = opened(tabs(PROGRAMS))
    assert page.read("name") == "loops"
    page.page.get_by_role("tab", name="NumPy").click()
    assert page.read("lines") == "1"
    page.page.keyboard.press("ArrowRight")
    assert page.read("name") == "<b>odd</b>"
    page.page.keyboard.press("ArrowRight")
    assert page.read("name") == "loops"
    assert page.errors == []
    assert page.requests == []


@pytest.mark.slow
def test_a_second_program_stands_beside_the_first(opened):
    page = opened(tabs(PROGRAMS), width="narrow")
    difference = page.page.get_by_text("more than beside it:")
    assert not difference.is_visible()
    page.control("beside it").select_option("NumPy")
    assert difference.is_visible()
    assert page.read("difference") == "2"
    assert page.page.get_by_label("Program of NumPy").inner_text() == "data.sum()"
    page.page.get_by_role("tab", name="NumPy").click()
    assert page.read("difference") == "0"
