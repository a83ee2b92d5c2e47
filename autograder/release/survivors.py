"""Search of what is handed out for lines that only the reference may hold."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.release.defects import Defect

DISTINCTIVE = 28
_WORD = re.compile(r"\w+|[^\w\s]")
_HEAD = re.compile(r"(?:if|elif|else|for|while|with|try|except|finally|def|class)\b.*:$")
_TEXT_ALONE = re.compile(r"""[rRuU]?(?P<quote>"|')(?:(?!(?P=quote)).)*(?P=quote),?""")
_NOT_TEXT = b"\x00"


@dataclass(frozen=True)
class Secret:
    """A line of a solution. `path` and `line` say where the reference has it."""

    path: str
    line: int
    text: str


def survivors(secrets: Iterable[Secret], handed_out: Mapping[str, bytes]) -> list[Defect]:
    """A defect for each place where a solution's line stands in what is handed out.

    A line counts if it is distinctive: at least 28 characters of code, spaces aside. A shorter one
    and the head of a block count where they follow the line before them, as in the solution.
    Comments and lines that are one text, such as torch's words in an error, do not count.
    """
    wanted = _wanted(secrets)
    found: list[Defect] = []
    for path, content in sorted(handed_out.items()):
        text = content.decode("utf-8", errors="replace")
        lines = [squeezed(line) for line in _lines_of(path, text)]
        found += _in_text(path, lines, wanted)
        if _NOT_TEXT in content:
            found += _in_bytes(path, content, wanted)
    return found


def squeezed(line: str) -> str:
    """A line without its spaces and its comment: what it does, however it is written."""
    code = line.strip()
    if code.startswith("#") or _TEXT_ALONE.fullmatch(code):
        return ""
    code = re.sub(r"\s+#.*$", "", code)
    return "".join(_WORD.findall(code))


def _wanted(secrets: Iterable[Secret]) -> dict[str, tuple[Secret, str]]:
    """Each line to look for, with the line before it in the solution ("" if it stands alone)."""
    wanted: dict[str, tuple[Secret, str]] = {}
    previous: Secret | None = None
    for secret in secrets:
        text = squeezed(secret.text)
        if not text:
            continue
        follows = previous is not None and previous.path == secret.path
        before = squeezed(previous.text) if previous and follows else ""
        previous = secret
        if len(text) >= DISTINCTIVE and not _HEAD.match(secret.text.strip()):
            wanted[text] = (secret, "")
        elif len(text) + len(before) >= DISTINCTIVE and before:
            wanted.setdefault(text, (secret, before))
    return wanted


def _lines_of(path: str, text: str) -> list[str]:
    """The lines of a file; those of a notebook are its strings, one line of JSON each."""
    if not path.endswith(".ipynb"):
        return text.splitlines()
    return [_string_of(line.strip().removesuffix(",")) for line in text.splitlines()]


def _string_of(line: str) -> str:
    """The text that a line of JSON is, or the line itself where it is no string."""
    if not (len(line) > 1 and line[0] == line[-1] == '"'):
        return line
    try:
        return json.loads(line)
    except ValueError:
        return line


def _in_text(path: str, lines: list[str], wanted: Mapping[str, tuple[Secret, str]]) -> list[Defect]:
    found = []
    before = ""
    for number, line in enumerate(lines, start=1):
        secret, needs_before = wanted.get(line, (None, ""))
        if secret is not None and (not needs_before or needs_before == before):
            found.append(_defect(path, number, secret))
        if line:
            before = line
    return found


def _in_bytes(path: str, content: bytes, wanted: Mapping[str, tuple[Secret, str]]) -> list[Defect]:
    """Lines inside a binary file, where a source text may travel as it stands."""
    return [
        _defect(path, 1, secret)
        for secret, needs_before in wanted.values()
        if not needs_before and secret.text.strip().encode() in content
    ]


def _defect(path: str, line: int, secret: Secret) -> Defect:
    return Defect(
        secret.path,
        secret.line,
        f"this line of a solution survives in {path}, line {line}: {secret.text.strip()}",
    )
