"""Data on its way to the model: data sets, samplers, batches, workers."""

from typing import Any

from programs.registry import program
from programs.synthetic import digits


@program("float32")
def an_epoch_is_loaded_by_workers(lib: Any) -> dict[str, Any]:
    """TensorDataset, a shuffling DataLoader with two worker processes, a net trained on it."""
    lib.manual_seed(0)
    images, labels = digits(lib, 40)
    data = lib.utils.data.TensorDataset(images, labels)
    loader = lib.utils.data.DataLoader(
        data, batch_size=16, shuffle=True, num_workers=2, persistent_workers=True
    )
    model = lib.nn.Sequential(lib.nn.Flatten(), lib.nn.Linear(64, 4))
    optimizer = lib.optim.SGD(model.parameters(), lr=0.2)
    losses, seen = [], []
    for _ in range(2):
        for inputs, targets in loader:
            loss = lib.nn.functional.cross_entropy(model(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            seen.append(targets)
    return {"loss": losses, "targets": seen, "batches": len(loader)}


@program("float32")
def data_is_split_joined_and_subset(lib: Any) -> dict[str, Any]:
    """random_split, ConcatDataset, Subset of a Subset, a map-style Dataset of one's own."""
    data = lib.utils.data

    class Squares(data.Dataset[dict]):
        def __init__(self, start: int, count: int):
            self.numbers = range(start, start + count)

        def __getitem__(self, index: int) -> Any:
            number = self.numbers[index]
            return {"x": lib.tensor([float(number)]), "square": number**2, "name": f"n{number}"}

        def __len__(self) -> int:
            return len(self.numbers)

    lib.manual_seed(1)
    joined = data.ConcatDataset([Squares(0, 7), Squares(100, 4)]) + Squares(50, 2)
    train, valid, rest = data.random_split(joined, [0.5, 0.3, 0.2])
    generator = lib.Generator().manual_seed(5)
    again = data.random_split(joined, [9, 4], generator=generator)
    few = data.Subset(data.Subset(train, [4, 2, 0, 5]), [1, 3])
    loader = data.DataLoader(train, batch_size=4, shuffle=True, generator=generator)
    batches = [(each["x"], each["square"], each["name"]) for _ in range(2) for each in loader]
    ends = (joined[-1]["square"], joined[len(joined) - 3]["name"])
    return {
        "batches": batches,
        "lengths": [len(each) for each in (joined, train, valid, rest, few)],
        "indices": [list(each.indices) for each in (train, valid, rest, *again)],
        "few": [few[i]["name"] for i in range(len(few))],
        "ends": ends,
    }


@program("float32")
def samplers_decide_the_order(lib: Any) -> dict[str, Any]:
    """Every sampler, one of one's own, batches of unequal size, drop_last."""
    data = lib.utils.data
    source = data.TensorDataset(lib.arange(17))

    class Zigzag(data.Sampler[int]):
        def __init__(self, count: int):
            self.count = count

        def __iter__(self) -> Any:
            for low in range((self.count + 1) // 2):
                yield low
                if low != self.count - 1 - low:
                    yield self.count - 1 - low

        def __len__(self) -> int:
            return self.count

    def orders(**arguments: Any) -> list[Any]:
        return [[batch[0] for batch in data.DataLoader(source, **arguments)] for _ in range(2)]

    lib.manual_seed(2)
    weights = lib.linspace(0.1, 2.0, 17)
    return {
        "sequential": orders(batch_size=5),
        "dropped": orders(batch_size=5, drop_last=True, shuffle=True),
        "random": orders(sampler=data.RandomSampler(source, replacement=True, num_samples=9)),
        "zigzag": orders(batch_size=4, sampler=Zigzag(17)),
        "weighted": orders(
            batch_size=6, sampler=data.WeightedRandomSampler(weights.tolist(), 11, replacement=True)
        ),
        "batches": orders(
            batch_sampler=data.BatchSampler(data.SequentialSampler(source), 6, drop_last=False)
        ),
        "single": orders(batch_size=None, sampler=data.SubsetRandomSampler([3, 1, 4, 15, 9])),
        "after": lib.rand(3),
        "lengths": [
            len(data.DataLoader(source, batch_size=4, sampler=sampler, drop_last=True))
            for sampler in (
                data.SequentialSampler(source),
                data.SubsetRandomSampler([1, 2, 3, 4, 5]),
                data.WeightedRandomSampler([1.0, 2.0], 9),
            )
        ],
    }


@program("float32")
def sequences_of_unequal_length_are_collated(lib: Any) -> dict[str, Any]:
    """A collate function pads; a model with a mask learns the mean of what is there."""
    lib.manual_seed(3)
    sequences = [lib.randn(length, 2) for length in (3, 1, 4, 2, 5, 3, 2)]
    targets = [each.sum() for each in sequences]

    def pad(samples: Any) -> Any:
        longest = max(len(sequence) for sequence, _ in samples)
        batch = lib.zeros(len(samples), longest, 2)
        mask = lib.zeros(len(samples), longest, dtype=lib.bool)
        for row, (sequence, _) in enumerate(samples):
            batch[row, : len(sequence)] = sequence
            mask[row, : len(sequence)] = True
        return batch, mask, lib.stack([target for _, target in samples])

    loader = lib.utils.data.DataLoader(
        list(zip(sequences, targets, strict=True)), batch_size=3, collate_fn=pad, shuffle=True
    )
    model = lib.nn.Linear(2, 1)
    optimizer = lib.optim.Adam(model.parameters(), lr=0.05)
    losses, shapes = [], []
    for _ in range(3):
        for batch, mask, target in loader:
            scores = model(batch).squeeze(-1).masked_fill(~mask, 0.0).sum(1)
            loss = (scores - target).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            shapes.append(batch.shape)
    return {"loss": losses, "shapes": shapes, "weight": model.weight}


@program("float32")
def a_stream_is_read_in_turns(lib: Any) -> dict[str, Any]:
    """An IterableDataset: windows of a series, batched; default_collate on what is nested."""
    data = lib.utils.data

    class Windows(data.IterableDataset):
        def __init__(self, series: Any, length: int):
            self.series, self.length = series, length

        def __iter__(self) -> Any:
            for start in range(len(self.series) - self.length):
                window = self.series[start : start + self.length]
                yield window, {"next": self.series[start + self.length], "at": (start, [start])}

    series = (lib.arange(20) * 0.7).sin()
    model = lib.nn.Linear(4, 1)
    lib.nn.init.zeros_(model.weight)
    lib.nn.init.constant_(model.bias, 0.1)
    optimizer = lib.optim.SGD(model.parameters(), lr=0.1)
    losses, places = [], []
    for windows, wanted in data.DataLoader(Windows(series, 4), batch_size=5):
        loss = lib.nn.functional.mse_loss(model(windows).squeeze(1), wanted["next"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        places.append(wanted["at"])
    nested = data.default_collate([(1, {"a": 2.0}), (3, {"a": 4.0})])
    return {"loss": losses, "places": places, "weight": model.weight, "nested": nested}


@program("float32", needs_fork=True)
def workers_share_a_stream(lib: Any) -> dict[str, Any]:
    """Three processes read one IterableDataset, each its own part by get_worker_info."""
    data = lib.utils.data

    class Numbers(data.IterableDataset):
        def __iter__(self) -> Any:
            info = data.get_worker_info()
            first, apart = (0, 1) if info is None else (info.id, info.num_workers)
            for number in range(first, 13, apart):
                yield lib.tensor(number) * 10

    alone = [batch for batch in data.DataLoader(Numbers(), batch_size=4)]
    shared = [
        batch
        for batch in data.DataLoader(
            Numbers(), batch_size=2, num_workers=3, multiprocessing_context="fork"
        )
    ]
    return {"alone": alone, "shared": shared}
