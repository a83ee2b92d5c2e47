"""How Sphinx makes the book. `tools/book.py` runs it on the pages that it has put together."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "extensions"))

project = "A deep-learning framework, built and graded"
author = "The course's authors"
language = "en"

extensions = ["myst_nb", "sphinx_copybutton", "downloads", "named_toggles", "own_mathjax"]
exclude_patterns = ["**/.ipynb_checkpoints"]
nitpicky = True
show_warning_types = True
default_role = "code"

myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
myst_dmath_double_inline = True

nb_execution_mode = "cache"
nb_execution_cache_path = str(HERE.parent / "build" / "book" / "cache")
nb_execution_excludepatterns = ["labs/*"]
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
# Without this a figure that is a widget in JupyterLab would vanish from a page without a kernel.
nb_mime_priority_overrides = [("html", "text/html", 0)]
nb_merge_streams = True

html_theme = "sphinx_book_theme"
html_title = "A deep-learning framework, built and graded"
html_static_path = ["static"]
html_css_files = ["book.css"]
html_extra_path = [str(HERE.parent / "build" / "book" / "extra")]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
html_last_updated_fmt = None
html_use_index = True
html_domain_indices = False
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "navbar_persistent": [],
    "footer_content_items": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "back_to_top_button": False,
}

copybutton_selector = "div.cell_input pre, div.highlight-console pre"
copybutton_prompt_text = "$ "
