"""The training steps that dltk and torch are timed on, written once for both, and their goals.

Each function takes the library and how many examples there are in a batch, and gives a function
that makes one step and returns what tells whether both libraries do the same work: the loss. The
data are the same for both, and so are the weights after the same `manual_seed`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Step = Callable[[], list[Any]]

VOCABULARY, LENGTH, WIDTH, HEADS = 65, 64, 64, 4


def perceptron(lib: Any, batch: int) -> Step:
    """An MLP 784-256-128-10 with ReLU and Adam"""
    nn = lib.nn
    model = nn.Sequential(
        nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)
    )
    images, labels = _images(lib, (batch, 784))
    return _step(lib, model, images, labels)


def convolutional(lib: Any, batch: int) -> Step:
    """Two 3x3 convolutions with ReLU and pooling, a linear layer"""
    nn = lib.nn
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 7 * 7, 10),
    )
    images, labels = _images(lib, (batch, 1, 28, 28))
    return _step(lib, model, images, labels)


def chain(lib: Any, length: int) -> Step:
    """Additions and multiplications of numbers, one after another"""
    factor, summand = lib.tensor(0.999), lib.tensor(0.001)

    def step() -> list[Any]:
        x = lib.tensor(2.0, requires_grad=True)
        y = x
        for _ in range(length // 2):
            y = y * factor + summand
        y.backward()
        return [y, x.grad]

    return step


def transformer(lib: Any, batch: int) -> Step:
    """A decoder-only transformer, 2 blocks, width 64, 64 tokens, ReLU"""
    return _decoder(lib, batch, lib.nn.ReLU())


def transformer_with_gelu(lib: Any, batch: int) -> Step:
    """The same transformer with tanh-GELU"""
    return _decoder(lib, batch, lib.nn.GELU(approximate="tanh"))


def _decoder(lib: Any, batch: int, activation: Any) -> Step:
    nn = lib.nn
    module: Any = nn.Module
    future = lib.tensor(np.triu(np.full((LENGTH, LENGTH), -np.inf, np.float32), 1))

    class Attention(module):
        def __init__(self) -> None:
            super().__init__()
            self.project = nn.Linear(WIDTH, 3 * WIDTH)
            self.out = nn.Linear(WIDTH, WIDTH)

        def forward(self, x):
            parts = self.project(x).reshape(batch, LENGTH, 3, HEADS, WIDTH // HEADS)
            query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
            scores = query @ key.transpose(-2, -1) / math.sqrt(WIDTH // HEADS) + future
            mixed = nn.functional.softmax(scores, dim=-1) @ value
            return self.out(mixed.transpose(1, 2).reshape(batch, LENGTH, WIDTH))

    class Block(module):
        def __init__(self) -> None:
            super().__init__()
            self.before, self.attention = nn.LayerNorm(WIDTH), Attention()
            self.between = nn.LayerNorm(WIDTH)
            self.widen, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

        def forward(self, x):
            x = x + self.attention(self.before(x))
            return x + self.narrow(activation(self.widen(self.between(x))))

    class Decoder(module):
        def __init__(self) -> None:
            super().__init__()
            self.tokens = nn.Embedding(VOCABULARY, WIDTH)
            self.places = nn.Embedding(LENGTH, WIDTH)
            self.blocks = nn.Sequential(Block(), Block())
            self.last, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, VOCABULARY)

        def forward(self, text):
            x = self.tokens(text) + self.places(lib.arange(LENGTH))
            return self.head(self.last(self.blocks(x))).reshape(-1, VOCABULARY)

    stream = np.random.default_rng(0)
    text = stream.integers(0, VOCABULARY, (batch, LENGTH + 1))
    return _step(lib, Decoder(), lib.tensor(text[:, :-1]), lib.tensor(text[:, 1:].reshape(-1)))


def _images(lib: Any, shape: tuple[int, ...]) -> tuple[Any, Any]:
    stream = np.random.default_rng(0)
    images = stream.standard_normal(shape, dtype=np.float32)
    return lib.tensor(images), lib.tensor(stream.integers(0, 10, shape[0]))


def _step(lib: Any, model: Any, inputs: Any, targets: Any) -> Step:
    criterion = lib.nn.CrossEntropyLoss()
    optimizer = lib.optim.Adam(model.parameters(), lr=1e-3)

    def step() -> list[Any]:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        return [loss]

    return step


@dataclass(frozen=True)
class Workload:
    """A training step, its size (examples in a batch; operations of C) and its goal."""

    name: str
    make: Callable[[Any, int], Step]
    size: int
    goal: float

    @property
    def what(self) -> str:
        return f"{self.make.__doc__}; size {self.size:,}"


# The goals are dltk / torch: of the time of a step at one thread, of its peak memory; what a loop
# may grow by; and how much longer `import dltk` may take than `import numpy`.
WORKLOADS = {
    "A": Workload("MLP", perceptron, 64, goal=1.0),
    "B": Workload("CNN", convolutional, 64, goal=1.0),
    "C": Workload("scalar chain", chain, 1000, goal=0.5),
    "D": Workload("transformer", transformer, 16, goal=1.0),
    "D2": Workload("with GELU", transformer_with_gelu, 16, goal=1.0),
}
PEAK_WORKLOAD, PEAK_GOAL = "B", 1.5
# The heap's end moves in jumps of up to a MiB, however long a loop is: 2 KiB a step is above that.
GROWTH_STEPS, GROWTH_GOAL_BYTES = 1000, 2**21
IMPORT_GOAL_SECONDS = 0.060
