"""Looking for what is wrong: checks of gradients, errors, views, printing, dtypes."""

from typing import Any

from programs.registry import program


@program()
def a_function_of_ones_own_is_checked(lib: Any) -> dict[str, Any]:
    """A Function with a hand-written derivative, its check, and a misuse of the graph."""

    class Cube(lib.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any, scale: float) -> Any:
            ctx.save_for_backward(x)
            ctx.scale = scale
            return scale * x * x * x

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            (x,) = ctx.saved_tensors
            return gradient * 3 * ctx.scale * x * x, None

    class Wrong(Cube):
        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            return gradient, None

    x = lib.tensor([0.5, -1.5], requires_grad=True)
    agreed = lib.autograd.gradcheck(lambda v: Cube.apply(v, 2.0), (x,))
    twice = lib.autograd.gradgradcheck(lambda v: Cube.apply(v, 2.0), (x,))
    refused = lib.autograd.gradcheck(lambda v: Wrong.apply(v, 2.0), (x,), raise_exception=False)
    y = (x * x).sum()
    y.backward()
    refusals = []
    for misuse in (
        lambda: y.backward(),
        lambda: lib.autograd.grad(x.sum(), lib.ones(1, requires_grad=True)),
        lambda: lib.ones(2, dtype=lib.int64, requires_grad=True),
        lambda: (x * 2).backward(),
        lambda: x.add_(1),
        lambda: x.numpy(),
    ):
        try:
            misuse()
        except RuntimeError as error:
            refusals.append(isinstance(error, NotImplementedError))
    return {"agreed": (agreed, twice, refused), "refused": refusals, "x.grad": x.grad}


@program()
def writing_in_place_is_noticed(lib: Any) -> dict[str, Any]:
    """Version counters: what may be changed before backward and what may not; views rebase."""
    outcomes, gradients = [], []
    for write in (
        lambda x, y, z: y.mul_(2),
        lambda x, y, z: z.add_(1),
        lambda x, y, z: y[0].zero_(),
        lambda x, y, z: z[1:].mul_(3),
        lambda x, y, z: y.detach().fill_(1),
        lambda x, y, z: z.view(-1)[:2].copy_(x[:2]),
        lambda x, y, z: None,
    ):
        x = lib.tensor([0.3, 0.6, 0.9], requires_grad=True)
        y = x.exp()
        z = y * x
        write(x, y, z)
        try:
            z.sum().backward()
        except RuntimeError as error:
            outcomes.append("modified by an inplace operation" in str(error))
            gradients.append(None)
        else:
            outcomes.append("done")
            gradients.append(x.grad)
    base = lib.zeros(2, 3, requires_grad=True)
    copy = base.clone()
    row = copy[1]
    row += lib.arange(3)
    row[1:] *= 2
    copy.t()[0].neg_()
    (copy.square().sum() + row.sum()).backward()
    return {"outcome": outcomes, "gradient": gradients, "copy": copy, "base.grad": base.grad}


@program("float32")
def the_graph_is_inspected(lib: Any) -> dict[str, Any]:
    """grad_fn names and edges, leaves, retain_grad, hooks and their order, unused inputs."""
    x = lib.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    w = lib.ones(2, 2, requires_grad=True)
    hidden = (x @ w.t()).relu()
    loss = (hidden[:, 0] - hidden.mean() / 2).sum() + w.exp().log().sum()
    names, nodes = [], [loss.grad_fn]
    while nodes:
        node = nodes.pop(0)
        names.append(node.name())
        nodes += [each for each, _ in node.next_functions if each is not None]
    order: list[Any] = []
    hidden.register_hook(lambda gradient: order.append(("hidden", gradient.sum().item())))
    handle = w.register_hook(lambda gradient: gradient * 2)
    x.register_hook(lambda gradient: order.append(("x", gradient.sum().item())))
    loss.backward(retain_graph=True)
    handle.remove()
    first = w.grad.clone()
    loss.backward(inputs=[w])
    unused = lib.autograd.grad(
        (x * 1).sum(), (x, lib.ones(1, requires_grad=True)), allow_unused=True
    )
    with lib.no_grad():
        inside = (x * 2).requires_grad
    with lib.set_grad_enabled(False), lib.enable_grad():
        outside = (x * 2).requires_grad
    return {
        "names": names,
        "order": order,
        "first grad": first,
        "w.grad": w.grad,
        "x.grad": x.grad,
        "unused": (unused[1] is None, unused[0]),
        "flags": (x.is_leaf, hidden.is_leaf, hidden.detach().is_leaf, inside, outside),
        "text": str(loss) + str(hidden),
    }


@program("float32")
def numbers_are_printed(lib: Any) -> dict[str, Any]:
    """What a notebook shows of tensors: widths, signs, many, none, each dtype, options."""
    lib.manual_seed(0)
    shown = [
        lib.tensor(3),
        lib.tensor([1.0, -2.5, 1e-3]),
        lib.tensor([1e8, 1.0, float("nan"), float("-inf")]),
        lib.arange(6).reshape(2, 3),
        lib.zeros(0, 3),
        lib.rand(2, 2, 2, requires_grad=True),
        lib.tensor([True, False]),
        lib.arange(2000).view(40, 50),
        lib.tensor([0.1], dtype=lib.float64) * lib.ones(1, requires_grad=True),
        lib.tensor([1, 2], dtype=lib.uint8),
        lib.nn.Parameter(lib.tensor([0.5])),
        lib.randn(3, 3).half(),
        lib.Size([2, 3]) if hasattr(lib, "Size") else None,
    ]
    texts = [repr(each) for each in shown]
    lib.set_printoptions(precision=2, sci_mode=True)
    texts.append(str(lib.tensor([1.0, 1234.5])))
    lib.set_printoptions(profile="default")
    texts.append(f"{lib.tensor(2.5):.2f} {lib.float32} {lib.tensor([1.0]).device}")
    return {"text": texts}


@program("float32")
def shapes_and_dtypes_are_juggled(lib: Any) -> dict[str, Any]:
    """Views, stretching, promotion, in-place work and `out=` on one piece of memory."""
    x = lib.arange(24).view(2, 3, 4)
    y = x.permute(2, 0, 1)[1:, :, ::2].squeeze(0)
    z = y.unsqueeze(-1).expand(-1, -1, -1, 2).reshape(3, -1)
    mixed = z * lib.tensor(0.5) + lib.ones(3, 1, dtype=lib.int8)
    mixed[0] += x.view(-1)[: mixed.shape[1]]
    mixed.transpose(0, 1)[0].mul_(2)
    out = lib.empty(0, dtype=lib.float64)
    lib.add(mixed, 1, out=out)
    folded = x.unfold(2, 2, 1).flatten(1).movedim(0, 1).narrow(0, 3, 5)
    strided = lib.as_strided(x, (3, 3), (4, 5), 1)
    steps = [
        (each, each.stride(), each.storage_offset(), each.is_contiguous())
        for each in (y, z, mixed, out, folded, strided, x.mT, x[:, -1], x[..., None, 1])
    ]
    return {"steps": steps, "promoted": str(lib.promote_types(lib.uint8, lib.int8))}


@program("float32")
def dtypes_are_mixed_in_training(lib: Any) -> dict[str, Any]:
    """Half-precision weights with float32 masters, a scaled loss, float64 sums, integer labels."""
    lib.manual_seed(1)
    x, y = lib.randn(16, 4), lib.randint(0, 3, (16,), dtype=lib.int32)
    masters = [lib.nn.Parameter(0.3 * lib.randn(4, 3)), lib.nn.Parameter(lib.zeros(3))]
    optimizer = lib.optim.SGD(masters, lr=0.1)
    scale = 128.0
    losses, kinds = [], []
    for _ in range(6):
        weight, bias = (m.detach().half().requires_grad_() for m in masters)
        logits = (x.half() @ weight + bias).float()
        loss = lib.nn.functional.cross_entropy(logits, y.long())
        (loss * scale).backward()
        for master, low in zip(masters, (weight, bias), strict=True):
            master.grad = low.grad.to(lib.float32) / scale
        finite = all(bool(lib.isfinite(m.grad).all()) for m in masters)
        if finite:
            optimizer.step()
        losses.append(loss.half())
        kinds.append(
            (
                logits.dtype,
                low.grad.dtype,
                (y + 1.5).dtype,
                (y * lib.tensor(2, dtype=lib.int64)).dtype,
                (weight * 2.0).dtype,
                (y > 1).sum().dtype,
                loss.double().sum().dtype,
                (y / 2).dtype,
            )
        )
    return {"loss": losses, "kinds": kinds, "count": y.bincount()}


@program("float32")
def anomalies_are_traced_to_their_operation(lib: Any) -> dict[str, Any]:
    """NaN in a backward pass: silent without detect_anomaly, an error with it."""
    gradients, refusals = [], []
    for power in (0.5, 1.0, 2.0):
        x = lib.tensor([0.0, 1.0], requires_grad=True)
        y = (x**power * lib.tensor([0.0, 1.0])).sum()
        y.backward()
        gradients.append(x.grad)
        z = ((x * 0) ** power * 0).sum()
        try:
            with lib.autograd.detect_anomaly(check_nan=True):
                z.backward()
        except RuntimeError as error:
            refusals.append("nan" in str(error).lower())
        else:
            refusals.append(False)
    return {"gradient": gradients, "refused": refusals}
