"""Programs of arrays: no model, much indexing."""

from typing import Any

from programs.registry import program


@program("float32")
def cells_live_and_die(lib: Any) -> dict[str, Any]:
    """The game of life by rolls, by a convolution and by an indexed table."""
    lib.manual_seed(0)
    alive = lib.rand(12, 12) < 0.4
    kernel = lib.ones(1, 1, 3, 3)
    kernel[0, 0, 1, 1] = 0
    fate = lib.zeros(2, 9, dtype=lib.bool)
    fate[0, 3] = fate[1, 2] = fate[1, 3] = True
    counts, ages, same = [], [], []
    age = lib.zeros(12, 12, dtype=lib.int16)
    for _ in range(8):
        around = sum(
            alive.roll((dy, dx), (0, 1)).to(lib.uint8)
            for dy in (-1, 0, 1)
            for dx in (-1, 0, 1)
            if (dy, dx) != (0, 0)
        )
        wrapped = lib.nn.functional.pad(alive.float()[None, None], (1, 1, 1, 1), mode="circular")
        by_kernel = lib.nn.functional.conv2d(wrapped, kernel)[0, 0]
        same.append(bool((by_kernel == around).all()))
        alive = fate[alive.long(), around.long()]
        age = lib.where(alive, age + 1, lib.zeros_like(age))
        counts.append(alive.sum())
        ages.append(age.clone())
    oldest = (age == age.max()).nonzero()
    return {"count": counts, "age": ages, "same": same, "oldest": oldest, "around": around}


@program("float32")
def pictures_are_varied(lib: Any) -> dict[str, Any]:
    """Crops, flips, turns, erased parts and mixed pairs, in one tensor of a batch."""
    lib.manual_seed(1)
    batch = lib.arange(4 * 3 * 6 * 6, dtype=lib.float32).reshape(4, 3, 6, 6) / 432
    padded = lib.nn.functional.pad(batch, (2, 2, 2, 2), mode="reflect")
    tops, lefts = lib.randint(0, 5, (4,)), lib.randint(0, 5, (4,))
    crops = lib.stack(
        [each[:, t : t + 6, s : s + 6] for each, t, s in zip(padded, tops, lefts, strict=True)]
    )
    flipped = lib.rand(4) < 0.5
    crops[flipped] = crops[flipped].flip(-1)
    turned = crops.transpose(-1, -2).flip(-2)
    turned[1:3, :, 2:4, 1:5] = 0.5
    share = 0.3
    partner = lib.randperm(4)
    mixed = share * turned + (1 - share) * turned[partner]
    gray = (mixed * lib.tensor([0.299, 0.587, 0.114]).view(3, 1, 1)).sum(1)
    levels = (gray * 4).floor().clamp(0, 3).to(lib.int64)
    histogram = lib.zeros(4, 4).scatter_add_(1, levels.flatten(1), lib.ones(4, 36))
    small = gray.reshape(4, 3, 2, 3, 2).mean(dim=(2, 4))
    large = small.repeat_interleave(2, dim=1).repeat_interleave(2, dim=2)
    tiled = small[0].tile(2, 2)
    return {
        "crops": crops,
        "mixed": mixed,
        "histogram": histogram,
        "large": large,
        "tiled": tiled,
        "inner": gray.masked_select(levels == 2),
        "upper": (gray[0].tril(-1), gray[0].triu(1), gray.diagonal(dim1=1, dim2=2)),
        "spread": (gray.std(dim=(1, 2)), gray.var(dim=0, unbiased=False), gray.median()),
    }


@program()
def sums_are_kept_as_a_table_goes_by(lib: Any) -> dict[str, Any]:
    """Grouping, running sums, windows, ranks and joins of a table of sales."""
    lib.manual_seed(2)
    shop = lib.randint(0, 4, (30,))
    day = lib.arange(30) // 3
    price = lib.rand(30) * 10
    price[lib.tensor([3, 17])] = float("nan")
    known = ~price.isnan()
    filled = lib.where(known, price, price[known].mean())
    names, place, counts = shop.unique(return_inverse=True, return_counts=True)
    totals = lib.zeros(len(names)).scatter_add(0, place, filled)
    squares = lib.zeros(len(names)).scatter_add(0, place, filled**2)
    spread = (squares / counts - (totals / counts) ** 2).clamp(min=0).sqrt()
    pivot = lib.zeros(10, 4)
    pivot.index_put_((day, shop), filled, accumulate=True)
    running = pivot.cumsum(0)
    windows = running.unfold(0, 3, 1).mean(-1)
    growth = (1 + pivot / 100).cumprod(dim=0)[-1]
    order = lib.argsort(filled, descending=True, stable=True)
    best = [int(shop[i]) for i in order[:5]]
    standardized = (filled - totals[place] / counts[place]) / spread[place]
    distinct = pivot + lib.arange(40).view(10, 4) / 1000
    top = distinct.topk(2, dim=0, largest=False)
    return {
        "counts": counts,
        "totals": totals,
        "spread": spread,
        "pivot": pivot,
        "windows": windows,
        "growth": growth,
        "best": best,
        "standardized": standardized,
        "top": (top.values, top.indices),
        "correlation": (pivot - pivot.mean(0)).T @ (pivot - pivot.mean(0)) / 9,
        "share": pivot / pivot.sum(1, keepdim=True).clamp(min=1e-9),
        "largest": (distinct.argmax(), pivot.amax(dim=(0, 1)), pivot.aminmax(dim=0).max),
    }


@program()
def a_signal_is_split_into_waves(lib: Any) -> dict[str, Any]:
    """A Fourier transform by matrices of sines and cosines; a filter fitted through it."""
    lib.manual_seed(3)
    n = 16
    t = lib.arange(n, dtype=lib.float64)
    signal = (2 * lib.pi * 2 * t / n).sin() + 0.5 * (2 * lib.pi * 5 * t / n).cos()
    noisy = signal + 0.2 * lib.randn(n)
    angle = 2 * lib.pi * lib.outer(t, t) / n
    cosines, sines = angle.cos(), angle.sin()
    power = (cosines @ noisy) ** 2 + (sines @ noisy) ** 2
    gain = lib.ones(n, requires_grad=True)
    optimizer = lib.optim.SGD([gain], lr=0.2)
    losses, gradients = [], []
    for _ in range(6):
        real, imaginary = gain * (cosines @ noisy), gain * (sines @ noisy)
        back = (cosines @ real + sines @ imaginary) / n
        loss = (back - signal).square().sum() + 0.01 * gain.abs().sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append(gain.grad.clone())
    echo = lib.nn.functional.conv1d(
        signal.view(1, 1, -1), lib.tensor([[[0.5, 0.0, 0.25]]]), padding=1
    )
    return {
        "power": power,
        "loss": losses,
        "gradient": gradients,
        "strongest": power[:8].topk(2),
        "echo": echo,
    }


@program("float32")
def patterns_are_remembered(lib: Any) -> dict[str, Any]:
    """A Hopfield net of signs, an order of asynchronous updates, and its modern form by softmax."""
    lib.manual_seed(4)
    patterns = lib.randint(0, 2, (3, 24)) * 2 - 1
    weights = (patterns.T @ patterns).float() / 24
    weights -= lib.diag(weights.diag())
    state = patterns[1].clone()
    state[lib.randperm(24)[:6]] *= -1
    energies, overlaps = [], []
    for _ in range(3):
        for unit in lib.randperm(24).tolist():
            field = weights[unit] @ state.float()
            state[unit] = 1 if field >= 0 else -1
        energies.append(-0.5 * state.float() @ weights @ state.float())
        overlaps.append((patterns @ state).tolist())
    keys = patterns.float()
    query = keys[2] + lib.randn(24)
    recalled = []
    for _ in range(2):
        shares = lib.nn.functional.softmax(0.5 * keys @ query, dim=0)
        query = shares @ keys
        recalled.append(query.clone())
    signs = query.sign().to(lib.int64)
    return {
        "energy": energies,
        "overlap": overlaps,
        "recalled": recalled,
        "found": (signs == patterns).all(dim=1),
        "bits": ((patterns[0] > 0).long() << lib.arange(24)).sum(),
        "differ": ((patterns[0] > 0) ^ (patterns[1] > 0)).sum(),
    }
