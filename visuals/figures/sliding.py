"""A window slides over an image: convolution, pooling, and how far several layers see."""

from __future__ import annotations

from typing import Any

from visuals.visual import Prediction, Table, Visual

VIEWS = ("one layer", "several layers")
EDGE = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
# Stacks of layers: the words for them, then (kernel, stride, dilation) of each, first layer first.
STACKS = (
    ("conv 3, conv 3", ((3, 1, 1), (3, 1, 1))),
    ("conv 3, three times", ((3, 1, 1), (3, 1, 1), (3, 1, 1))),
    ("conv 3, pool 2, conv 3", ((3, 1, 1), (2, 2, 1), (3, 1, 1))),
    ("conv 3 with dilation 1, 2, 4", ((3, 1, 1), (3, 1, 2), (3, 1, 4))),
    ("conv 7 stride 2, pool 3 stride 2", ((7, 2, 1), (3, 2, 1))),
)
PREDICT = Prediction(
    "A kernel of 2\u00d72 cells slides over an image of 4\u00d74, one cell at a time. How many "
    "numbers come out?",
    ("16: one for each pixel", "9: one for each place where the window fits", "4: one per window"),
    answer=1,
    because="Along each side the window fits at 4 \N{MINUS SIGN} 2 + 1 = 3 places.",
)


def sliding(
    image: Any,
    kernel: Any,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    view: str = "one layer",
    predict: Prediction | None = PREDICT,
) -> Visual:
    """The window behind each output of a convolution or a pooling, its products and their sum.

    Args:
        image, kernel: of two dimensions, nested lists or whatever has `tolist`.
        stride, padding, dilation: where the figure begins; its controls change them.
        view: `"one layer"`, or `"several layers"` for what one number sees through them.
    """
    image, kernel = _rows(image), _rows(kernel)
    if view not in VIEWS:
        raise ValueError(f"view is one of {VIEWS}, not {view!r}")
    if view == VIEWS[0]:
        title = "Which cells of the image make one number of the output?"
        content = _outputs(image, kernel, stride, padding, dilation)
    else:
        title = "How much of the image does one number see through several layers?"
        content = Table(
            ("layers", "inputs seen by one number, along one side"),
            [(name, receptive_field(layers)) for name, layers in STACKS],
        )
    return Visual(
        "sliding",
        data={
            "image": image,
            "kernels": [["the given kernel", kernel], ["vertical edges, 3\u00d73", EDGE]],
            "view": view,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "stacks": [[name, [list(layer) for layer in layers]] for name, layers in STACKS],
        },
        title=title,
        description="An image and the output of a sliding window as two grids of numbers. For the "
        "chosen output cell the cells under the window are marked in the image, with the weight "
        "that multiplies each, and the products and their sum are written below. Another view "
        "shows which inputs one cell sees through several layers.",
        table=content,
        predict=predict,
        scripts=("receptive",),
    )


def _outputs(
    image: list[list[float]], kernel: list[list[float]], stride: int, padding: int, dilation: int
) -> Table:
    """Every output with the place where its window begins."""
    found = correlate(image, kernel, stride, padding, dilation)
    rows = [
        (f"[{i}, {j}]", f"{i * stride - padding}, {j * stride - padding}", float(value))
        for i, row in enumerate(found)
        for j, value in enumerate(row)
    ]
    return Table(("output cell", "window begins at row, column", "value"), rows)


def correlate(
    image: list[list[float]], kernel: list[list[float]], stride: int, padding: int, dilation: int
) -> list[list[float]]:
    """The sums of products under the kernel at each place; zeros lie around the image."""
    heights = output_size(len(image), len(kernel), stride, padding, dilation)
    widths = output_size(len(image[0]), len(kernel[0]), stride, padding, dilation)

    def pixel(row: int, column: int) -> float:
        inside = 0 <= row < len(image) and 0 <= column < len(image[0])
        return image[row][column] if inside else 0.0

    return [
        [
            sum(
                weight
                * pixel(i * stride + m * dilation - padding, j * stride + n * dilation - padding)
                for m, weights in enumerate(kernel)
                for n, weight in enumerate(weights)
            )
            for j in range(widths)
        ]
        for i in range(heights)
    ]


def output_size(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """At how many places the kernel fits along one side; 0 where it does not fit at all."""
    free = size + 2 * padding - dilation * (kernel - 1) - 1
    return max(0, free // stride + 1)


def receptive_field(layers: Any) -> int:
    """How many neighboring inputs one output of the last layer depends on, along one side."""
    seen, jump = 1, 1
    for kernel, stride, dilation in layers:
        seen += dilation * (kernel - 1) * jump
        jump *= stride
    return seen


def _rows(grid: Any) -> list[list[float]]:
    listed = grid.tolist() if hasattr(grid, "tolist") else [list(row) for row in grid]
    if not listed or not isinstance(listed[0], list) or isinstance(listed[0][0], list):
        raise ValueError("an image and a kernel have two dimensions here")
    return listed
