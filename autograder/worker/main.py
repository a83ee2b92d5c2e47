"""The script the sandbox starts: `python -I -S -B main.py CONFIGURATION` (JSON).

Its import paths are the standard library, three names from elsewhere (numpy, msgpack and this
package) and, last, the graded tree. It confines itself where the level asks for that, before
anything else is imported.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import sys

VISIBLE = ("autograder.wire", "autograder.worker")


class Runtime:
    """Finds each of a few top-level packages in its own folder, and nothing else there."""

    def __init__(self, homes: dict[str, str]) -> None:
        self.homes = homes

    def find_spec(self, name, path=None, target=None):
        if path is None and name in self.homes:
            folder = os.path.join(self.homes[name], name)
            return importlib.util.spec_from_file_location(
                name, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
            )
        if name.startswith("autograder.") and not name.startswith(VISIBLE):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def main() -> None:
    gc.disable()  # until the imports are done: what they leave stays for good
    configuration = json.loads(sys.argv[1])
    sys.argv[1:] = []
    sys.meta_path.insert(0, Runtime(configuration["homes"]))
    from autograder.worker import confine

    confine.start(configuration)
    from autograder.worker import serve

    serve.serve(configuration)


if __name__ == "__main__":
    main()
