"""The tree of a module shows its registries, and what a plain list hides from all of them."""

import pytest

import dltk
from visuals import module_tree


def model(lib=dltk, in_a_list=True):
    class Net(lib.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = lib.nn.Linear(4, 3)
            self.norm = lib.nn.BatchNorm1d(3)
            layers = [lib.nn.Linear(3, 3), lib.nn.Linear(3, 3, bias=False)]
            self.layers = layers if in_a_list else lib.nn.ModuleList(layers)
            self.rate = 0.1

    return Net()


def rows(figure):
    return {row["path"]: row for each in figure.data["modules"] for row in each["rows"]}


def test_each_tensor_stands_under_its_registry():
    found = rows(module_tree(model()))
    assert found["first.weight"]["kind"] == "parameter"
    assert found["first.weight"]["what"] == "(3, 4)"
    assert found["norm.running_mean"]["kind"] == "buffer"


def test_a_layer_in_a_plain_list_is_shown_and_found_by_no_question():
    figure = module_tree(model())
    assert rows(figure)["layers[0].weight"]["hidden"]
    for names in figure.data["answers"].values():
        assert not any(name.startswith("layers") for name in names)


def test_a_module_list_makes_it_found_by_all():
    figure = module_tree(model(in_a_list=False))
    assert not any(row["hidden"] for row in rows(figure).values())
    assert "layers.0.weight" in figure.data["answers"]["parameters()"]
    assert "layers.0.weight" in figure.data["answers"]["state_dict()"]


def test_a_missing_bias_keeps_its_name():
    found = rows(module_tree(model(in_a_list=False)))
    assert found["layers.1.bias"]["what"] == "None"
    assert found["layers.1.bias"]["numel"] == 0


def test_a_tensor_that_is_no_parameter_is_hidden():
    net = model()
    net.scale = dltk.ones(2, requires_grad=True)
    row = rows(module_tree(net))["scale"]
    assert row["hidden"]
    assert row["kind"] == "tensor in a plain attribute"


def test_a_part_that_keeps_its_owner_in_a_list_is_not_followed_around_in_circles():
    net = model()
    net.first.owner = [net]
    assert len(module_tree(net).data["modules"]) == 5


def test_settings_are_shown_apart():
    assert "rate = 0.1" in module_tree(model()).data["modules"][0]["settings"]


def test_a_module_of_torch_gives_the_same_tensors_and_answers():
    torch = pytest.importorskip("torch", reason="torch is not installed: nothing to compare with")
    ours, theirs = module_tree(model()), module_tree(model(torch))
    assert rows(ours) == rows(theirs)
    assert ours.data["answers"] == theirs.data["answers"]


@pytest.mark.slow
def test_questions_are_asked_by_mouse_and_modules_chosen_by_keyboard(opened):
    page = opened(module_tree(model()))
    assert page.read("found") == "4"
    assert page.read("numbers") == str(4 * 3 + 3 + 3 + 3)
    assert page.read("missed") == str(3 * 3 + 3 + 3 * 3)
    page.control("Ask the model for").select_option("state_dict()")
    assert page.read("found") == "7"
    page.control("look into").focus()
    page.page.keyboard.press("ArrowRight")
    assert "first: Linear" in page.page.locator("caption").first.inner_text()
    page.page.keyboard.press("End")
    assert page.page.get_by_text("no registry names it").is_visible()
    assert page.errors == []
