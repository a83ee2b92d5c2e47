"""Every figure: its words, its question, and what a notebook and a page are given of it."""

import json

import notebook_browser
import pytest

from visuals import Prediction, Visual
from visuals.visual import Table, _module

WORDS = "Two rows of numbers, of which the second is twice the first one."


@pytest.fixture
def make(monkeypatch, tmp_path):
    """A figure whose JavaScript is the given text."""
    import visuals.visual

    web = tmp_path / "web"
    web.mkdir()
    (web / "base").symlink_to(visuals.visual.WEB / "base")
    monkeypatch.setattr(visuals.visual, "WEB", web)
    _module.cache_clear()

    def make_visual(script="function draw(stage, data) { stage.append('drawn'); }", **options):
        (web / "probe.js").write_text(script, encoding="utf-8")
        options = {"data": {"rows": [1, 2]}, "description": WORDS, **options}
        return Visual("probe", title="A <title>", table=Table(("a", "b"), [(1, 2.5)]), **options)

    yield make_visual
    _module.cache_clear()


def test_a_figure_without_a_description_is_refused(make):
    with pytest.raises(ValueError, match="description"):
        make(description="A plot.")


@pytest.mark.parametrize(("choices", "answer"), [(("one",), 0), (("one", "two"), 2)])
def test_a_prediction_that_cannot_be_made_is_refused(choices, answer):
    with pytest.raises(ValueError, match="choices"):
        Prediction("Which?", choices, answer)


def test_a_figure_prints_its_words_and_its_table(make):
    assert repr(make()).splitlines() == ["A <title>", WORDS, "", "a  b", "1  2.500000"]


def test_a_notebook_is_given_a_widget_and_the_same_figure_as_a_page(make):
    bundle = make()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert WORDS in bundle["text/html"]
    assert WORDS in bundle["text/plain"]


def test_a_page_without_scripts_shows_the_words_and_the_table(make):
    unscripted = make()._repr_html_().split("<noscript>")[1].split("</noscript>")[0]
    assert "A &lt;title&gt;" in unscripted
    assert WORDS in unscripted
    assert "<td>2.500000</td>" in unscripted


def test_data_cannot_end_the_script_that_they_stand_in(make):
    page = make(data={"text": "</script><script>alert(1)</script><!--"})._repr_html_()
    assert page.count("</script>") == 1
    assert "<!--" not in page


def test_data_that_json_does_not_hold_are_refused(make):
    with pytest.raises(ValueError, match="JSON"):
        make(data={"loss": float("nan")})._repr_html_()
    json.dumps(make().figure())


@pytest.mark.slow
def test_a_figure_is_hidden_until_the_prediction_is_made(make, opened):
    figure = opened(
        make(predict=Prediction("Which?", ("up", "down"), 1, "It falls.")), commit=False
    )
    stage = figure.page.locator(".stage")
    assert stage.inner_text() == ""
    figure.page.get_by_label("up").focus()
    figure.page.keyboard.press("Space")
    figure.page.keyboard.press("Tab")
    figure.page.keyboard.press("Enter")
    assert stage.inner_text() == "drawn"
    assert figure.page.locator(".verdict").inner_text() == ("You said: up. It is: down. It falls.")
    assert figure.requests == []


@pytest.mark.slow
def test_a_figure_that_fails_says_so_and_keeps_its_table(make, opened):
    figure = opened(make("function draw() { throw new Error('no data'); }"))
    alert = figure.page.get_by_role("alert").inner_text()
    assert alert.startswith("This figure could not be drawn (no data).")
    figure.page.locator("summary").click()
    assert "2.500000" in figure.page.locator(".words table").inner_text()


@pytest.mark.slow
def test_a_figure_follows_the_theme_of_its_page(make, opened):
    figure = opened(make())
    assert figure.page.locator("figure.visual").get_attribute("data-theme") == "light"
    figure.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    figure.page.locator("figure.visual[data-theme=dark]").wait_for()
    figure.page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    figure.page.locator("figure.visual[data-theme=light]").wait_for()


@pytest.mark.slow
def test_a_second_browser_opens_beside_the_first(browser):
    with notebook_browser.browser_page() as page:
        page.set_content("<p>here</p>")
        assert page.inner_text("p") == "here"
    assert browser.is_connected()
