"""Figures opened in a real browser, as a page without a kernel shows them."""

import contextlib

import notebook_browser
import pytest

BROWSER = notebook_browser.installed_browser()
WIDTHS = {"wide": 1000, "narrow": 400}
PAGE = (
    '<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">'
    "<title>A figure</title></head><body><main><h1>A figure</h1>{figure}</main></body></html>"
)


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once; what a machine lacks is named."""
    if BROWSER is None:
        pytest.skip("no Chromium on this machine: figures cannot be operated")
    with notebook_browser.browser_page() as page:
        yield page.context.browser


class Opened:
    """A figure in a page; its prediction is committed and it can be operated."""

    def __init__(self, page):
        self.page = page
        self.requests = []
        self.errors = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console", lambda said: self.errors.append(said.text) if said.type == "error" else None
        )

    def show(self, visual, theme="light"):
        figure = visual if isinstance(visual, str) else visual._repr_html_()
        self.page.set_content(PAGE.format(figure=figure, theme=theme))
        self.page.locator("figure.visual").wait_for()

    def commit(self, choice=0):
        radios = self.page.locator(".prediction input[type=radio]")
        if radios.count():
            radios.nth(choice).check()
            self.page.get_by_role("button", name="That is my prediction").click()

    def read(self, name):
        """The text of a readout, with a plain hyphen for a minus."""
        text = self.page.locator(f'[data-read="{name}"]').first.inner_text()
        return text.replace("\N{MINUS SIGN}", "-")

    def control(self, label):
        return self.page.get_by_label(label, exact=True)

    def drag(self, label, value):
        """Move a slider to a value, as a hand does: the figure hears of it."""
        self.control(label).fill(str(value))


@pytest.fixture
def opened(browser):
    """Open a figure and commit its prediction: `opened(visual, theme="dark", width="narrow")`."""
    with contextlib.ExitStack() as pages:

        def open_figure(visual, theme="light", width="wide", commit=True):
            page = browser.new_page(viewport={"width": WIDTHS[width], "height": 1000})
            pages.callback(page.close)
            figure = Opened(page)
            figure.show(visual, theme)
            if commit:
                figure.commit()
            return figure

        yield open_figure
