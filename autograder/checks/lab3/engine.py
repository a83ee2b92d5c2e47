"""Checks of `lab3.engine`: sums at each node, one visit each, after all users.

The graphs are made of + and unary minus alone, whose rules are given. A hook on a tensor is called
when its node is visited, so hooks count visits and show their order. Which of two independent nodes
comes first is left open.
"""

from autograder.checks.draws import integers, normal
from autograder.checks.spec import check


@check("lab3.engine", x=normal(3), c=normal(3), g=normal(3))
def chain(lib, x, c, g):
    """Along a chain each node passes on what it got; tensors in the middle can be asked for too."""
    x, c = lib.tensor(x, requires_grad=True), lib.tensor(c)
    middle = -(-x + c)
    out = -middle + c
    of_x, of_middle = lib.autograd.grad(out, [x, middle], lib.tensor(g))
    return {"grad of x": of_x, "grad of the middle": of_middle}


@check("lab3.engine", weight=2, x=normal(4), g=normal(4))
def diamond(lib, x, g):
    """Where two paths meet, a node is visited once, with the sum of what both of them brought."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    arrived = []
    top = -x
    left, right = -top, top + top
    top.register_hook(arrived.append)
    out = right + left + right
    (of_x,) = lib.autograd.grad(out, x, g)
    return {"visits": len(arrived), "grads that arrived": arrived, "grad of x": of_x}


@check("lab3.engine", weight=2, x=normal(3), g=normal(3))
def tower_of_diamonds(lib, x, g):
    """Six diamonds on top of each other: each node is visited once, not once for each path."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    arrived, levels = [], [x]
    for level in range(6):
        below = levels[-1]
        left, right = -below, below + below
        levels.append(left + right)
        levels[-1].register_hook(lambda grad, level=level: arrived.append([level, grad]))
    (of_x,) = lib.autograd.grad(levels[-1] + levels[2], x, g)
    return {
        "visits": [level for level, grad in arrived],
        "grads that arrived": [grad for level, grad in arrived],
        "grad of x": of_x,
    }


@check("lab3.engine", x=normal(2), g=normal(2))
def tower_of_sixty_diamonds(lib, x, g):
    """The work grows with the number of nodes, not with the number of paths, here 3 to the 60."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    top = x
    for _ in range(60):
        top = -top + (top + top)
    (of_x,) = lib.autograd.grad(top, x, g)
    return {"value": top, "grad of x": of_x}


@check("lab3.engine", x=normal(3), g=normal(3))
def the_same_tensor_twice(lib, x, g):
    """An operand that stands twice in an operation gets both gradients."""
    x, g = lib.tensor(x, requires_grad=True), lib.tensor(g)
    double = x + x
    quadruple = double + double
    of_x, of_double = lib.autograd.grad(quadruple + x, [x, double], g)
    return {"grad of x": of_x, "grad of the double": of_double}


@check("lab3.engine", x=normal(3), y=normal(3), g=normal(3))
def an_unused_branch_is_neither_visited_nor_waited_for(lib, x, y, g):
    """What was computed but does not lead to the root plays no part, also as a user of a node."""
    x, y, g = lib.tensor(x, requires_grad=True), lib.tensor(y, requires_grad=True), lib.tensor(g)
    visited = []
    shared = x + y
    unused = -shared
    beyond = unused + x
    for name, tensor in [("shared", shared), ("unused", unused), ("beyond", beyond)]:
        tensor.register_hook(lambda grad, name=name: visited.append(name))
    of_x, of_y = lib.autograd.grad(-(shared + x), [x, y], g)
    return {"visited": visited, "grad of x": of_x, "grad of y": of_y}


@check("lab3.engine", weight=2, x=normal(2), c=normal(2), g=normal(2))
def three_thousand_nodes_deep(lib, x, c, g):
    """A graph of 3,000 operations, one after the other, does not exhaust the recursion limit."""
    x, c, g = lib.tensor(x, requires_grad=True), lib.tensor(c), lib.tensor(g)
    out = x
    for _ in range(1_500):
        out = -out
        out = out + c
    (of_x,) = lib.autograd.grad(out + x, x, g)
    return {"value": out, "grad of x": of_x}


@check("lab3.engine", weight=2, x=normal(2), links=integers(0, 10_000, 12), g=normal(2))
def shortcuts_do_not_overtake(lib, x, links, g):
    """Each tensor uses the one before it and an earlier one: only last to first is right."""
    order, tensors = [], [lib.tensor(x, requires_grad=True)]
    for number, link in enumerate(links.tolist()):
        tensors.append(-tensors[-1] + tensors[link % len(tensors)])
        tensors[-1].register_hook(lambda grad, number=number: order.append(number))
    grads = lib.autograd.grad(tensors[-1], tensors, lib.tensor(g))
    return {"order": order, "grads": list(grads)}


@check("lab3.engine", weight=2, x=normal(2, 3), links=integers(0, 10_000, 14, 2), g=normal(3))
def each_node_after_all_its_users(lib, x, links, g):
    """In a random graph each node is visited once, and later than all tensors made from it."""
    tensors = [lib.tensor(row, requires_grad=True) for row in x]
    users, order = [[], []], []
    for pair in links.tolist():
        left, right = (link % len(tensors) for link in pair)
        number = len(tensors)
        tensors.append(tensors[left] + -tensors[right])
        users[left].append(number)
        users[right].append(number)
        users.append([])
    for number, tensor in enumerate(tensors):
        tensor.register_hook(lambda grad, number=number: order.append(number))
    ends = [number for number, using in enumerate(users) if not using]
    out = -tensors[ends[0]]
    for end in ends:
        out = out + tensors[end]
    grads = lib.autograd.grad(out, tensors, lib.tensor(g), allow_unused=True)
    place = {number: position for position, number in enumerate(order)}
    late = [[n, user] for n in place for user in users[n] if place.get(user, -1) >= place[n]]
    return {
        "visited once": sorted(order),
        "visited before a user": late,
        "grads": list(grads),
    }


@check("lab3.engine", x=normal(3), g=normal(3), h=normal(3), k=normal(3))
def several_roots_one_inside_the_graph_of_another(lib, x, g, h, k):
    """A root may be an inner node of another root's graph, or given twice: its gradients add up."""
    x = lib.tensor(x, requires_grad=True)
    arrived = []
    inner = -x
    inner.register_hook(arrived.append)
    outer = inner + inner + x
    gradients = [lib.tensor(g), lib.tensor(h), lib.tensor(k)]
    of_x, of_inner = lib.autograd.grad([inner, outer, inner], [x, inner], gradients)
    return {"grads that arrived": arrived, "grad of x": of_x, "grad of inner": of_inner}
