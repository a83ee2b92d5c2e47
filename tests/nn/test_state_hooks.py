"""Hooks around a state dict, and state beside tensors, as torch has them."""

import pytest
from comparing import both


def model(lib):
    nn = lib.nn
    return nn.Sequential(nn.Sequential(nn.Linear(2, 2), nn.Tanh()), nn.Linear(2, 1, bias=False))


def counting(lib):
    class Counting(lib.nn.Module):
        def __init__(self):
            super().__init__()
            self.count = 0
            self.inner = lib.nn.Linear(1, 1)

        def get_extra_state(self):
            return {"count": self.count}

        def set_extra_state(self, state):
            self.count = state["count"]

    return lib.nn.Sequential(Counting(), lib.nn.Linear(1, 1))


def order_of_saving(lib):
    seen, m = [], model(lib)
    for name, each in m.named_modules():
        each.register_state_dict_pre_hook(
            lambda mod, prefix, keep, name=name: seen.append(("before", name, prefix, keep))
        )
        each.register_state_dict_post_hook(
            lambda mod, state, prefix, local, name=name: seen.append(("after", name, dict(local)))
        )
    m.state_dict(prefix="net.", keep_vars=True)
    before = [each for each in seen if each[0] == "before"]
    return before, [each for each in seen if each[0] == "after"]


def order_of_loading(lib):
    seen, m = [], model(lib)
    for name, each in m.named_modules():
        each.register_load_state_dict_pre_hook(
            lambda mod, state, prefix, *rest, name=name: seen.append(("before", name, prefix))
        )
        each.register_load_state_dict_post_hook(
            lambda mod, keys, name=name: seen.append(("after", name, len(keys.missing_keys)))
        )
    m.load_state_dict(m.state_dict())
    before = [each for each in seen if each[0] == "before"]
    return before, [each for each in seen if each[0] == "after"]


def renamed(lib):
    first, second = model(lib), model(lib)
    state = {name.replace("0.0.", "old."): each for name, each in first.state_dict().items()}

    def rename(module, state, prefix, *rest):
        for name in list(state):
            state[name.replace("old.", "0.0.")] = state.pop(name)

    second.register_load_state_dict_pre_hook(rename)
    second.load_state_dict(state)
    return lib.equal(first[0][0].weight, second[0][0].weight)


def refused_by_a_hook(lib):
    m = model(lib)
    m.register_load_state_dict_pre_hook(lambda *arguments: arguments[-1].append("no such file"))
    m.load_state_dict(m.state_dict())


def missing_forgiven(lib):
    m = model(lib)
    m.register_load_state_dict_post_hook(lambda mod, keys: keys.missing_keys.clear())
    return repr(m.load_state_dict({}, strict=False))


def a_state_replaced(lib):
    m = model(lib)
    m.register_state_dict_post_hook(lambda *arguments: {})
    m.state_dict()


def a_hook_removed(lib):
    seen, m = [], model(lib)
    m.register_state_dict_pre_hook(lambda *a: seen.append("called")).remove()
    m.state_dict()
    return seen


def extra_state(lib):
    first, second = counting(lib), counting(lib)
    first[0].count = 7
    found = first.state_dict(prefix="net.")
    answer = second.load_state_dict(first.state_dict())
    return list(found), second[0].count, repr(answer)


def extra_state_missing(lib):
    m = counting(lib)
    state = m.state_dict()
    del state["0._extra_state"]
    m.load_state_dict(state)


def extra_state_in_excess(lib):
    m = model(lib)
    m.load_state_dict({**m.state_dict(), "0._extra_state": 3})


def extra_state_not_required(lib):
    m = counting(lib)
    state = m.state_dict()
    del state["0._extra_state"]
    m.load_state_dict(state, strict=False)
    return m[0].count


def no_extra_state(lib):
    lib.nn.Linear(1, 1).get_extra_state()


def emptied(lib):
    m = model(lib).to_empty(device="cpu")
    return [tuple(each.shape) for each in m.parameters()], [p.is_leaf for p in m.parameters()]


PROGRAMS = [
    order_of_saving,
    order_of_loading,
    renamed,
    refused_by_a_hook,
    missing_forgiven,
    a_state_replaced,
    a_hook_removed,
    extra_state,
    extra_state_missing,
    extra_state_in_excess,
    extra_state_not_required,
    no_extra_state,
    emptied,
]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_a_state_passes_its_hooks_as_in_torch(program):
    want, got = both(program)
    assert got == want


def test_what_is_not_in_scope_says_so():
    import dltk

    module = dltk.nn.Linear(1, 1)
    for call in (module.bfloat16, lambda: module.register_backward_hook(print)):
        with pytest.raises(NotImplementedError, match="not in dltk's scope"):
            call()
