"""Lab 7: the current device of each kind, where a tensor goes that is sent without a number."""

from dltk.devices.selected import selected


def current_index(kind):
    """The number of the current device of `kind`: the one that was selected, at first 0.

    Given: `selected.indices`, a dictionary from a kind to the number that was selected.
    """
    return selected.indices.get(kind, 0)


def select(kind, index):
    """Make number `index` the current device of `kind`; tensors that are there stay where they are.

    A negative number selects nothing, so that code may pass on "wherever it is".
    """
    if index >= 0:
        selected.indices[kind] = index


class Selecting:
    """A context in which another device of a kind is the current one.

    Given: `self.kind` and `self.index`. Contexts nest, the same one may be entered again while it
    is open, and on leaving, also by an exception, the device that was current before is current
    again. `self.former` is an empty list when the context is made.
    """

    def __enter__(self):
        """Remember the device that is current now and select `self.index`."""
        self.former.append(current_index(self.kind))
        select(self.kind, self.index)

    def __exit__(self, kind, error, traceback):
        """Select the device that was current before."""
        select(self.kind, self.former.pop())
