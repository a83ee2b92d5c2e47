"""Best paths, sums over all paths, and choices one after the other."""

from typing import Any

from programs.registry import program
from programs.synthetic import characters


@program()
def a_chain_of_labels_is_learned_and_decoded(lib: Any) -> dict[str, Any]:
    """A conditional random field: all paths by logsumexp, the best one by max and its indices."""
    lib.manual_seed(0)
    words = lib.randn(4, 6, 3)
    labels = (words.cumsum(1)[..., 0] > 0).long() + (words[..., 1] > 1).long()
    emit = lib.nn.Linear(3, 3)
    follow = lib.nn.Parameter(lib.zeros(3, 3))
    begin = lib.nn.Parameter(lib.zeros(3))
    optimizer = lib.optim.Adam([*emit.parameters(), follow, begin], lr=0.1)
    losses, gradients = [], []
    for _ in range(8):
        scores = emit(words)
        every = begin + scores[:, 0]
        path = (begin[labels[:, 0]] + scores[:, 0].gather(1, labels[:, :1]).squeeze(1)).clone()
        for t in range(1, 6):
            every = lib.logsumexp(every.unsqueeze(2) + follow, dim=1) + scores[:, t]
            path += follow[labels[:, t - 1], labels[:, t]]
            path += scores[:, t].gather(1, labels[:, t, None]).squeeze(1)
        loss = (every.logsumexp(1) - path).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append((follow.grad.clone(), begin.grad.clone()))
    with lib.no_grad():
        scores, back = emit(words), []
        best = begin + scores[:, 0]
        for t in range(1, 6):
            best, came_from = (best.unsqueeze(2) + follow).max(dim=1)
            best = best + scores[:, t]
            back.append(came_from)
        decoded = [best.argmax(1)]
        for came_from in reversed(back):
            decoded.append(came_from.gather(1, decoded[-1][:, None]).squeeze(1))
    return {"loss": losses, "gradient": gradients, "decoded": lib.stack(decoded[::-1], dim=1)}


@program("float32")
def several_continuations_are_kept(lib: Any) -> dict[str, Any]:
    """Bigram counts by bincount; beam search by topk over a flattened table; perplexity."""
    text, alphabet = characters(lib)
    count = len(alphabet)
    pairs = lib.bincount(text[:-1] * count + text[1:], minlength=count**2).view(count, count)
    table = (pairs + 0.5) / (pairs + 0.5).sum(1, keepdim=True)
    log_p = table.log()
    beams, scores = text[:1].view(1, 1), lib.zeros(1)
    kept = []
    for _ in range(6):
        every = (scores[:, None] + log_p[beams[:, -1]]).flatten()
        scores, places = every.topk(3)
        rows = lib.div(places, count, rounding_mode="floor")
        beams = lib.cat([beams[rows], (places % count).unsqueeze(1)], dim=1)
        kept.append((scores, ["".join(alphabet[i] for i in row) for row in beams.tolist()]))
    losses = -log_p[text[:-1], text[1:]]
    lib.manual_seed(1)
    letter, sampled = text[0], []
    for _ in range(10):
        letter = lib.multinomial(table[letter], 1).squeeze()
        sampled.append(alphabet[letter])
    return {
        "kept": kept,
        "perplexity": losses.mean().exp(),
        "sampled": "".join(sampled),
        "worst": losses.sort(descending=True).values[:5],
    }


@program()
def speech_is_aligned_to_letters(lib: Any) -> dict[str, Any]:
    """Connectionist temporal classification by its forward algorithm, in logarithms."""
    lib.manual_seed(2)
    frames = lib.randn(7, 5)
    model = lib.nn.Linear(5, 4)
    wanted = lib.tensor([1, 2, 2])
    extended = lib.zeros(7, dtype=lib.long)
    extended[1::2] = wanted
    skip = lib.cat([lib.zeros(2).bool(), extended[2:] != extended[:-2]]) & (extended != 0)
    nothing = lib.tensor(-1e9)
    optimizer = lib.optim.RMSprop(model.parameters(), lr=0.02)
    losses, gradients = [], []
    for _ in range(6):
        log_p = lib.nn.functional.log_softmax(model(frames), dim=-1)
        alpha = lib.full((7,), -1e9)
        alpha[:2] = log_p[0, extended[:2]]
        for t in range(1, 7):
            one = lib.cat([nothing.view(1), alpha[:-1]])
            two = lib.where(skip, lib.cat([nothing.expand(2), alpha[:-2]]), nothing)
            alpha = lib.stack([alpha, one, two]).logsumexp(0) + log_p[t][extended]
        loss = -alpha[-2:].logsumexp(0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append(model.weight.grad.clone())
    greedy = model(frames).argmax(1)
    kept = greedy[lib.cat([lib.tensor([True]), greedy[1:] != greedy[:-1]])]
    return {"loss": losses, "gradient": gradients, "read": kept[kept != 0]}


@program()
def goods_are_moved_at_least_cost(lib: Any) -> dict[str, Any]:
    """Optimal transport by Sinkhorn's iterations; points drift along its gradient; soft ranks."""
    lib.manual_seed(3)
    x = lib.randn(8, 2).requires_grad_()
    y = lib.randn(6, 2) + 2
    optimizer = lib.optim.SGD([x], lr=2.0)
    costs, gradients = [], []
    for _ in range(5):
        cost = ((x[:, None] - y) ** 2).sum(-1)
        kernel = (-cost / 0.5).double()
        u, v = lib.zeros(8), lib.zeros(6)
        for _ in range(10):
            u = -lib.logsumexp(kernel + v, dim=1) - lib.log(lib.tensor(8.0))
            v = -lib.logsumexp(kernel + u[:, None], dim=0) - lib.log(lib.tensor(6.0))
        plan = (kernel + u[:, None] + v).exp()
        total = (plan * cost).sum()
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        costs.append(total.item())
        gradients.append(x.grad.clone())
    values = lib.randn(5, requires_grad=True)
    ranks = ((values[:, None] - values[None]) / 0.3).sigmoid().sum(1) + 0.5
    ranks[0].backward()
    return {
        "cost": costs,
        "gradient": gradients,
        "plan": (plan.sum(0), plan.sum(1)),
        "ranks": ranks,
        "rank grad": values.grad,
        "order": values.argsort(),
    }
