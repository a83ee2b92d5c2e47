"""Whether this process uses any device but the CPU."""


class Use:
    """`elsewhere`: what every operation asks before it looks where its operands are."""

    def __init__(self) -> None:
        self.elsewhere = False

    def begin(self) -> None:
        """From now on another device is in use."""
        from dltk.autograd.state import tracking

        self.elsewhere = tracking.forward = True


use = Use()
