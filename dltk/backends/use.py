"""Whether this process uses any device but the CPU."""


class Use:
    """`elsewhere`: what every operation asks before it looks where its operands are."""

    def __init__(self) -> None:
        self.elsewhere = False


use = Use()
