"""Lab 7: which devices a process sees, and under which numbers."""

from dltk.devices.environment import leading_number


def visible(text, count):
    """The devices that remain of `count` under a setting such as `CUDA_VISIBLE_DEVICES`.

    The place in the list is the number under which the process knows a device, the entry is the
    number it has on the machine: with `"2,0"` the process calls device 2 its first, number 0.

    Given: `text`, numbers separated by commas, or `None` where the variable is not set, which
    leaves all devices; `leading_number(entry)`, the number that an entry begins with, -1 without
    one. The list ends before the first entry that names no device. A device named twice leaves
    none at all.
    """
    if text is None:
        return list(range(count))
    found = []
    for entry in text.split(","):
        number = leading_number(entry)
        if number in found:
            return []
        if number < 0:
            break
        found.append(number)
    missing = [number for number in found if number >= count]
    return found[: found.index(missing[0])] if missing else found
