"""The same bug in four frameworks: the second matrix lies the wrong way round.

The line with the bug ends in `# the bug`. What is recorded is what its author sees: what the
framework prints of a value on the way, which line the error names, and what it says.
"""

import linecache
import re
import traceback
from pathlib import Path

import numpy as np

MARK = "# the bug"
IMAGES = np.ones((3, 64), np.float32)
W1 = np.full((64, 32), 0.01, np.float32)
W2_TURNED = np.full((10, 32), 0.01, np.float32)


def seen(program, middle):
    """Run the program; tell the line of this file that the error names, and its message."""
    try:
        program()
    except Exception as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == __file__]
        line = linecache.getline(__file__, frames[-1].lineno).strip()
        text = str(error)
        places = re.findall(rf"{re.escape(Path(__file__).name)}\S*,? line (\d+)", text)
        named = [linecache.getline(__file__, int(place)).strip() for place in places]
        return {
            "printing a value on the way shows": middle,
            "error": type(error).__name__,
            "message": next((line for line in text.splitlines() if "32" in line), text)[:200],
            "lines of message": len(text.splitlines()),
            "line it names": line,
            "that is the line with the bug": line.endswith(MARK),
            "the message names the line with the bug": any(each.endswith(MARK) for each in named),
            "hint": " ".join(getattr(error, "__notes__", [])).strip(),
        }
    return {"error": None}


def pytorch(inputs):
    import torch

    images, w1, w2 = torch.tensor(IMAGES), torch.tensor(W1), torch.tensor(W2_TURNED)
    hidden = images @ w1
    middle = str(hidden[0, :3])

    def program():
        scores = hidden @ w2  # the bug
        return torch.softmax(scores, dim=1).sum()

    return seen(program, middle)


def tensorflow1(inputs):
    import tensorflow.compat.v1 as tf

    tf.disable_v2_behavior()
    images, w2 = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    hidden = tf.matmul(images, W1)
    middle = str(hidden)
    scores = tf.matmul(hidden, w2)  # the bug
    total = tf.reduce_sum(tf.nn.softmax(scores))

    def program():
        with tf.Session() as session:
            session.run(total, feed_dict={images: IMAGES, w2: W2_TURNED})

    return seen(program, middle)


def jax(inputs):
    import jax
    import jax.numpy as jnp

    shown = []

    @jax.jit
    def predict(images, w2):
        hidden = images @ W1
        shown.append(str(hidden))
        scores = hidden @ w2  # the bug
        return jax.nn.softmax(scores).sum()

    def program():
        predict(jnp.array(IMAGES), jnp.array(W2_TURNED))

    found = seen(program, "")
    return {**found, "printing a value on the way shows": shown[0]}


def pytensor(inputs):
    import pytensor
    import pytensor.tensor as pt

    pytensor.config.mode = "FAST_COMPILE"
    images, w2 = pt.fmatrices("images", "w2")
    hidden = pt.dot(images, W1)
    middle = str(hidden)
    scores = pt.dot(hidden, w2)  # the bug
    total = pt.special.softmax(scores, axis=1).sum()
    predict = pytensor.function([images, w2], total)

    def program():
        predict(IMAGES, W2_TURNED)

    return seen(program, middle)
