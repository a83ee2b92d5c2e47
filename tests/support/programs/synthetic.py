"""Data made on the spot from the library's own random numbers."""

from __future__ import annotations

from typing import Any

TEXT = (
    "the cat sat on the mat and the rat sat on the cat "
    "then the bat ate the rat and the mat was flat "
)


def digits(lib: Any, count: int, classes: int = 4, size: int = 8) -> tuple[Any, Any]:
    """`count` images (count, 1, size, size) from 0 to 1 and their classes (count)."""
    prototypes = lib.rand(classes, 1, size, size)
    labels = lib.randint(0, classes, (count,))
    images = prototypes[labels] + 0.2 * lib.randn(count, 1, size, size)
    return images.clamp(0, 1), labels


def spiral(lib: Any, per_class: int, classes: int = 3) -> tuple[Any, Any]:
    """Points (n, 2) on `classes` arms that wind around the origin, and their classes (n)."""
    points, labels = [], []
    for arm in range(classes):
        radius = lib.linspace(0.1, 1.0, per_class)
        angle = lib.linspace(arm * 4.0, arm * 4.0 + 4.0, per_class) + 0.2 * lib.randn(per_class)
        points.append(lib.stack([radius * angle.sin(), radius * angle.cos()], dim=1))
        labels.append(lib.full((per_class,), arm, dtype=lib.int64))
    return lib.cat(points), lib.cat(labels)


def characters(lib: Any, text: str = TEXT) -> tuple[Any, str]:
    """The text as numbers (n), and its alphabet in order."""
    alphabet = "".join(sorted(set(text)))
    return lib.tensor([alphabet.index(each) for each in text]), alphabet
