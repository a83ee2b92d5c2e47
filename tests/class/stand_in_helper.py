"""A helper process that does what its requests say: answer, die, or never answer."""

import json
import os
import sys
import time

for line in sys.stdin:
    request = json.loads(line)
    if request["lab"] == "die":
        sys.exit("OSError: the disk is full")
    if request["lab"] == "sleep":
        time.sleep(60)
    print(json.dumps({"pid": os.getpid(), "echo": request}), flush=True)
