"""Every page of the book, opened in Chromium: light, dark and on a narrow screen."""

from urllib.parse import quote

import pytest
from page_visits import axe, visit

pytestmark = pytest.mark.slow

# Bytes of a page with all it loads, nothing cached and nothing compressed.
HEAVIEST = 5_000_000


@pytest.fixture(scope="module")
def visits(book, address, browser):
    rules = axe()
    return {page: visit(browser, address + page, rules) for page in book.pages}


def without(visits, attribute):
    """The pages on which something was found, with what it was."""
    return {page: found for page, seen in visits.items() if (found := getattr(seen, attribute))}


def test_no_page_asks_another_machine(visits, address):
    elsewhere = {
        page: strange
        for page, seen in visits.items()
        if (strange := [url for url in seen.requests if not url.startswith((address, "data:"))])
    }
    assert elsewhere == {}


def test_everything_a_page_asks_for_is_there(visits):
    assert without(visits, "failed") == {}


def test_no_script_of_a_page_fails(visits):
    assert without(visits, "errors") == {}


def test_every_figure_to_operate_is_drawn(visits):
    assert without(visits, "undrawn") == {}


def test_figures_follow_the_theme_of_the_page(visits):
    figures = without(visits, "themes")
    assert {pair for pairs in figures.values() for pair in pairs} == {("light", "dark")}


def test_all_mathematics_is_understood(visits):
    assert without(visits, "broken_math") == {}


def test_a_light_page_violates_no_rule_of_accessibility(visits):
    assert without(visits, "violations") == {}


def test_a_dark_page_violates_no_rule_of_colors(visits):
    assert without(visits, "violations_in_the_dark") == {}


def test_no_page_scrolls_sideways_on_a_narrow_screen(visits):
    assert without(visits, "sticks_out") == {}


def test_no_page_is_heavier_than_the_ceiling(visits):
    print(f"\nweight of a page with all it loads, uncompressed; ceiling {HEAVIEST / 1e6:.1f} MB")
    for page, seen in sorted(visits.items(), key=lambda each: -each[1].weight):
        print(f"{seen.weight / 1e6:7.2f} MB  {len(seen.requests):3} requests  {page}")
    assert {page: seen.weight for page, seen in visits.items() if seen.weight > HEAVIEST} == {}


@pytest.mark.parametrize("served", [True, False], ids=["served", "opened as a file"])
def test_the_search_finds_a_word_of_a_lecture(book, address, browser, served):
    start = address if served else book.folder.as_uri() + "/"
    page = browser.new_page()
    try:
        page.goto(f"{start}search.html?q={quote('Jacobian')}")
        page.locator("#search-results li a").first.wait_for()
        found = page.locator("#search-results li a").all_inner_texts()
    finally:
        page.close()
    assert any("Graphs and traces" in title for title in found)


def test_the_switch_of_the_theme_turns_the_figures(book, address, browser, visits):
    with_figures = next(page for page, seen in visits.items() if seen.themes)
    page = browser.new_page(color_scheme="light")
    try:
        page.goto(address + with_figures)
        page.locator(".dltk-figure").first.wait_for()
        seen = []
        for theme in ("dark", "light"):
            page.locator("button.theme-switch-button").first.click()
            page.locator(f'.dropdown-menu.show [data-mode="{theme}"]').first.click()
            figure = page.locator(f'.dltk-figure figure.visual[data-theme="{theme}"]').first
            figure.wait_for()
            seen.append(page.evaluate("document.documentElement.dataset.theme"))
    finally:
        page.close()
    assert seen == ["dark", "light"]
