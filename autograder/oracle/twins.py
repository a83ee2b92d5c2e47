"""What checks may call and torch lacks, written in plain torch: the only answers written by hand.

`TWINS` gives each by the dotted name under which a program finds it (`trace`, `nn.thing`). Labs 1
and 3 call nothing but torch's own names.
"""

from collections.abc import Mapping
from typing import Any

TWINS: Mapping[str, Any] = {}
