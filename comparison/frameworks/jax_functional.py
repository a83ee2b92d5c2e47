"""JAX: pure functions of arrays; grad makes a function of a function, jit compiles it."""

import jax
import jax.numpy as jnp


def formula(x1, x2):
    def f(x1, x2):
        return jnp.log(x1) + x1 * x2 - jnp.sin(x2)

    value, slopes = jax.value_and_grad(f, argnums=(0, 1))(x1, x2)
    return value, slopes


def predict(parameters, images):
    hidden = jax.nn.relu(images @ parameters["w1"].T + parameters["b1"])
    return hidden @ parameters["w2"].T + parameters["b2"]


def loss_of(parameters, images, labels):
    log_p = jax.nn.log_softmax(predict(parameters, images))
    return -jnp.take_along_axis(log_p, labels[:, None], axis=1).mean()


@jax.jit
def step(parameters, images, labels, rate):
    loss, slopes = jax.value_and_grad(loss_of)(parameters, images, labels)
    moved = jax.tree.map(lambda weight, slope: weight - rate * slope, parameters, slopes)
    return loss, moved


def train(data, report):
    parameters = {"w1": data.w1, "b1": data.b1, "w2": data.w2, "b2": data.b2}
    for images, labels in data.batches:
        loss, parameters = step(parameters, images, labels, data.rate)
        report(loss)


def root(square):
    def newton(a):
        y, turns = a, 0
        # Under grad this is a Python loop over numbers. Under jit it has to be lax.while_loop,
        # which forward mode can differentiate and reverse mode cannot.
        while abs(y * y - a) > 1e-3 * a:
            y = (y + a / y) / 2
            turns += 1
        return y, turns

    (y, turns), slope = jax.value_and_grad(newton, has_aux=True)(square)
    return y, slope, turns
