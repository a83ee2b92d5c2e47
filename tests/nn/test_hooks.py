"""Hooks of a module run when, in the order, and with what they run in torch."""

import warnings

import numpy as np
import pytest
from comparing import array, both


def numbers(values):
    return [None if each is None else array(each).round(4).tolist() for each in values]


def pair(lib):
    """Two linear maps of ones, and an input that asks for a gradient."""
    nn = lib.nn
    model = nn.Sequential(nn.Linear(2, 3, bias=False), nn.Linear(3, 2, bias=False))
    for each in model.parameters():
        nn.init.ones_(each)
    return model, lib.tensor([[1.0, 2.0]], requires_grad=True)


def order_forward(lib):
    model, x = pair(lib)
    seen = []
    for text, prepend in (("1", False), ("2", False), ("0", True)):
        model.register_forward_pre_hook(lambda *a, t=text: seen.append("pre" + t), prepend=prepend)
        model.register_forward_hook(lambda *a, t=text: seen.append("post" + t), prepend=prepend)
    model[0].register_forward_hook(lambda *a: seen.append("first"))
    model(x)
    return seen


def keyword_arguments(lib):
    class Scale(lib.nn.Module):
        def forward(self, x, *, by=1):
            return x * by

    module, seen = Scale(), []
    module.register_forward_pre_hook(lambda m, a, k: (a, {**k, "by": 5}), with_kwargs=True)
    module.register_forward_hook(
        lambda m, a, k, out: (seen.append(k["by"]), out + 1)[1], with_kwargs=True
    )
    return numbers([module(lib.ones(2), by=2)]), seen


def wrong_keyword_arguments(lib):
    model, x = pair(lib)
    model.register_forward_pre_hook(lambda m, a, k: a, with_kwargs=True)
    model(x)


def other_arguments(lib):
    model, x = pair(lib)
    model[0].register_forward_pre_hook(lambda m, args: args[0] * 2)
    model[1].register_forward_hook(lambda m, args, out: (out, "more"))
    out, more = model(x)
    return numbers([out]), more


def removed(lib):
    model, x = pair(lib)
    seen = []
    with model.register_forward_hook(lambda *a: seen.append("within")):
        model(x)
    model(x)

    def once(*args):
        seen.append("once")
        handle.remove()

    handle = model.register_forward_hook(once)
    model(x)
    model(x)
    handle.remove()
    return seen


def always(lib):
    model, _ = pair(lib)
    seen = []
    model.register_forward_hook(lambda m, a, out: seen.append(out), always_call=True)
    model.register_forward_hook(lambda m, a, out: seen.append("never"))
    with pytest.raises(RuntimeError):
        model(lib.ones(1, 5))
    return seen


def always_but_once(lib):
    model, x = pair(lib)
    seen = []
    model.register_forward_hook(lambda *a: seen.append("first"), always_call=True)
    model.register_forward_hook(lambda *a: 1 / 0)
    model.register_forward_hook(lambda *a: seen.append("last"), always_call=True)
    with pytest.raises(ZeroDivisionError):
        model(x)
    return seen


def always_and_wrong(lib):
    model, _ = pair(lib)
    model.register_forward_hook(lambda *a: 1 / 0, always_call=True)
    with pytest.warns(UserWarning, match="always_call"), pytest.raises(RuntimeError):
        model(lib.ones(1, 5))


def order_backward(lib):
    model, x = pair(lib)
    seen = []
    for name, module in (("whole", model), ("0", model[0]), ("1", model[1])):
        module.register_full_backward_hook(
            lambda m, i, o, name=name: seen.append((name, numbers(i), numbers(o)))
        )
    model.register_full_backward_hook(lambda *a: seen.append("before"), prepend=True)
    model[1].register_full_backward_pre_hook(lambda m, o: seen.append(("pre", numbers(o))))
    model(x).sum().backward()
    return seen, numbers([x.grad])


def changed_gradients(lib):
    model, x = pair(lib)
    model[0].register_full_backward_hook(lambda m, i, o: (i[0] * 2,))
    model[1].register_full_backward_pre_hook(lambda m, o: (o[0] * 3,))
    model(x).sum().backward()
    return numbers([x.grad, model[0].weight.grad, model[1].weight.grad])


def too_many_gradients(lib):
    model, x = pair(lib)
    model.register_full_backward_hook(lambda m, i, o: (i[0], i[0]))
    model(x).sum().backward()


def input_without_gradient(lib):
    model, x = pair(lib)
    seen = []
    model.register_full_backward_hook(lambda m, i, o: seen.append((numbers(i), numbers(o))))
    model(x.detach()).sum().backward()
    return seen


class Several:
    """A module of several arguments and results, one of which is not trained."""

    def __new__(cls, lib):
        class Module(lib.nn.Module):
            def forward(self, x, y, factor):
                return x * y * factor, y

        return Module()


def several_arguments(lib):
    module, seen = Several(lib), []
    module.register_full_backward_hook(lambda m, i, o: seen.append((numbers(i), numbers(o))))
    x = lib.ones(2, requires_grad=True)
    first, _ = module(x, lib.full((2,), 2.0), 3)
    first.sum().backward()
    return seen, numbers([x.grad])


def unusual_results(lib):
    class InDictionary(lib.nn.Module):
        def forward(self, x):
            return {"twice": x * 2}

    class InList(lib.nn.Module):
        def forward(self, x):
            return [x * 3]

    seen, x = [], lib.ones(2, requires_grad=True)
    for module, key in ((InDictionary(), "twice"), (InList(), 0)):
        module.register_full_backward_hook(lambda *a: seen.append("called"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = module(x)
        found[key].sum().backward()
    return seen, numbers([x.grad])


def keyword_tensor(lib):
    class Product(lib.nn.Module):
        def forward(self, x, y=None):
            return x * y

    module, seen = Product(), []
    module.register_full_backward_hook(lambda m, i, o: seen.append(numbers(i)))
    x, y = lib.ones(2, requires_grad=True), lib.ones(2, requires_grad=True)
    module(x, y=y).sum().backward()
    return seen, numbers([x.grad, y.grad])


def used_twice(lib):
    module = lib.nn.Linear(2, 2, bias=False)
    lib.nn.init.ones_(module.weight)
    seen = []
    module.register_full_backward_hook(lambda m, i, o: seen.append((numbers(i), numbers(o))))
    module(module(lib.ones(1, 2, requires_grad=True))).sum().backward()
    return seen


def backward_twice(lib):
    model, x = pair(lib)
    seen = []
    model.register_full_backward_hook(lambda m, i, o: seen.append(numbers(i)))
    total = model(x).sum()
    total.backward(retain_graph=True)
    total.backward()
    return seen


def removed_before_backward(lib):
    model, x = pair(lib)
    seen = []
    handle = model.register_full_backward_hook(lambda *a: seen.append("called"))
    total = model(x).sum()
    handle.remove()
    total.backward()
    return seen


def recorded(lib):
    model, x = pair(lib)
    seen = []
    model.register_full_backward_hook(lambda m, i, o: seen.append(i[0].requires_grad))
    (gradient,) = lib.autograd.grad((model(x) ** 3).sum(), x, create_graph=True)
    gradient.sum().backward()
    return seen[0], numbers([x.grad])


def name_of_the_node(lib):
    model, x = pair(lib)
    model.register_full_backward_hook(lambda *a: None)
    return model(x).grad_fn.name()


def in_place_on_the_result(lib):
    nn = lib.nn
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(inplace=True))
    model[0].register_full_backward_hook(lambda *a: None)
    model(lib.ones(1, 2, requires_grad=True)).sum().backward()


def without_recording(lib):
    model, x = pair(lib)
    seen = []
    model.register_full_backward_hook(lambda *a: seen.append("called"))
    with lib.no_grad():
        return model(x).requires_grad, seen


PROGRAMS = [
    order_forward,
    keyword_arguments,
    wrong_keyword_arguments,
    other_arguments,
    removed,
    always,
    always_but_once,
    always_and_wrong,
    order_backward,
    changed_gradients,
    too_many_gradients,
    input_without_gradient,
    several_arguments,
    unusual_results,
    keyword_tensor,
    used_twice,
    backward_twice,
    removed_before_backward,
    recorded,
    name_of_the_node,
    in_place_on_the_result,
    without_recording,
]


@pytest.mark.filterwarnings("ignore:Full backward hook is firing")
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_hooks_see_and_change_what_they_do_in_torch(program):
    want, got = both(program)
    assert got == want


def test_a_hook_on_every_module_sees_every_shape():
    def run(lib):
        model, x = pair(lib)
        seen = []
        for name, module in model.named_modules():
            module.register_forward_hook(
                lambda m, args, out, name=name: seen.append((name, tuple(out.shape)))
            )
        model(x)
        return seen

    want, got = both(run)
    assert got == want == [("0", (1, 3)), ("1", (1, 2)), ("", (1, 2))]


def test_gradients_are_the_same_with_hooks_that_only_look():
    def run(lib):
        gradients = []
        for hooked in (False, True):
            model, x = pair(lib)
            if hooked:
                for module in model.modules():
                    module.register_full_backward_hook(lambda *a: None)
            (model(x) ** 2).sum().backward()
            gradients.append(array(x.grad))
        return np.array_equal(*gradients)

    assert both(run) == (True, True)
