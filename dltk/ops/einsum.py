"""Sums of products, named by letters: each step is one batched matrix product."""

from __future__ import annotations

from typing import Any

from dltk.core.tensor import Tensor


def einsum(equation: str, *operands: Any) -> Tensor:
    """The sum of products that `equation` names, as `"ij,jk->ik"`. As `torch.einsum`."""
    if not isinstance(equation, str):
        raise NotImplementedError(
            "einsum with lists of numbers is not in dltk's scope: use letters"
        )
    if len(operands) == 1 and isinstance(operands[0], list | tuple):
        operands = tuple(operands[0])
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(operands):
        raise RuntimeError(
            f"einsum(): {len(terms)} operands in the equation, but {len(operands)} were given"
        )
    hidden = max(
        (each.ndim - len(term) + 3 for term, each in zip(terms, operands, strict=True)
         if "..." in term), default=0,
    )  # fmt: skip
    # Digits stand for the dimensions that an ellipsis leaves unnamed.
    ellipsis = "".join(chr(ord("0") + i) for i in range(hidden))
    parts = [_named(term, each, ellipsis) for term, each in zip(terms, operands, strict=True)]
    letters = "".join(names for names, _ in parts)
    if arrow:
        result = right.replace("...", ellipsis)
    else:
        alone = sorted(x for x in set(letters) if left.count(x) == 1 and x.isalpha())
        result = ellipsis + "".join(alone)
    for letter in result:
        if result.count(letter) > 1:
            raise RuntimeError(f"einsum(): output subscript {letter} appears more than once")
        if letter not in letters:
            raise RuntimeError(f"einsum(): output subscript {letter} appears in no operand")
    sizes: dict[str, int] = {}
    for names, each in parts:
        for name, size in zip(names, each.shape, strict=True):
            if sizes.get(name, 1) != 1 and size not in (1, sizes[name]):
                raise RuntimeError(
                    f"einsum(): subscript {name} has size {size}, which does not broadcast with "
                    f"{sizes[name]}"
                )
            sizes[name] = max(sizes.get(name, 1), size) if size else 0
    names, product = parts[0]
    product = product.expand([sizes[name] for name in names])
    for position, (others, factor) in enumerate(parts[1:], 2):
        later = result + "".join(rest for rest, _ in parts[position:])
        factor = factor.expand([sizes[name] for name in others])
        names, product = _contract(names, product, others, factor, later)
    names, product = _summed(names, product, result)
    return product.permute([names.index(name) for name in result])


def _named(term: str, operand: Tensor, ellipsis: str) -> tuple[str, Tensor]:
    """A name for every dimension; of a name that comes twice, the diagonal."""
    if "..." in term:
        count = operand.ndim - len(term) + 3
        term = term.replace("...", ellipsis[len(ellipsis) - count :])
    if len(term) != operand.ndim:
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({len(term)}) does not match the "
            f"number of dimensions ({operand.ndim}) of an operand"
        )
    for letter in dict.fromkeys(term):
        if not (letter.isalpha() or letter.isdigit()):
            raise RuntimeError(f"einsum(): invalid subscript given: {letter!r}")
        while term.count(letter) > 1:
            first = term.index(letter)
            second = term.index(letter, first + 1)
            if operand.shape[first] != operand.shape[second]:
                raise RuntimeError(f"einsum(): subscript {letter} is repeated with other sizes")
            operand = operand.diagonal(0, first, second)
            term = term[:first] + term[first + 1 : second] + term[second + 1 :] + letter
    return term, operand


def _summed(names: str, tensor: Tensor, needed: str) -> tuple[str, Tensor]:
    """The sum over all dimensions that nothing later names."""
    dims = tuple(d for d, name in enumerate(names) if name not in needed)
    if not dims:
        return names, tensor
    return "".join(name for name in names if name in needed), tensor.sum(dims)


def _contract(a: str, x: Tensor, b: str, y: Tensor, needed: str) -> tuple[str, Tensor]:
    a, x = _summed(a, x, b + needed)
    b, y = _summed(b, y, a + needed)
    shared = [name for name in a if name in b and name in needed]
    inner = [name for name in a if name in b and name not in needed]
    rows, columns = [n for n in a if n not in b], [n for n in b if n not in a]
    first = x.permute([a.index(name) for name in (*shared, *rows, *inner)])
    second = y.permute([b.index(name) for name in (*shared, *inner, *columns)])
    batch = [x.shape[a.index(name)] for name in shared]
    down = [x.shape[a.index(name)] for name in rows]
    across = [y.shape[b.index(name)] for name in columns]
    depth = _product([x.shape[a.index(name)] for name in inner])
    count = _product(batch)
    product = first.reshape(count, _product(down), depth).bmm(
        second.reshape(count, depth, _product(across))
    )
    return "".join([*shared, *rows, *columns]), product.reshape(*batch, *down, *across)


def _product(sizes: list[int]) -> int:
    result = 1
    for size in sizes:
        result *= size
    return result
