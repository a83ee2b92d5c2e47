"""Known-wrong and other right solutions of `lab3.engine`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab3.engine", blank="run")
def recursive_push(roots, edges, visit):
    """each node pushes what it gets to its inputs at once, so that a node where paths meet is
    visited once for each path.
    """

    def push(node, slot, gradient):
        gradients = [None] * node.slots
        gradients[slot] = gradient
        for edge, sent in zip(edges(node), visit(node, gradients), strict=True):
            if edge is not None:
                push(*edge, sent)

    for node, slot, gradient in roots:
        push(node, slot, gradient)


@wrong("lab3.engine", blank="run")
def overwritten_instead_of_summed(roots, edges, visit):
    """what arrives at a node replaces what arrived before instead of being added to it."""
    users, arrived, ready = count_users(roots, edges), {}, []
    messages = roots
    while True:
        for node, slot, gradient in messages:
            latest = arrived.setdefault(node, [None] * node.slots)
            if gradient is not None:
                latest[slot] = gradient
            users[node] -= 1
            if users[node] == 0:
                ready.append(node)
        if not ready:
            return
        node = ready.pop()
        sent = zip(edges(node), visit(node, arrived.pop(node)), strict=True)
        messages = [(*edge, gradient) for edge, gradient in sent if edge is not None]


@wrong("lab3.engine", blank="run")
def summed_in_place(roots, edges, visit):
    """what arrives is added to a sum in place, with +=, into an array that other nodes hold too."""
    users, arrived, ready = count_users(roots, edges), {}, []
    messages = roots
    while True:
        for node, slot, gradient in messages:
            sums = arrived.setdefault(node, [None] * node.slots)
            if sums[slot] is None:
                sums[slot] = gradient
            elif gradient is not None:
                sums[slot] += gradient
            users[node] -= 1
            if users[node] == 0:
                ready.append(node)
        if not ready:
            return
        node = min(ready)
        ready.remove(node)
        sent = zip(edges(node), visit(node, arrived.pop(node)), strict=True)
        messages = [(*edge, gradient) for edge, gradient in sent if edge is not None]


@wrong("lab3.engine", blank="run")
def first_come_first_served(roots, edges, visit):
    """nodes are visited in the order in which they are first reached as inputs, without waiting
    for users that have not been visited yet.
    """
    arrived, queue, done = {}, [], set()
    messages = list(roots)
    while True:
        for node, slot, gradient in messages:
            sums = arrived.setdefault(node, [None] * node.slots)
            if gradient is not None:
                sums[slot] = gradient if sums[slot] is None else sums[slot] + gradient
            if node not in done:
                done.add(node)
                queue.append(node)
        if not queue:
            return
        node = queue.pop(0)
        sent = zip(edges(node), visit(node, arrived.pop(node)), strict=True)
        messages = [(*edge, gradient) for edge, gradient in sent if edge is not None]


@wrong("lab3.engine", blank="run")
def sorted_by_recursion(roots, edges, visit):
    """the order is right, but found by a function that calls itself once for each node of a path,
    so that a deep graph exhausts the recursion limit.
    """
    order, seen, arrived = [], set(), {}

    def sort(node):
        if node in seen:
            return
        seen.add(node)
        for edge in edges(node):
            if edge is not None:
                sort(edge[0])
        order.append(node)

    def deliver(node, slot, gradient):
        sums = arrived.setdefault(node, [None] * node.slots)
        if gradient is not None:
            sums[slot] = gradient if sums[slot] is None else sums[slot] + gradient

    for root in roots:
        sort(root[0])
        deliver(*root)
    for node in reversed(order):
        for edge, sent in zip(edges(node), visit(node, arrived.pop(node)), strict=True):
            if edge is not None:
                deliver(*edge, sent)


@wrong("lab3.engine", blank="count_users")
def an_operand_used_twice_is_counted_once(roots, edges):
    """an operation that uses a tensor twice is counted as one user of it, not as two."""
    users, pending, seen = {}, [], set()
    for node, _slot, _gradient in roots:
        users[node] = users.get(node, 0) + 1
        pending.append(node)
    while pending:
        node = pending.pop()
        if node in seen:
            continue
        seen.add(node)
        for following in {edge[0] for edge in edges(node) if edge is not None}:
            users[following] = users.get(following, 0) + 1
            pending.append(following)
    return users


@wrong("lab3.engine", blank="run")
def a_root_is_not_waited_for(roots, edges, visit):
    """roots are visited first of all, even if another root's graph still leads to them."""
    users, arrived, ready = count_users(roots, edges), {}, []
    starts = [node for node, slot, gradient in roots]
    for node in starts:
        users[node] = starts.count(node)
    messages = roots
    while True:
        for node, slot, gradient in messages:
            sums = arrived.setdefault(node, [None] * node.slots)
            if gradient is not None:
                sums[slot] = gradient if sums[slot] is None else sums[slot] + gradient
            users[node] -= 1
            if users[node] == 0:
                ready.append(node)
        if not ready:
            return
        node = ready.pop(0)
        sent = zip(edges(node), visit(node, arrived.pop(node)), strict=True)
        messages = [(*edge, gradient) for edge, gradient in sent if edge is not None]


@right("lab3.engine", blank="run")
def depth_first_order_without_recursion(roots, edges, visit):
    """Another right way: a topological order by depth-first search on a stack of its own."""
    order, state, stack, arrived = [], {}, [root[0] for root in roots], {}
    while stack:
        node = stack[-1]
        if node not in state:
            state[node] = "open"
            stack.extend(
                edge[0] for edge in edges(node) if edge is not None and edge[0] not in state
            )
        else:
            stack.pop()
            if state[node] == "open":
                state[node] = "closed"
                order.append(node)
    messages = roots
    for node in reversed(order):
        for receiver, slot, gradient in messages:
            sums = arrived.setdefault(receiver, [None] * receiver.slots)
            if gradient is not None:
                sums[slot] = gradient if sums[slot] is None else sums[slot] + gradient
        sent = zip(edges(node), visit(node, arrived.pop(node)), strict=True)
        messages = [(*edge, gradient) for edge, gradient in sent if edge is not None]


@right("lab3.engine", blank="run")
def latest_recorded_first(roots, edges, visit):
    """Another right way: nothing is counted; what was recorded last has no users left. The nodes
    of leaves, which nothing follows, come at the end.
    """
    arrived, ready, waiting = {}, [], set()
    messages = roots
    while True:
        for node, slot, gradient in messages:
            sums = arrived.setdefault(node, [None] * node.slots)
            if gradient is not None:
                sums[slot] = gradient if sums[slot] is None else sums[slot] + gradient
            if node not in waiting:
                waiting.add(node)
                heapq.heappush(ready, (not edges(node), -node.sequence, id(node), node))
        if not ready:
            return
        node = heapq.heappop(ready)[-1]
        waiting.discard(node)
        sent = zip(edges(node), visit(node, arrived.pop(node)), strict=True)
        messages = [(*edge, gradient) for edge, gradient in sent if edge is not None]


@right("lab3.engine", blank="run")
def counted_users_and_a_stack(roots, edges, visit):
    """Another right way: users are counted, and of the ready nodes any is taken."""
    users = {}
    nodes = [root[0] for root in roots]
    while nodes:
        node = nodes.pop()
        users[node] = users.get(node, 0) + 1
        if users[node] == 1:
            nodes.extend(edge[0] for edge in edges(node) if edge is not None)
    arrived, ready, messages = {}, [], roots
    while True:
        for node, slot, gradient in messages:
            arrived.setdefault(node, []).append((slot, gradient))
            users[node] -= 1
            if not users[node]:
                ready.append(node)
        if not ready:
            break
        node = ready.pop()
        sums = [None] * node.slots
        for slot, gradient in arrived.pop(node):
            if gradient is not None:
                sums[slot] = gradient if sums[slot] is None else sums[slot] + gradient
        messages = [
            (edge[0], edge[1], gradient)
            for edge, gradient in zip(edges(node), visit(node, sums), strict=True)
            if edge is not None
        ]
