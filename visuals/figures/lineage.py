"""When frameworks came and went, what each took from another: each claim with date and source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from visuals.visual import Prediction, Table, Visual

# How one framework can come from another, from the strongest tie to the weakest.
TIES = ("code", "built on", "ideas", "exchange")

PREDICT = Prediction(
    "Which framework was TensorFlow's direct predecessor?",
    ("Theano", "DistBelief", "Torch"),
    answer=1,
    because="DistBelief was Google's own closed system; from Theano came ideas, but no code.",
)


def lineage(
    frameworks: Sequence[Mapping[str, str]],
    ties: Sequence[Mapping[str, str]],
    events: Sequence[Mapping[str, str]] = (),
    *,
    now: int,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """A bar for each framework on an axis of years, and lines for what came from where.

    Args:
        frameworks: rows with framework, home, kind, first, first_is, last, last_is, idiom,
            language, first_source, last_source; `last` is empty for those still developed.
        ties: rows with parent, child, year, kind (one of `TIES`), says, source.
        events: rows with date, framework, says, source.
        now: the year in which the axis ends.

    Raises:
        ValueError: a tie or an event names no framework of these, or a tie is of no such kind.
    """
    names = [each["framework"] for each in frameworks]
    told = [(each["parent"], each["child"]) for each in ties]
    asked = {name for pair in told for name in pair} | {each["framework"] for each in events}
    if unknown := asked - set(names):
        raise ValueError(f"no framework is called {sorted(unknown)}; there are {names}")
    if wrong := {each["kind"] for each in ties} - set(TIES):
        raise ValueError(f"{sorted(wrong)} are no ties; there are {list(TIES)}")
    claims = {each["framework"]: _claims(each, ties, events) for each in frameworks}
    bars = [
        {
            "name": each["framework"],
            "home": each["home"],
            "kind": each["kind"],
            "idiom": each["idiom"],
            "language": each["language"],
            "first": int(each["first"]),
            "last": int(each["last"]) if each["last"] else None,
            "claims": claims[each["framework"]],
        }
        for each in sorted(frameworks, key=lambda each: (int(each["first"]), each["framework"]))
    ]
    return Visual(
        "lineage",
        data={
            "bars": bars,
            "ties": [
                [each["parent"], each["child"], int(each["year"]), each["kind"]] for each in ties
            ],
            "kinds": list(TIES),
            "first": min(int(each["first"]) for each in frameworks),
            "now": now,
        },
        title="Which framework came from which, and when?",
        description=(
            f"{len(bars)} bars on an axis of years, one a framework, from its first year to its "
            "last or until today. Lines lead from a framework to those that took its code, were "
            "built on it, took its ideas or exchange models with it. One framework can be chosen: "
            "its lines stand out, and all that is claimed of it is listed with date and source."
        ),
        table=Table(
            ("framework", "date", "claim", "source"),
            [(bar["name"], *claim) for bar in bars for claim in claims[str(bar["name"])]],
        ),
        predict=predict,
    )


def _claims(
    framework: Mapping[str, str],
    ties: Sequence[Mapping[str, str]],
    events: Sequence[Mapping[str, str]],
) -> list[list[str]]:
    """All that is said of one framework, by date: [date, sentence, source]."""
    name = framework["framework"]
    said = [[framework["first"], framework["first_is"], framework["first_source"]]]
    for tie in ties:
        if tie["child"] == name:
            sentence = f"from {tie['parent']} ({tie['kind']}): {tie['says']}"
            said.append([tie["year"], sentence, tie["source"]])
        elif tie["parent"] == name:
            sentence = f"to {tie['child']} ({tie['kind']}): {tie['says']}"
            said.append([tie["year"], sentence, tie["source"]])
    said += [[e["date"], e["says"], e["source"]] for e in events if e["framework"] == name]
    if framework["last"]:
        said.append([framework["last"], framework["last_is"], framework["last_source"]])
    return sorted(said, key=lambda claim: claim[0])
