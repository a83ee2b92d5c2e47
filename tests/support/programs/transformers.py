"""Attention, and vectors for things that have names."""

from typing import Any

from programs.registry import program
from programs.synthetic import TEXT, characters, digits


@program("float32")
def a_character_transformer_continues_text(lib: Any) -> dict[str, Any]:
    """Decoder only: embeddings, causal attention by hand, LayerNorm, GELU; then greedy text."""

    class Block(lib.nn.Module):
        def __init__(self, width: int, heads: int):
            super().__init__()
            nn = lib.nn
            self.heads = heads
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.qkv, self.out = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width)
            self.mlp = nn.Sequential(
                nn.Linear(width, 2 * width),
                nn.GELU(approximate="tanh"),
                nn.Linear(2 * width, width),
            )

        def forward(self, x: Any) -> Any:
            batch, length, width = x.shape
            q, k, v = self.qkv(self.norm1(x)).chunk(3, dim=-1)
            q, k, v = (
                each.view(batch, length, self.heads, -1).transpose(1, 2) for each in (q, k, v)
            )
            scores = q @ k.transpose(-2, -1) / (width // self.heads) ** 0.5
            ahead = lib.ones(length, length, dtype=lib.bool).triu(1)
            shares = scores.masked_fill(ahead, float("-inf")).softmax(dim=-1)
            mixed = (shares @ v).transpose(1, 2).contiguous().view(batch, length, width)
            x = x + self.out(mixed)
            return x + self.mlp(self.norm2(x))

    class Writer(lib.nn.Module):
        def __init__(self, letters: int, width: int, context: int):
            super().__init__()
            self.context = context
            self.letter = lib.nn.Embedding(letters, width)
            self.place = lib.nn.Embedding(context, width)
            self.blocks = lib.nn.ModuleList([Block(width, 2) for _ in range(2)])
            self.norm = lib.nn.LayerNorm(width)

        def forward(self, index: Any) -> Any:
            x = self.letter(index) + self.place(lib.arange(index.shape[1]))
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.letter.weight.t()

    lib.manual_seed(0)
    text, alphabet = characters(lib)
    model = Writer(len(alphabet), 12, 8)
    optimizer = lib.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=0.01)
    losses = []
    for _ in range(6):
        starts = lib.randint(0, len(text) - 9, (6,))
        batch = lib.stack([text[start : start + 9] for start in starts])
        logits = model(batch[:, :-1])
        loss = lib.nn.functional.cross_entropy(
            logits.reshape(-1, len(alphabet)), batch[:, 1:].reshape(-1)
        )
        optimizer.zero_grad()
        loss.backward()
        lib.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    written = text[:4].unsqueeze(0)
    model.eval()
    with lib.no_grad():
        for _ in range(8):
            following = model(written[:, -model.context :])[:, -1].argmax(dim=-1, keepdim=True)
            written = lib.cat([written, following], dim=1)
    return {
        "loss": losses,
        "gradient": [p.grad for p in model.parameters()],
        "text": "".join(alphabet[i] for i in written[0].tolist()),
        "names": [name for name, _ in model.named_parameters()],
        "model": str(model),
    }


@program()
def an_encoder_attends_to_what_is_there(lib: Any) -> dict[str, Any]:
    """MultiheadAttention with a padding mask, its averaged weights, between two sequences."""
    lib.manual_seed(1)
    attention = lib.nn.MultiheadAttention(8, 2, batch_first=True)
    crossing = lib.nn.MultiheadAttention(8, 4, kdim=5, vdim=6, bias=False)
    x = lib.randn(3, 5, 8)
    lengths = lib.tensor([5, 3, 2])
    padding = lib.arange(5) >= lengths[:, None]
    target = lib.randn(3, 8)
    optimizer = lib.optim.Adam(attention.parameters(), lr=0.01)
    losses, gradients, weights = [], [], []
    for _ in range(5):
        out, shares = attention(x, x, x, key_padding_mask=padding)
        pooled = out.masked_fill(padding.unsqueeze(-1), 0).sum(1) / lengths.unsqueeze(1)
        loss = lib.nn.functional.mse_loss(pooled, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        weights.append(shares)
        gradients.append([p.grad.clone() for p in attention.parameters()])
    other, by_head = crossing(
        lib.randn(4, 2, 8), lib.randn(6, 2, 5), lib.randn(6, 2, 6), average_attn_weights=False
    )
    return {
        "loss": losses,
        "weights": weights,
        "gradient": gradients,
        "other": other,
        "by head": by_head,
        "text": str(attention),
    }


@program("float32")
def a_sequence_is_sorted_into_classes(lib: Any) -> dict[str, Any]:
    """TransformerEncoderLayer, both orders of norm and both activations, with a causal mask."""
    lib.manual_seed(2)
    x, y = lib.randn(6, 4, 8), lib.randint(0, 3, (6,))
    mask = lib.full((4, 4), float("-inf")).triu(1)
    results: dict[str, Any] = {}
    for name, arguments in {
        "after": {"activation": "relu"},
        "before": {"activation": "gelu", "norm_first": True},
    }.items():
        layer = lib.nn.TransformerEncoderLayer(
            8, 2, dim_feedforward=16, dropout=0.0, batch_first=True, **arguments
        )
        head = lib.nn.Linear(8, 3)
        optimizer = lib.optim.SGD([*layer.parameters(), *head.parameters()], lr=0.1)
        losses = []
        for _ in range(4):
            logits = head(layer(x, src_mask=mask).mean(dim=1))
            loss = lib.nn.functional.cross_entropy(logits, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        results[f"{name} loss"] = losses
        results[f"{name} gradient"] = [p.grad for p in layer.parameters()]
        results[f"{name} text"] = str(layer)
    return results


@program()
def attention_is_one_function(lib: Any) -> dict[str, Any]:
    """scaled_dot_product_attention against its formula: masks of both kinds, causal, gradients."""
    functional = lib.nn.functional
    lib.manual_seed(3)
    q, k, v = (lib.randn(2, 3, n, 4, requires_grad=True) for n in (5, 6, 6))
    mask = lib.rand(5, 6) < 0.7
    mask[:, 0] = True
    values, gradients, same = [], [], []
    for arguments in (
        {},
        {"attn_mask": mask},
        {"attn_mask": lib.randn(2, 1, 5, 6)},
        {"is_causal": True},
        {"scale": 0.3},
    ):
        out = functional.scaled_dot_product_attention(q, k, v, **arguments)
        scores = q @ k.mT * arguments.get("scale", 0.5)
        given = arguments.get("attn_mask")
        if arguments.get("is_causal"):
            given = lib.ones(5, 6, dtype=lib.bool).tril()
        if given is not None and given.dtype is lib.bool:
            scores = scores.masked_fill(~given, -float("inf"))
        elif given is not None:
            scores = scores + given
        same.append(lib.allclose(out, functional.softmax(scores, dim=-1) @ v))
        values.append(out)
        gradients.append(lib.autograd.grad((out**2).sum(), (q, k, v)))
    return {"value": values, "gradient": gradients, "same": same}


@program("float32")
def words_get_vectors_from_their_neighbors(lib: Any) -> dict[str, Any]:
    """Skip-gram with negative samples, embeddings with a padding index, cosine neighbors."""
    lib.manual_seed(4)
    words = TEXT.split()
    names = ["", *sorted(set(words))]
    index = lib.tensor([names.index(word) for word in words])
    pairs = lib.tensor(
        [
            (index[i].item(), index[j].item())
            for i in range(len(words))
            for j in range(max(0, i - 2), min(len(words), i + 3))
            if i != j
        ]
    )
    counts = lib.bincount(index, minlength=len(names)).float() ** 0.75
    centers = lib.nn.Embedding(len(names), 6, padding_idx=0)
    contexts = lib.nn.Embedding(len(names), 6)
    optimizer = lib.optim.Adagrad([*centers.parameters(), *contexts.parameters()], lr=0.3)
    softplus = lib.nn.functional.softplus
    losses, negatives = [], []
    for batch in pairs[lib.randperm(len(pairs))].split(24)[:5]:
        center, context = centers(batch[:, 0]), contexts(batch[:, 1])
        drawn = lib.multinomial(counts, len(batch) * 3, replacement=True).view(-1, 3)
        wrong = contexts(drawn)
        right = -softplus(-(center * context).sum(-1))
        far = -softplus(lib.einsum("bd,bnd->bn", center, wrong)).sum(1)
        loss = -(right + far).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        negatives.append(drawn)
    vectors = lib.nn.functional.normalize(centers.weight[1:], dim=1)
    return {
        "loss": losses,
        "drawn": negatives,
        "padding": centers.weight[0],
        "grad": centers.weight.grad,
        "alike": vectors @ vectors.T,
    }


@program()
def images_are_told_apart_by_their_patches(lib: Any) -> dict[str, Any]:
    """A small vision transformer: patches by unfold of a tensor, a class token, a norm."""
    lib.manual_seed(5)
    nn = lib.nn
    images, labels = digits(lib, 12)
    patches = images.unfold(2, 4, 4).unfold(3, 4, 4).reshape(12, 4, 16)
    project = nn.Linear(16, 8)
    token = nn.Parameter(lib.zeros(1, 1, 8))
    place = nn.Parameter(0.02 * lib.randn(1, 5, 8))
    attend = nn.MultiheadAttention(8, 2, batch_first=True)
    norm, head = nn.LayerNorm(8), nn.Linear(8, 4)
    parameters = [
        token,
        place,
        *(p for module in (project, attend, norm, head) for p in module.parameters()),
    ]
    optimizer = lib.optim.Adam(parameters, lr=0.01)
    losses, gradients = [], []
    for _ in range(5):
        x = lib.cat([token.expand(12, -1, -1), project(patches)], dim=1) + place
        x = x + attend(x, x, x, need_weights=False)[0]
        loss = nn.functional.cross_entropy(head(norm(x[:, 0])), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append((token.grad.clone(), place.grad.clone()))
    return {"loss": losses, "gradient": gradients}


@program()
def two_views_of_one_thing_attract(lib: Any) -> dict[str, Any]:
    """Contrastive: similarities as logits, a learned temperature; triplets beside it."""
    lib.manual_seed(6)
    nn = lib.nn
    images, _ = digits(lib, 10)
    x = images.flatten(1)
    net = nn.Sequential(nn.Linear(64, 12), nn.ReLU(), nn.Linear(12, 4))
    log_temperature = nn.Parameter(lib.tensor(-1.0))
    optimizer = lib.optim.Adam([*net.parameters(), log_temperature], lr=0.01)
    losses, gradients, found = [], [], []
    for _ in range(6):
        views = [x + 0.1 * lib.randn_like(x) for _ in range(2)]
        z = nn.functional.normalize(net(lib.cat(views)), dim=-1)
        logits = z @ z.T / log_temperature.exp()
        logits = logits.masked_fill(lib.eye(20, dtype=lib.bool), float("-inf"))
        partner = lib.arange(20).roll(10)
        anchor, positive, negative = z[:10], z[10:], z[10:].flip(0)
        apart = (anchor - positive).norm(dim=1) - (anchor - negative).norm(dim=1)
        loss = (
            nn.functional.cross_entropy(logits, partner) + 0.1 * (apart + 0.2).clamp(min=0).mean()
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append((net[0].weight.grad.clone(), log_temperature.grad.clone()))
        found.append((logits.argmax(1) == partner).sum())
    return {"loss": losses, "gradient": gradients, "found": found}
