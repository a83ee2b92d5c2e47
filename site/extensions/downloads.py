"""A line under the title of a lecture or lab: its notebook and its text, to take along."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

FOLDERS = ("lectures/", "labs/")


def add_line(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if not docname.startswith(FOLDERS) or app.builder.format != "html":
        return
    title = next(iter(doctree.findall(nodes.title)), None)
    if title is None:
        return
    here = app.builder.get_target_uri(docname)
    links = [
        f'<a href="{relative_uri(here, f"downloads/{docname}{suffix}")}" download>{name}</a>'
        for suffix, name in ((".ipynb", "notebook"), (".md", "text"))
    ]
    line = f'<p class="downloads">Take this page along: {", ".join(links)}</p>'
    title.parent.insert(title.parent.index(title) + 1, nodes.raw("", line, format="html"))


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-resolved", add_line)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
