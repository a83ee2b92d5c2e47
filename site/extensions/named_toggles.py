"""The sidebar's toggles get names: the theme gives them a picture alone, which nobody hears."""

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx

AFTER_THE_THEME = 950


def name_toggles(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    make: Callable[..., Any] | None = context.get("generate_toctree_html")
    if make is None:
        return

    def make_named(*arguments: Any, **options: Any) -> Any:
        made = make(*arguments, **options)
        if isinstance(made, BeautifulSoup):
            for toggle in made.find_all("summary"):
                above = toggle.find_parent("li")
                link = above.find("a") if above else None
                toggle["aria-label"] = (
                    f"Pages below {link.get_text(' ', strip=True)}" if link else ""
                )
        return made

    context["generate_toctree_html"] = make_named


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", name_toggles, priority=AFTER_THE_THEME)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
