"""Lab 7: what a device string means."""

KINDS = ("cpu", "cuda", "sim")


def parse(text):
    """The kind of device that `text` names, and its number or `None`.

    `"cuda:1"` is `("cuda", 1)`. `"cuda"` is `("cuda", None)`: which one is decided only when a
    tensor goes there. A number is written in decimal digits, without a sign, a space or a leading
    zero.

    Raises:
        RuntimeError: the kind is none of `KINDS`, or what follows the colon is no number.
    """
    kind, colon, number = text.partition(":")
    digits = number.isascii() and number.isdecimal() and (number == "0" or number[0] != "0")
    if colon and (not kind or not digits):
        raise RuntimeError(f"Invalid device string: '{text}'")
    if kind not in KINDS:
        expected = ", ".join(KINDS)
        raise RuntimeError(
            f"Expected one of {expected} device type at start of device string: {text}"
        )
    return kind, int(number) if colon else None
