"""The training steps that dltk and torch are timed on, written once for both.

Each function takes the library and gives a function that makes one step. The data are the same for
both libraries; the weights are what each draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Step = Callable[[], None]

VOCABULARY, LENGTH, WIDTH, HEADS, BATCH = 65, 64, 64, 4, 16


def perceptron(lib: Any) -> Step:
    """An MLP 784-256-128-10 with ReLU, a batch of 64, Adam."""
    nn = lib.nn
    model = nn.Sequential(
        nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)
    )
    images, labels = _images(lib, (64, 784))
    return _step(lib, model, images, labels)


def convolutional(lib: Any) -> Step:
    """Two convolutions 3x3 with ReLU and max-pooling, then a linear layer; 64 of 28x28."""
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
    images, labels = _images(lib, (64, 1, 28, 28))
    return _step(lib, model, images, labels)


def chain(lib: Any) -> Step:
    """1,000 multiplications and additions of numbers, forward and backward."""
    factor, summand = lib.tensor(0.999), lib.tensor(0.001)

    def step() -> None:
        x = lib.tensor(1.0, requires_grad=True)
        y = x
        for _ in range(500):
            y = y * factor + summand
        y.backward()

    return step


def transformer(lib: Any) -> Step:
    """A decoder-only transformer: 2 blocks, width 64, 4 heads, sequence 64, batch 16, ReLU."""
    return _decoder(lib, lib.nn.ReLU())


def transformer_with_gelu(lib: Any) -> Step:
    """The same transformer with tanh-GELU."""
    return _decoder(lib, lib.nn.GELU(approximate="tanh"))


def _decoder(lib: Any, activation: Any) -> Step:
    nn = lib.nn
    module: Any = nn.Module
    future = lib.tensor(np.triu(np.full((LENGTH, LENGTH), -np.inf, np.float32), 1))

    class Attention(module):
        def __init__(self) -> None:
            super().__init__()
            self.project = nn.Linear(WIDTH, 3 * WIDTH)
            self.out = nn.Linear(WIDTH, WIDTH)

        def forward(self, x):
            parts = self.project(x).reshape(BATCH, LENGTH, 3, HEADS, WIDTH // HEADS)
            query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
            scores = query @ key.transpose(-2, -1) / math.sqrt(WIDTH // HEADS) + future
            mixed = nn.functional.softmax(scores, dim=-1) @ value
            return self.out(mixed.transpose(1, 2).reshape(BATCH, LENGTH, WIDTH))

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
    text = stream.integers(0, VOCABULARY, (BATCH, LENGTH + 1))
    return _step(lib, Decoder(), lib.tensor(text[:, :-1]), lib.tensor(text[:, 1:].reshape(-1)))


def _images(lib: Any, shape: tuple[int, ...]) -> tuple[Any, Any]:
    stream = np.random.default_rng(0)
    images = stream.standard_normal(shape, dtype=np.float32)
    return lib.tensor(images), lib.tensor(stream.integers(0, 10, shape[0]))


def _step(lib: Any, model: Any, inputs: Any, targets: Any) -> Step:
    criterion = lib.nn.CrossEntropyLoss()
    optimizer = lib.optim.Adam(model.parameters(), lr=1e-3)

    def step() -> None:
        optimizer.zero_grad()
        criterion(model(inputs), targets).backward()
        optimizer.step()

    return step


WORKLOADS: dict[str, Callable[[Any], Step]] = {
    "A": perceptron,
    "B": convolutional,
    "C": chain,
    "D": transformer,
    "D2": transformer_with_gelu,
}
