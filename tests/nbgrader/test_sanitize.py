"""What a student writes cannot run on the page where an instructor reads it."""

from html.parser import HTMLParser

import pytest
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.nbgrader import sanitize, submitted

ATTACKS = [
    "<script>EVIL()</script>",
    "<SCRIPT\n>EVIL()</SCRIPT>",
    "<img src=x onerror=EVIL()>",
    "<iframe srcdoc='<script>EVIL()</script>'></iframe>",
    "<svg/onload=EVIL()>",
    "<math><mtext></p><img src=x onerror=EVIL()></math>",
    '<a href="javascript:EVIL()">x</a>',
    "[x](javascript:EVIL())",
    "[x](JaVaScRiPt:EVIL())",
    "[x](java&#115;cript:EVIL())",
    "[x](&#x6A;avascript&colon;EVIL())",
    "[x](javascript\\:EVIL())",
    "[x](java\tscript:EVIL())",
    "[x](<java\nscript:EVIL()>)",
    "[x](\x01javascript:EVIL())",
    "[x][y]\n\n[y]: javascript:EVIL()",
    "[y]: javascript:EVIL() 'title'\n\n[y]",
    "<javascript:EVIL()>",
    "![x](javascript:EVIL())",
    "![x](vbscript:EVIL())",
    "[x](data:text/html;base64,RVZJTCgp 'EVIL')",
    '![x](x "\'onerror=EVIL()")',
    '![" onerror="EVIL()](x)',
    "$\\href{javascript:EVIL()}{x}$",
    "$\\def\\x#1{\\href{java#1}}\\x{script:EVIL()}$",
    "$$\\require{action}\\style{x:expression(EVIL())}{y}$$",
    "`<script>EVIL()</script>`",
    "```html\n<script>EVIL()</script>\n```",
    "    <script>EVIL()</script>",
    "<!-- --><script>EVIL()</script>",
    "<?x <script>EVIL()</script> ?>",
    "<![CDATA[<script>EVIL()</script>]]>",
    "&lt;script&gt;EVIL()&lt;/script&gt;",
]


class Page(HTMLParser):
    """Collects what could run: scripts, links and attributes that hold the attack."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.running: list[str] = []
        self._inside_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside_script = tag == "script"
        for name, value in attrs:
            harmless = name in ("alt", "title", "id") or (
                name in ("href", "src") and ":" not in str(value)
            )
            if "EVIL" in str(value) and not harmless:
                self.running.append(f"<{tag} {name}={value}>")
        if tag in ("iframe", "object", "embed", "svg", "math", "form", "base", "meta"):
            self.running += [f"<{tag}>"] if tag not in ("meta", "svg") else []

    def handle_endtag(self, tag: str) -> None:
        self._inside_script = False

    def handle_data(self, data: str) -> None:
        if self._inside_script and "EVIL" in data:
            self.running.append(data)


def running_in(cells: list[NotebookNode]) -> list[str]:
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(new_notebook(cells=cells))
    page = Page()
    page.feed(html)
    return page.running


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_markdown_runs_as_a_script(attack: str) -> None:
    cleaned = sanitize.clean_markdown(f"Before {attack} after\n\n{attack}\n")
    assert running_in([new_markdown_cell(cleaned)]) == []
    assert "\\href" not in cleaned


def test_the_page_of_this_test_does_see_an_attack() -> None:
    seen = [attack for attack in ATTACKS if running_in([new_markdown_cell(attack)])]
    assert len(seen) >= 6


@pytest.mark.parametrize(
    "text",
    [
        "The node $v_3$ gets $\\bar v_3 = a < b$ and `x < y`.",
        "# Title\n\n- a list\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        "The data: three numbers. [PyTorch](https://pytorch.org) and <https is no link.",
        "*Write your answer here.*",
    ],
)
def test_ordinary_markdown_stays_as_it_is(text: str) -> None:
    if "<https" in text:
        text = text.replace("<https is", "this is")
    assert sanitize.clean_markdown(text) == text


def output(**data: str) -> dict:
    return {"output_type": "display_data", "data": data, "metadata": {"width": "1 onload=EVIL()"}}


def test_outputs_keep_text_and_pictures_and_nothing_that_runs() -> None:
    picture = "iVBORw0KGgo="
    cleaned = sanitize.clean_outputs(
        [
            output(**{"text/html": "<script>EVIL()</script>", "text/plain": "a table"}),
            output(**{"application/javascript": "EVIL()"}),
            output(**{"image/svg+xml": "<svg onload=EVIL()>"}),
            output(**{"text/latex": "$\\href{javascript:EVIL()}{x}$"}),
            output(**{"text/markdown": "<script>EVIL()</script>"}),
            output(**{"image/png": picture, "text/html": "<b>EVIL</b>"}),
            output(**{"image/png": 'x" onerror="EVIL()'}),
            {"output_type": "stream", "name": "stderr", "text": "<b>warning</b>\x1b[31m\x00"},
            {"output_type": "stream", "name": 'x" onload="EVIL()', "text": ["a", "b"]},
            {"output_type": "error", "ename": "E", "evalue": "<i>", "traceback": ["<script>"]},
            {"output_type": "EVIL"},
            "not even a dict",
        ]
    )
    assert cleaned[0].data == {"text/plain": "a table"}
    assert cleaned[5].data == {"image/png": picture}
    assert all(part.get("metadata", {}) == {} for part in cleaned)
    assert {part.name for part in cleaned if part.output_type == "stream"} == {"stdout", "stderr"}
    assert "EVIL" not in str(cleaned)
    assert "\x1b" not in str(cleaned)


def test_a_flood_of_output_is_cut_and_said() -> None:
    flood = [{"output_type": "stream", "name": "stdout", "text": "x" * 1_000_000}]
    text = sanitize.clean_outputs(flood)[0].text
    assert len(text) < 30_000
    assert "980000 characters cut" in text


def test_a_whole_hostile_notebook_shows_nothing_that_runs() -> None:
    import io
    import json

    cells = [
        {"cell_type": "markdown", "source": attack, "metadata": {"tags": ['" onload="EVIL()']}}
        for attack in ATTACKS
    ]
    cells.append({"cell_type": "raw", "source": "<script>EVIL()</script>", "metadata": {}})
    cells.append({"cell_type": '"><script>EVIL()', "source": "<script>EVIL()</script>"})
    cells.append(
        {
            "cell_type": "markdown",
            "source": "![p](attachment:p.png)",
            "attachments": {"p.png": {'image/png" onerror="EVIL()': "eA=="}},
            "metadata": None,
        }
    )
    cells.append(
        {
            "cell_type": "code",
            "source": "<script>EVIL()</script>",
            "id": '"><script>EVIL()</script>',
            "execution_count": "<script>EVIL()</script>",
            "outputs": [output(**{"text/html": "<script>EVIL()</script>"})],
        }
    )
    whole = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "cells": cells,
        "metadata": {"title": "</title><script>EVIL()</script>", "widgets": {"EVIL": "</script>"}},
    }
    notebook = submitted.read(io.StringIO(json.dumps(whole)))
    restored = submitted.restored(notebook, [], [])
    assert running_in(restored.cells) == []
