"""Whether this process uses any device but the CPU."""


class Use:
    """`elsewhere`: what every operation may ask before it looks where its operands are."""

    elsewhere = False


use = Use()
