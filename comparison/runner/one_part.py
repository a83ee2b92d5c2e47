"""Run one function of a side-by-side program and write down what it returns.

python one_part.py FILE FUNCTION INPUTS OUTPUTS
"""

import importlib.util
import json
import os
import sys


def main(path, function, inputs, outputs):
    spec = importlib.util.spec_from_file_location("side_by_side_program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = getattr(module, function)(inputs)
    with open(outputs + ".part", "w") as file:
        json.dump(found, file)
    os.rename(outputs + ".part", outputs)


if __name__ == "__main__":
    main(*sys.argv[1:])
