"""The sliding window: the numbers torch gives, in Python and in the figure."""

import itertools

import pytest
import torch

from visuals.figures.sliding import correlate, output_size, receptive_field, sliding

IMAGE = [[4.0 * i + j for j in range(4)] for i in range(4)]
KERNEL = [[1.0, 2.0], [3.0, 4.0]]
SETTINGS = [
    setting
    for setting in itertools.product((1, 2, 3), (0, 1, 2), (1, 2, 3))
    if output_size(4, 2, *setting) > 0
]


def convolved(stride, padding, dilation, kernel=KERNEL):
    image, kernel = torch.tensor(IMAGE)[None, None], torch.tensor(kernel)[None, None]
    found = torch.nn.functional.conv2d(
        image, kernel, stride=stride, padding=padding, dilation=dilation
    )
    return found[0, 0].tolist()


@pytest.mark.parametrize(("stride", "padding", "dilation"), SETTINGS)
def test_the_sums_are_torchs_for_every_setting(stride, padding, dilation):
    assert correlate(IMAGE, KERNEL, stride, padding, dilation) == convolved(
        stride, padding, dilation
    )


def test_a_window_that_does_not_fit_has_no_output():
    assert output_size(4, 5, 1, 0, 1) == 0
    assert correlate(IMAGE, [[1.0] * 5] * 5, 1, 0, 1) == []


def test_the_receptive_field_is_where_a_gradient_arrives():
    layers = ((3, 1, 1), (2, 2, 1), (3, 1, 2))
    x = torch.ones(1, 1, 40, requires_grad=True)
    y = x
    for kernel, stride, dilation in layers:
        y = torch.nn.functional.conv1d(
            y, torch.ones(1, 1, kernel), stride=stride, dilation=dilation
        )
    y[0, 0, 3].backward()
    touched = x.grad[0, 0].nonzero().flatten()
    assert receptive_field(layers) == (touched[-1] - touched[0] + 1).item()


def test_an_image_has_two_dimensions():
    with pytest.raises(ValueError, match="two dimensions"):
        sliding(torch.ones(1, 4, 4), KERNEL)


def test_the_table_follows_the_view():
    rows = sliding(IMAGE, KERNEL, view="several layers").table.rows
    assert dict(rows)["conv 3, pool 2, conv 3"] == 8


def test_a_view_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="several layers"):
        sliding(IMAGE, KERNEL, view="several")


def test_the_table_holds_every_output():
    visual = sliding(torch.tensor(IMAGE), torch.tensor(KERNEL))
    assert [row[-1] for row in visual.table.rows] == [34, 44, 54, 74, 84, 94, 114, 124, 134]
    assert "134.000000" in repr(visual)


@pytest.mark.slow
def test_the_figure_computes_what_torch_computes(opened):
    figure = opened(sliding(IMAGE, KERNEL))
    for stride, padding, dilation in SETTINGS:
        for name, value in (("stride", stride), ("padding", padding), ("dilation", dilation)):
            figure.drag(name, value)
        want = convolved(stride, padding, dilation)
        assert figure.read("size") == f"{len(want)}\u00d7{len(want[0])}"
        figure.page.get_by_role("button", name="Last").click()
        assert float(figure.read("value")) == want[-1][-1]
    assert figure.errors == []


@pytest.mark.slow
def test_a_cell_is_reached_by_mouse_and_by_keyboard(opened):
    figure = opened(sliding(IMAGE, KERNEL))
    figure.page.locator('[data-cell="2,1"]').hover()
    assert figure.read("value") == "124"
    assert figure.read("terms") == "9\u00b71 + 10\u00b72 + 13\u00b73 + 14\u00b74 = 124"
    figure.page.get_by_role("button", name="Next").focus()
    figure.page.keyboard.press("ArrowRight")
    assert (figure.read("cell"), figure.read("value")) == ("[2, 2]", "134")
    figure.page.keyboard.press("Home")
    assert figure.read("value") == "34"


@pytest.mark.slow
def test_pooling_and_the_flipped_kernel_stand_beside_it(opened):
    figure = opened(sliding(IMAGE, KERNEL, stride=2))
    for operation, value in (("flip", "16"), ("max", "5"), ("average", "2.500")):
        figure.control("operation").select_option(operation)
        assert figure.read("value") == value
    figure.control("operation").select_option("correlate")
    figure.control("kernel").select_option("1")
    figure.drag("stride", 1)
    edges = convolved(1, 0, 1, [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    assert float(figure.read("value")) == edges[0][0]


@pytest.mark.slow
def test_the_view_can_be_changed(opened):
    figure = opened(sliding(IMAGE, KERNEL))
    assert not figure.control("layers").is_visible()
    figure.control("view").select_option("several layers")
    assert figure.control("layers").is_visible()
    assert not figure.control("stride").is_visible()


@pytest.mark.slow
def test_the_receptive_fields_of_the_stacks_are_pythons(opened):
    visual = sliding(IMAGE, KERNEL, view="several layers")
    figure = opened(visual, width="narrow")
    for place, (_, layers) in enumerate(visual.data["stacks"]):
        figure.control("layers").select_option(str(place))
        assert int(figure.read("receptive-field")) == receptive_field(layers)
