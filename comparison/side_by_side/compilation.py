"""What a tracing compiler freezes: a print, an `if` on data, a number of Python's.

Each part compiles the same two functions. `branch` prints and decides by the data; `scaled`
multiplies by a Python number, which is changed between two calls.
"""

import contextlib
import io
import time

SCALE = {"by": 2.0}


def branch(x):
    print("Python runs this line")
    if x[0] > 0:
        return x * 2
    return x - 1


def scaled(x):
    return x * SCALE["by"]


def observed(compiler, tensor):
    """Compile both with `compiler`, call them, and tell what was printed and returned."""
    compiled = compiler(branch)
    calls = []
    for number in (3.0, 4.0, -3.0):
        printed = io.StringIO()
        began = time.perf_counter()
        try:
            with contextlib.redirect_stdout(printed):
                result = float(compiled(tensor(number))[0])
        except Exception as error:
            result = f"{type(error).__name__}: {str(error).splitlines()[0][:160]}"
        calls.append(
            {
                "x": number,
                "result": result,
                "without compiling": number * 2 if number > 0 else number - 1,
                "lines printed": len(printed.getvalue().splitlines()),
                "seconds": time.perf_counter() - began,
            }
        )
    SCALE["by"] = 2.0
    compiled = compiler(scaled)
    before = float(compiled(tensor(3.0))[0])
    SCALE["by"] = 10.0
    after = float(compiled(tensor(3.0))[0])
    return {"branch": calls, "3 times 2": before, "3 times 10, after the change": after}


def torch_compile(inputs):
    import torch

    found = observed(torch.compile, lambda number: torch.tensor([number]))
    torch.compiler.reset()
    pieces = torch._dynamo.explain(branch)(torch.tensor([3.0]))
    return {**found, "graphs": pieces.graph_count, "graph breaks": pieces.graph_break_count}


def tf_function(inputs):
    import tensorflow as tf

    return observed(tf.function, lambda number: tf.constant([number]))


def jax_jit(inputs):
    import jax
    import jax.numpy as jnp

    found = observed(jax.jit, lambda number: jnp.array([number]))
    chosen = jax.jit(lambda x: jnp.where(x[0] > 0, x * 2, x - 1))
    return {**found, "with where instead of if": float(chosen(jnp.array([-3.0]))[0])}
