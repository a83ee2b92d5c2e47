"""The forward trace: a row for each operation, written down as the run goes."""

from dltk.trace.notation import expression
from dltk.trace.rows import Names, Row


class ForwardTrace:
    """The rows of a run, in the order in which they were computed.

    `rows` holds what has been recorded; `names` knows the name of every tensor seen so far. The n
    inputs are called `v{1-n}` to `v0`, and the results `v1`, `v2` and so on.
    """

    def __init__(self, inputs: int):
        self.next_number = 1 - inputs
        self.names = Names()
        self.rows: list[Row] = []

    def record(self, operation, operands, result, value, tangent, text=None) -> None:
        """Append the row of `result`.

        Given: `operation`, its name; `operands`, tensors with a name or constants already written
        as text; `result`, the new tensor; `value` and `tangent`, its arrays (`tangent` may be
        `None`); `text`, the expression of an input. An operation in place gives a tensor that has a
        name a new one, and rows recorded before keep their numbers.
        """
        names = [each if isinstance(each, str) else self.names[each] for each in operands]
        name = f"v{self.next_number}"
        self.next_number += 1
        self.names[result] = name
        tangent = None if tangent is None else tangent.copy()
        written = expression(operation, names) if text is None else text
        self.rows.append(Row(name, written, value.copy(), tangent, operation, tuple(names)))
