"""The dtype of a result, asked of the library that computes in the reader's notebook."""

from __future__ import annotations

from typing import Any

from visuals.visual import Prediction, Table, Visual

DTYPES = (
    "bool",
    "uint8",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "float32",
    "float64",
)
KINDS = ("tensor with dimensions", "tensor of rank 0", "Python number")
NUMBERS = {"bool": True, "int64": 1, "float64": 1.5}
WORDS = {"bool": "True", "int64": "1", "float64": "1.5"}
PREDICT = Prediction(
    "An int8 tensor is multiplied by the Python number 1.5. Which dtype has the result?",
    ("int8", "float32", "float64"),
    answer=1,
    because="The number counts only because its category is higher; it brings the default float.",
)


def promotion(lib: Any, *, predict: Prediction | None = PREDICT) -> Visual:
    """All answers of `lib.result_type` for two operands, to be asked one at a time.

    Args:
        lib: `dltk` or torch.
    """
    answers = {
        f"{kind_a}|{kind_b}": {
            f"{a}|{b}": named(lib.result_type(operand(lib, kind_a, a), operand(lib, kind_b, b)))
            for a in choices(kind_a)
            for b in choices(kind_b)
        }
        for kind_a in KINDS
        for kind_b in KINDS
    }
    both = answers[f"{KINDS[0]}|{KINDS[0]}"]
    rows = [(a, *(both[f"{a}|{b}"] for b in DTYPES)) for a in DTYPES]
    for kind in KINDS[1:]:
        mixed = answers[f"{KINDS[0]}|{kind}"]
        for b in choices(kind):
            said = f"the number {WORDS[b]}" if kind == KINDS[2] else f"{b} of rank 0"
            rows.append((said, *(mixed[f"{a}|{b}"] for a in DTYPES)))
    return Visual(
        "promotion",
        data={
            "kinds": list(KINDS),
            "dtypes": {kind: list(choices(kind)) for kind in KINDS},
            "words": WORDS,
            "default": named(lib.get_default_dtype()),
            "answers": answers,
        },
        title="Which dtype has the result?",
        description="A table of dtypes against dtypes. Two menus choose what each operand is, a "
        "tensor with dimensions, a tensor of rank 0 or a Python number, and two choose its dtype. "
        "The cell with the dtype of the result is marked, and a sentence says which rule decided.",
        table=Table(("with a tensor of", *DTYPES), rows),
        predict=predict,
    )


def choices(kind: str) -> tuple[str, ...]:
    """The dtypes that an operand of this kind can have."""
    return tuple(NUMBERS) if kind == KINDS[2] else DTYPES


def operand(lib: Any, kind: str, dtype: str) -> Any:
    """One operand: a vector, a tensor of rank 0, or a number."""
    if kind == KINDS[2]:
        return NUMBERS[dtype]
    return lib.ones((1,) if kind == KINDS[0] else (), dtype=getattr(lib, dtype))


def named(dtype: Any) -> str:
    """`"float32"` for `torch.float32`."""
    return str(dtype).partition(".")[2]
