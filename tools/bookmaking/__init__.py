"""The parts of `tools/book.py`: pages put together, lectures executed, Sphinx run."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "book"
SOURCE = WORK / "source"
EXTRA = WORK / "extra"
EXECUTED = WORK / "executed"
CACHE = WORK / "cache"
SITE = ROOT / "build" / "site"
