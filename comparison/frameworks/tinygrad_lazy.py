"""tinygrad: nothing is computed until a value is asked for; then kernels are made for all of it."""

from tinygrad import Tensor
from tinygrad.helpers import Context
from tinygrad.nn.optim import SGD


def formula(x1, x2):
    x1, x2 = Tensor([x1]), Tensor([x2])
    y = (x1.log() + x1 * x2 - x2.sin()).sum()
    by_x1, by_x2 = y.gradient(x1, x2)
    return y.item(), (by_x1.item(), by_x2.item())


class Network:
    def __init__(self, data):
        self.w1, self.b1 = Tensor(data.w1), Tensor(data.b1)
        self.w2, self.b2 = Tensor(data.w2), Tensor(data.b2)

    def __call__(self, images):
        return images.linear(self.w1.T, self.b1).relu().linear(self.w2.T, self.b2)


def train(data, report):
    model = Network(data)
    optimizer = SGD([model.w1, model.b1, model.w2, model.b2], lr=data.rate)
    with Context(TRAINING=1):
        for images, labels in data.batches:
            optimizer.zero_grad()
            loss = model(Tensor(images)).sparse_categorical_crossentropy(Tensor(labels))
            loss.backward()
            # step() overwrites the weights, and a loss not yet computed would see the new ones.
            Tensor.realize(loss, *optimizer.schedule_step())
            report(loss.item())


def root(square):
    a = Tensor([square])
    y, turns = a, 0
    # item() computes what was put off so far: the loop has to know before it goes on.
    while (y * y - a).abs().item() > 1e-3 * square:
        y = (y + a / y) / 2
        turns += 1
    (slope,) = y.sum().gradient(a)
    return y.item(), slope.item(), turns
