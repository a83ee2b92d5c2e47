"""Classes predicted from numbers."""

from typing import Any

from programs.registry import program
from programs.synthetic import digits, spiral


@program()
def a_softmax_regression_is_written_by_hand(lib: Any) -> dict[str, Any]:
    """Shifted exponentials, picking by index, one-hot by scatter_."""
    lib.manual_seed(0)
    images, labels = digits(lib, 48)
    x = images.flatten(1)
    weight = lib.zeros(64, 4, requires_grad=True)
    bias = lib.zeros(4, requires_grad=True)
    one_hot = lib.zeros(48, 4).scatter_(1, labels.unsqueeze(1), 1.0)
    losses, gradients, formula, accuracy = [], [], [], []
    for _ in range(12):
        logits = x @ weight + bias
        shifted = logits - logits.max(dim=1, keepdim=True).values
        log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
        loss = -log_p[lib.arange(48), labels].mean()
        gradient = lib.autograd.grad(loss, (weight, bias))
        with lib.no_grad():
            formula.append(x.T @ (log_p.exp() - one_hot) / 48)
            weight -= 0.5 * gradient[0]
            bias -= 0.5 * gradient[1]
        losses.append(loss.item())
        gradients.append(gradient)
        accuracy.append((logits.argmax(1) == labels).double().mean().item())
    return {"loss": losses, "gradient": gradients, "formula": formula, "accuracy": accuracy}


@program("float32")
def a_spiral_is_separated_in_minibatches(lib: Any) -> dict[str, Any]:
    """An MLP, Adam, batches cut from a permutation."""
    lib.manual_seed(1)
    x, y = spiral(lib, 20)
    model = lib.nn.Sequential(
        lib.nn.Linear(2, 16),
        lib.nn.ReLU(),
        lib.nn.Linear(16, 16),
        lib.nn.Tanh(),
        lib.nn.Linear(16, 3),
    )
    criterion = lib.nn.CrossEntropyLoss()
    optimizer = lib.optim.Adam(model.parameters(), lr=0.01)
    losses, orders = [], []
    for _ in range(4):
        order = lib.randperm(len(x))
        orders.append(order)
        for start in range(0, len(x), 16):
            batch = order[start : start + 16]
            loss = criterion(model(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    with lib.no_grad():
        logits = model(x)
    return {
        "loss": losses,
        "order": orders,
        "accuracy": (logits.argmax(dim=1) == y).float().mean(),
        "weights": dict(model.state_dict()),
        "text": str(model),
    }


@program()
def rare_labels_get_a_positive_weight(lib: Any) -> dict[str, Any]:
    """Several labels a sample: BCEWithLogitsLoss with `pos_weight`, plain and by element."""
    lib.manual_seed(2)
    x = lib.randn(32, 5)
    y = (x @ lib.randn(5, 3) > 1.5).double()
    share = y.mean(0)
    model = lib.nn.Linear(5, 3)
    criterion = lib.nn.BCEWithLogitsLoss(pos_weight=(1 - share) / share)
    by_element = lib.nn.BCEWithLogitsLoss(reduction="none")
    optimizer = lib.optim.Adagrad(model.parameters(), lr=0.3)
    losses, plain = [], []
    for _ in range(15):
        logits = model(x)
        loss = criterion(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        plain.append(by_element(logits.detach(), y).mean(0))
    found = ((model(x) > 0) & (y == 1)).sum(0)
    probabilities = model(x).sigmoid()
    return {
        "loss": losses,
        "plain": plain,
        "found": found,
        "bce": lib.nn.BCELoss()(probabilities, y).item(),
        "share": share,
        "weight": model.weight,
    }


@program()
def losses_ignore_smooth_and_weigh(lib: Any) -> dict[str, Any]:
    """Every way to ask cross-entropy: ignore_index, label_smoothing, weight, reduction."""
    lib.manual_seed(3)
    logits = lib.randn(10, 4, requires_grad=True)
    target = lib.randint(0, 4, (10,))
    target[::4] = -100
    weights = lib.tensor([1.0, 2.0, 0.5, 3.0])
    values, gradients = [], []
    for arguments in (
        {},
        {"reduction": "sum"},
        {"weight": weights},
        {"label_smoothing": 0.1},
        {"weight": weights, "label_smoothing": 0.2},
        {"ignore_index": 2},
    ):
        wanted = target.clone()
        if "ignore_index" in arguments:
            wanted[wanted == -100] = 1
        loss = lib.nn.CrossEntropyLoss(**arguments)(logits, wanted)
        values.append(loss.item())
        gradients.append(lib.autograd.grad(loss, logits)[0])
    soft = lib.nn.functional.softmax(lib.randn(10, 4), dim=1)
    loss = lib.nn.functional.cross_entropy(logits, soft, label_smoothing=0.3)
    values.append(loss.item())
    gradients.append(lib.autograd.grad(loss, logits)[0])
    pictures = lib.randn(2, 4, 3, 3, requires_grad=True)
    classes = lib.randint(0, 4, (2, 3, 3))
    each = lib.nn.functional.cross_entropy(pictures, classes, reduction="none")
    each.mean().backward()
    return {"loss": values, "gradient": gradients, "each": each, "picture.grad": pictures.grad}


@program()
def a_student_learns_from_a_teacher(lib: Any) -> dict[str, Any]:
    """Distillation: softened targets under KLDivLoss beside NLLLoss on LogSoftmax."""
    lib.manual_seed(4)
    images, labels = digits(lib, 40)
    x = images.flatten(1)
    teacher = lib.nn.Sequential(
        lib.nn.Linear(64, 32), lib.nn.GELU(), lib.nn.Linear(32, 4), lib.nn.LogSoftmax(dim=1)
    )
    hard = lib.nn.NLLLoss()
    optimizer = lib.optim.AdamW(teacher.parameters(), lr=0.01)
    taught, learned = [], []
    for _ in range(8):
        loss = hard(teacher(x), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        taught.append(loss.item())
    teacher.eval().requires_grad_(False)
    student = lib.nn.Sequential(lib.nn.Linear(64, 8), lib.nn.SiLU(), lib.nn.Linear(8, 4))
    soft = lib.nn.KLDivLoss(reduction="batchmean")
    optimizer = lib.optim.SGD(student.parameters(), lr=0.2)
    for _ in range(8):
        log_p = lib.nn.functional.log_softmax(student(x) / 2, dim=-1)
        with lib.no_grad():
            target = lib.nn.functional.softmax(teacher(x) / 2, dim=-1)
        loss = 4 * soft(log_p, target) + 0.5 * hard(log_p, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        learned.append(loss.item())
    return {"teacher": taught, "student": learned, "weights": dict(student.state_dict())}


@program()
def a_classifier_is_judged(lib: Any) -> dict[str, Any]:
    """Confusion matrix by bincount, the best k by topk, a curve by sort and cumsum."""
    lib.manual_seed(5)
    labels = lib.randint(0, 5, (80,))
    scores = lib.randn(80, 5)
    scores[lib.arange(80), labels] += 1.0
    predicted = scores.argmax(dim=1)
    confusion = lib.bincount(labels * 5 + predicted, minlength=25).reshape(5, 5)
    precision = confusion.diagonal() / confusion.sum(0)
    recall = confusion.diagonal() / confusion.sum(1)
    best = scores.topk(3, dim=1)
    among_best = (best.indices == labels[:, None]).any(dim=1).double().mean()
    order = scores[:, 0].sort(descending=True, stable=True).indices
    positive = (labels == 0)[order]
    hits = positive.cumsum(0).double() / positive.sum()
    alarms = (~positive).cumsum(0).double() / (~positive).sum()
    area = ((alarms[1:] - alarms[:-1]) * (hits[1:] + hits[:-1]) / 2).sum()
    worst = (labels != predicted).nonzero().flatten()[:10]
    return {
        "confusion": confusion,
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall),
        "among best": among_best,
        "area": area,
        "worst": worst,
        "classes": lib.unique(predicted, return_counts=True),
        "median": scores.median(dim=0),
    }
