"""A character RNN over words of changing length, written for torch."""


def port(lib, words, epochs=3, hidden=12, lr=0.02):
    """Learn to spell `words`: each letter is predicted from those before it.

    Returns the loss of each word, the spellings from each first letter, and the state of the cell.
    """
    alphabet = "." + "".join(sorted({letter for word in words for letter in word}))
    cell = lib.nn.RNNCell(len(alphabet), hidden)
    out = lib.nn.Linear(hidden, len(alphabet))
    optimizer = lib.optim.Adam([*cell.parameters(), *out.parameters()], lr=lr)
    letters = lib.eye(len(alphabet))

    def encode(word):
        return lib.tensor([alphabet.index(letter) for letter in word + "."])

    losses = []
    for _ in range(epochs):
        for number in lib.randperm(len(words)).tolist():
            places = encode(words[number])
            state = lib.zeros(hidden)
            scores = []
            for place in places[:-1]:
                state = cell(letters[place], state)
                scores.append(out(state))
            loss = lib.nn.functional.cross_entropy(lib.stack(scores), places[1:])
            optimizer.zero_grad()
            loss.backward()
            lib.nn.utils.clip_grad_norm_([*cell.parameters(), *out.parameters()], 1.0)
            optimizer.step()
            losses.append(loss.item())

    spelled = []
    with lib.no_grad():
        for first in sorted({word[0] for word in words}):
            text, state = first, lib.zeros(hidden)
            while text[-1] != "." and len(text) < 8:
                state = cell(letters[alphabet.index(text[-1])], state)
                text += alphabet[out(state).argmax().item()]
            spelled.append(text)
    return {"loss": losses, "spelled": spelled, "state": dict(cell.state_dict())}
