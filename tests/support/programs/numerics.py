"""Numbers themselves: their functions, their limits, and memory shared with others."""

from typing import Any

import numpy as np

from programs.registry import program


@program()
def distances_on_a_globe_are_shortened(lib: Any) -> dict[str, Any]:
    """Great circles by asin and acos, Mercator by tan, a catenary by sinh and cosh; descent."""
    lib.manual_seed(0)
    places = lib.stack([lib.rand(5) * 2 - 1, lib.rand(5) * 4 - 2], dim=1)
    meeting = lib.tensor([0.9, -0.7], requires_grad=True)
    optimizer = lib.optim.Adagrad([meeting], lr=0.3)
    lengths, gradients = [], []
    for _ in range(10):
        north, east = meeting
        half = ((places[:, 0] - north) / 2).sin() ** 2
        half = half + north.cos() * places[:, 0].cos() * ((places[:, 1] - east) / 2).sin() ** 2
        distance = 2 * lib.asin(half.sqrt())
        same = lib.acos((1 - 2 * half).clamp(-1, 1))
        height = lib.log(lib.tan(lib.pi / 4 + north / 2))
        wire = lib.cosh(distance / 4).sum() - lib.sinh(distance / 9).sum() * 0.1
        loss = distance.sum() + 0.1 * wire + 0.01 * height**2 + 0.001 * north.atan()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        lengths.append((distance.sum().item(), bool(lib.isclose(distance, same).all())))
        gradients.append(meeting.grad.clone())
    return {"length": lengths, "gradient": gradients, "height": height}


@program()
def bits_are_counted_by_entropy(lib: Any) -> dict[str, Any]:
    """log2 of probabilities, a code's lengths by ceil, scales by logspace, roundings compared."""
    lib.manual_seed(1)
    logits = lib.randn(3, 6, requires_grad=True)
    optimizer = lib.optim.SGD([logits], lr=0.5)
    entropies, gradients = [], []
    for _ in range(6):
        p = lib.nn.Softmax(dim=-1)(logits)
        entropy = -(p * lib.log2(p)).sum(-1)
        loss = (entropy - lib.tensor([1.0, 1.5, 2.0])).square().sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        entropies.append(entropy)
        gradients.append(logits.grad.clone())
    lengths = lib.ceil(-p.log2()).to(lib.int32)
    temperatures = lib.logspace(-1, 1, 5)
    by_temperature = [(logits / each).softmax(-1).amax(-1) for each in temperatures]
    x = lib.tensor([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 1e-9, -1e-9])
    return {
        "entropy": entropies,
        "gradient": gradients,
        "lengths": lengths,
        "kraft": (2.0**-lengths).sum(-1),
        "temperatures": by_temperature,
        "rounded": lib.stack([x.round(), x.floor(), x.ceil(), x.trunc(), x.sign()]),
        "remainders": (x % 2, lib.fmod(x, 2), x // 2, lib.div(x, 2, rounding_mode="trunc")),
    }


@program("float32")
def limits_of_dtypes_are_met(lib: Any) -> dict[str, Any]:
    """finfo, iinfo, wrap-around, overflow, promotion, what can be cast and what is not a number."""
    floats = [lib.float16, lib.float32, lib.float64]
    integers = [lib.uint8, lib.int8, lib.int16, lib.int32, lib.int64]
    every = [*floats, *integers, lib.bool]
    limits = [(lib.finfo(d).max, lib.finfo(d).tiny, lib.finfo(d).eps) for d in floats]
    bounds = [(lib.iinfo(d).min, lib.iinfo(d).max, lib.iinfo(d).bits) for d in integers]
    casts = [[lib.can_cast(a, b) for b in every] for a in every]
    common = [[str(lib.promote_types(a, b)) for b in every] for a in every]
    over = lib.tensor([60000.0, 70000.0, 1e-8]).half()
    wrapped = lib.tensor([250, 5], dtype=lib.uint8) + lib.tensor([10, 251], dtype=lib.uint8)
    small = lib.tensor([1.0, 1e-8]).float()
    nothing = lib.tensor([0.0, -1.0, float("inf")])
    kinds = [
        lib.result_type(lib.ones(2, dtype=lib.int8), 1.5),
        lib.result_type(lib.ones(2, dtype=lib.half), lib.tensor(1.0, dtype=lib.float64)),
        (lib.ones(2, dtype=lib.uint8) * True).dtype,
        (lib.tensor(3) / 2).dtype,
        (lib.tensor([1, 2]) > 1.5).dtype,
        lib.arange(0, 1, 0.25).dtype,
        lib.as_tensor([True, 2]).dtype,
        lib.ones(2, dtype=lib.int16).mean(dtype=lib.float64).dtype,
        lib.tensor([200, 100], dtype=lib.uint8).sum().dtype,
    ]
    return {
        "limits": [tuple(float(x) for x in each) for each in limits],
        "bounds": bounds,
        "casts": casts,
        "common": common,
        "over": (over, over.isinf(), over.double()),
        "wrapped": wrapped,
        "lost": (small.sum() == 1, small.double().sum() == 1, small[1].expm1(), small[1].log1p()),
        "nothing": (nothing.log(), nothing.sqrt(), 1 / nothing, nothing - nothing, nothing.isnan()),
        "kinds": kinds,
        "shifted": (lib.tensor([1, -8]) << 2, lib.tensor([1, -8]) >> 1, ~lib.tensor([0, 5])),
    }


@program()
def adam_is_written_with_fused_operations(lib: Any) -> dict[str, Any]:
    """lerp_, addcmul_ and addcdiv_ beside the library's Adam: the same path to the last digits."""
    lib.manual_seed(2)
    x, y = lib.randn(20, 3), lib.randn(20, 2)
    theirs = lib.nn.Linear(3, 2)
    mine = [p.detach().clone().requires_grad_() for p in theirs.parameters()]
    optimizer = lib.optim.Adam(theirs.parameters(), lr=0.1, betas=(0.8, 0.9))
    means = [lib.zeros_like(p) for p in mine]
    squares = [lib.zeros_like(p) for p in mine]
    losses, paths, apart = [], [], []
    for step in range(1, 9):
        loss = lib.nn.functional.l1_loss(theirs(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        own = lib.addmm(mine[1], x, mine[0].t()).sub(y).abs().mean()
        gradients = lib.autograd.grad(own, mine)
        with lib.no_grad():
            for p, g, m, s in zip(mine, gradients, means, squares, strict=True):
                m.lerp_(g, 0.2)
                s.mul_(0.9).addcmul_(g, g, value=0.1)
                spread = (s / (1 - 0.9**step)).sqrt_().add_(1e-8)
                p.addcdiv_(m, spread, value=-0.1 / (1 - 0.8**step))
        losses.append((loss.item(), own.item()))
        paths.append(mine[0].detach().clone())
        apart.append((mine[0] - theirs.weight).abs().max().item() < 1e-9)
    curve = lib.addcmul(mine[1], mine[0].select(1, 0), mine[0][:, 1], value=0.5)
    quotient = lib.addcdiv(mine[1], mine[0].select(1, 2), mine[0][:, 1].exp(), value=2)
    third = lib.autograd.grad((curve * quotient).sum(), mine)
    return {"loss": losses, "path": paths, "same": apart, "curve": curve, "gradient": third}


@program("float32")
def memory_is_shared_with_numpy(lib: Any) -> dict[str, Any]:
    """from_numpy, as_tensor, numpy(), DLPack both ways: writes are seen on the other side."""
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    shared = lib.from_numpy(array)
    also = lib.as_tensor(array)
    copied = lib.tensor(array)
    array[0, 0] = 50
    shared[1] += 1
    column = lib.from_numpy(array[:, 1])
    column.mul_(2)
    back = shared.t().numpy()
    back[3, 2] = -1
    through = lib.from_dlpack(shared)
    through[2, 0] = 7
    again = np.from_dlpack(shared.detach())
    mixed = lib.tensor([1.0, 2.0]) * lib.from_numpy(np.array([3.0, 4.0]))
    return {
        "array": array.copy(),
        "views": (shared, also, copied, column, through),
        "strides": (column.stride(), shared.t().stride(), through.stride()),
        "same": shared.data_ptr() == also.data_ptr() == through.data_ptr(),
        "other": copied.data_ptr() == shared.data_ptr(),
        "again": np.array(again),
        "as array": np.asarray(shared).sum(),
        "mixed": (mixed, mixed.dtype),
        "list": shared.tolist(),
    }


@program("float32")
def a_model_is_taken_apart(lib: Any) -> dict[str, Any]:
    """children, apply, Identity in place of a part, Unflatten, features from the middle, names."""
    lib.manual_seed(3)
    nn = lib.nn
    model = nn.Sequential(
        nn.Linear(6, 12),
        nn.Unflatten(1, (3, 4)),
        nn.Sequential(nn.LayerNorm(4), nn.SiLU(), nn.Flatten()),
        nn.Sequential(nn.Linear(12, 2), nn.LogSoftmax(dim=1)),
    )
    seen: list[str] = []
    model.apply(lambda module: seen.append(type(module).__name__))
    x = lib.randn(5, 6)
    full = model(x)
    kept: list[Any] = []
    handle = model[2].register_forward_hook(lambda module, inputs, output: kept.append(output))
    model(x)
    handle.remove()
    model[3] = nn.Identity()
    features = model(x)
    parts = nn.ModuleDict({"body": model[:2], "rest": nn.Sequential(*list(model.children())[2:])})
    again = parts["rest"](parts["body"](x))
    loss = features.logsumexp(1).sum()
    loss.backward()
    model.zero_grad(set_to_none=False)
    zeroed = [bool((p.grad == 0).all()) for p in model.parameters()]
    double = model.double()
    return {
        "output": full,
        "features": features,
        "same": (lib.equal(features, kept[0]), lib.equal(features, again), len(kept)),
        "seen": seen,
        "zeroed": zeroed,
        "dtype": double(x.double()).dtype,
        "names": [name for name, _ in parts.named_modules()],
        "children": [name for name, _ in model.named_children()],
        "text": f"{model}\n{parts}",
        "sizes": lib.vstack([features.sum(0)[None], full.sum() * lib.ones(1, 12)]).shape,
    }
