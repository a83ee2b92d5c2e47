"""Make the book in build/site/: lectures with their outputs, labs, the API, the people's pages.

python tools/book.py            what changed; a lecture runs again when what it read changed
python tools/book.py --fresh    every lecture runs again
"""

import argparse
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bookmaking import EXECUTED, SITE, SOURCE, pages, sphinx_run
from bookmaking.execution import Lecture, execute, hand_to_sphinx


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--fresh", action="store_true", help="run every lecture again")
    if arguments.parse_args().fresh:
        shutil.rmtree(EXECUTED, ignore_errors=True)
    began = time.monotonic()
    files = pages.stage()
    # The copies run, so that nothing an author types meanwhile gets half into the book.
    texts = [SOURCE / "lectures" / text.name for text in pages.lectures()]
    lectures = [Lecture(text, text.parent) for text in texts]
    failures = execute(lectures)
    if failures:
        print("\n\n".join(failures), file=sys.stderr)
        return 1
    wanted = sphinx_run.fingerprint(files)
    if not sphinx_run.is_in_place(wanted):
        hand_to_sphinx(lectures)
        if not sphinx_run.make(wanted):
            print("The book has the warnings above.", file=sys.stderr)
            return 1
    print(f"The book: {SITE / 'index.html'} ({time.monotonic() - began:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
