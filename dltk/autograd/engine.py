"""Lab 3: the order of the backward pass."""

import heapq


def run(roots, edges, visit):
    """Send gradients from `roots` through a graph: visit each node once, after all its users.

    Given:
        roots: a list of `(node, slot, gradient)`. A node has `node.slots` outputs; a slot says
            which of them a gradient is for. The same node may stand there several times.
        edges(node): one entry for each input of the operation: `(next_node, slot)`, or `None` where
            no gradient is needed.
        visit(node, gradients): runs the node's rule. `gradients` is a list with the sum of what
            arrived for each slot, or `None` where nothing did. It returns one gradient, or `None`,
            for each of the node's edges.

    What arrives at one slot of a node is summed with `+`, never in place: the same gradient may be
    on its way to other nodes. A node is visited when all of its users were, those that sent `None`
    too. Several nodes may be ready; torch takes the one recorded last, with the highest
    `node.sequence`, but any of them is right. Nodes compare: `a < b` says that a comes before b in
    torch's order. Graphs are deep: 100,000 nodes must not exhaust recursion.
    """
    # BEGIN SOLUTION lab3.engine
    users, arrived, ready = count_users(roots, edges), {}, []

    def deliver(node, slot, gradient):
        sums = arrived.setdefault(node, [None] * node.slots)
        if gradient is not None:
            sums[slot] = gradient if sums[slot] is None else sums[slot] + gradient
        users[node] = waiting = users[node] - 1
        if not waiting:
            heapq.heappush(ready, node)

    for node, slot, gradient in roots:
        deliver(node, slot, gradient)
    while ready:
        node = heapq.heappop(ready)
        pulled = visit(node, arrived.pop(node))
        for place, edge in enumerate(edges(node)):
            if edge is not None:
                deliver(edge[0], edge[1], pulled[place])
    # END SOLUTION


def count_users(roots, edges):
    """How many gradients each node that can be reached from `roots` has to wait for.

    Each root counts as one, and so does each edge that leads to the node. A `run` that finds its
    order in another way does not need this function.
    """
    # BEGIN SOLUTION lab3.engine
    users = {}
    to_see = [node for node, slot, gradient in roots]
    while to_see:
        node = to_see.pop()
        if node in users:
            users[node] += 1
            continue
        users[node] = 1
        for edge in edges(node):
            if edge is not None:
                to_see.append(edge[0])
    return users
    # END SOLUTION
