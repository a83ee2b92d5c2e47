"""A student's cells made harmless for the page an instructor reads them on.

formgrader and the feedback page render Markdown, HTML and JavaScript outputs as they are, in the
instructor's session. What stays here is text, pictures of bytes, and Markdown without HTML.
"""

import base64
import binascii
import re
from html.entities import html5
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

MAX_TEXT = 20_000
MAX_IMAGE = 4_000_000
IMAGES = ("image/png", "image/jpeg", "image/gif")

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_TEX_LINK = re.compile(r"\\(?=(?:href|url|require|class|cssId|style|data|toggle|action)\b)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SCRIPT_SCHEMES = ("javascript", "vbscript", "livescript")


def clean_markdown(text: str) -> str:
    """Markdown that renders without a tag of its own, a script link or a link in a formula.

    Text without any of these comes back as it was.
    """
    text = cut(_CONTROL.sub("", text))
    text = _TAG.sub("< ", text)
    text = _TEX_LINK.sub(lambda _: "\\ ", text)
    return _SCHEME.sub("(link removed) ", text)


def is_shown(source: str, attachments: dict[str, Any]) -> bool:
    """Whether nbconvert can show the Markdown; what it fails on would cost the whole page."""
    page = MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments))
    try:
        page.render(source)
    except Exception:
        return False
    return True


def clean_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """The outputs that are text or a picture of bytes, without HTML, SVG, scripts and widgets."""
    cleaned = [_clean_output(output) for output in outputs[:200]]
    return [output for output in cleaned if output is not None]


def clean_attachments(attachments: Any) -> dict[str, dict[str, str]]:
    """The attached pictures whose bytes can be read."""
    if not isinstance(attachments, dict):
        return {}
    cleaned = {}
    for name, bundle in attachments.items():
        pictures = _pictures(bundle)
        if pictures and re.fullmatch(r"[\w. -]+", str(name)):
            cleaned[str(name)] = pictures
    return cleaned


def cut(text: str) -> str:
    """A text that is not longer than a page can bear; what is missing is said."""
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[:MAX_TEXT]}\n[{len(text) - MAX_TEXT} characters cut]"


def as_text(value: Any) -> str:
    """The text of a notebook's field, a string or a list of strings; what no file can hold is `?`.

    JSON can spell half of a surrogate pair, and a notebook with one in it cannot be written.
    """
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _clean_output(output: Any) -> NotebookNode | None:
    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return NotebookNode(output_type="stream", name=name, text=_plain(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        return NotebookNode(
            output_type="error",
            ename=_plain(output.get("ename")),
            evalue=_plain(output.get("evalue")),
            traceback=_plain("\n".join(lines) if isinstance(lines, list) else "").split("\n"),
        )
    if kind in ("display_data", "execute_result"):
        return _clean_data(output.get("data"))
    return None


def _clean_data(data: Any) -> NotebookNode | None:
    """One way to show the data: a picture if there is one, else its text."""
    if not isinstance(data, dict):
        return None
    shown: dict[str, str] = _pictures(data)
    text = _plain(data.get("text/plain"))
    if text:
        shown["text/plain"] = text
    elif not shown:
        shown["text/plain"] = "[an output that is neither text nor a picture was removed]"
    return NotebookNode(output_type="display_data", data=shown, metadata={})


def _pictures(bundle: Any) -> dict[str, str]:
    if not isinstance(bundle, dict):
        return {}
    pictures = {}
    for kind in IMAGES:
        coded = "".join(as_text(bundle.get(kind)).split())
        if coded and len(coded) <= MAX_IMAGE and _is_base64(coded):
            pictures[kind] = coded
    return pictures


def _is_base64(coded: str) -> bool:
    try:
        return bool(base64.b64decode(coded, validate=True))
    except (binascii.Error, ValueError):
        return False


def _plain(value: Any) -> str:
    return cut(_CONTROL.sub("", as_text(value).replace("\x1b", "")))


def _scheme_pattern() -> re.Pattern[str]:
    """`javascript:` and its like, with each letter perhaps a character reference or apart.

    `data:` is one only before a media type: it is an ordinary word too.
    """
    gap = r"(?:\s|&(?:Tab|NewLine);|&#(?:0*(?:9|10|13)|x0*(?:9|a|d));?)*"
    spelled = [gap.join(_letter(letter) for letter in name) for name in (*_SCRIPT_SCHEMES, "data")]
    colon = rf"{gap}\\?{_letter(':')}"
    scripts, data = "|".join(spelled[:-1]), spelled[-1]
    return re.compile(rf"(?<!\w)(?:(?:{scripts}){colon}|{data}{colon}(?={gap}\w+/))", re.IGNORECASE)


def _letter(letter: str) -> str:
    named = [name.rstrip(";") for name, value in html5.items() if value == letter]
    code = ord(letter)
    both = {code, ord(letter.upper())}
    numbers = "|".join(rf"&#0*{n};?|&#x0*{n:x};?" for n in sorted(both))
    entities = "".join(rf"|&{re.escape(name)};?" for name in sorted(set(named)))
    return rf"(?:{re.escape(letter)}|{numbers}{entities})"


_SCHEME = _scheme_pattern()
