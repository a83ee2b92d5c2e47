"""Checks of `lab1.promotion`: the dtype of a result.

Values are small whole numbers and quarters, which every floating dtype holds exactly: what is
compared is the choice of the dtype, not its rounding.
"""

from autograder.checks.draws import choice, integers
from autograder.checks.spec import check


@check("lab1.promotion", x=integers(-20, 20, 6), y=integers(-20, 20, 6))
def of_one_category_the_larger_wins(lib, x, y):
    """Among signed integers, and among floats, the result has the larger item of the two."""
    result = {}
    for names in (("int8", "int16", "int32", "int64"), ("float16", "float32", "float64")):
        for a in names:
            for b in names:
                left = lib.tensor(x, dtype=getattr(lib, a))
                right = lib.tensor(y, dtype=getattr(lib, b))
                both = lib.promote_types(left.dtype, right.dtype)
                result[f"{a} + {b}"] = [left + right, both]
    return result


@check("lab1.promotion", x=integers(-9, 9, 5), y=integers(0, 9, 5))
def the_category_comes_before_the_size(lib, x, y):
    """bool, then integers, then floats: an int64 with a float16 gives a float16."""
    result = {}
    for low in ("bool", "uint8", "int8", "int32", "int64"):
        for high in ("float16", "float32", "float64"):
            left = lib.tensor(y, dtype=getattr(lib, low))
            right = lib.tensor(x, dtype=getattr(lib, high))
            result[f"{low} + {high}"] = left + right
            result[f"{high} * {low}"] = right * left
    for integer in ("uint8", "int8", "int16", "int32", "int64"):
        left = lib.tensor(y, dtype=lib.bool)
        right = lib.tensor(y, dtype=getattr(lib, integer))
        result[f"bool + {integer}"] = left + right
        result[f"{integer} * bool"] = right * left
    return result


@check("lab1.promotion", x=integers(0, 9, 5), y=integers(-9, 9, 5))
def unsigned_with_signed_needs_room_for_both(lib, x, y):
    """uint8 with int8 is int16, the smallest that holds 255 and -128; larger ones hold both."""
    result = {}
    unsigned = lib.tensor(x, dtype=lib.uint8)
    for name in ("uint8", "int8", "int16", "int32", "int64"):
        signed = lib.tensor(abs(y) if name == "uint8" else y, dtype=getattr(lib, name))
        result[f"uint8 + {name}"] = unsigned + signed
        result[f"{name} + uint8"] = signed + unsigned
    return result


@check("lab1.promotion", x=integers(1, 9, 4), a=integers(0, 9), b=integers(0, 9))
def every_pair_of_dtypes(lib, x, a, b):
    """`promote_types` is the same from both sides, and its own with itself, for all 81 pairs."""
    names = ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64")
    table = []
    for left in names:
        for right in names:
            table.append(lib.promote_types(getattr(lib, left), getattr(lib, right)))
    left, right = getattr(lib, names[a]), getattr(lib, names[b])
    return {"table": table, "sum": lib.tensor(x, dtype=left) + lib.tensor(x * 0 + 1, dtype=right)}


@check("lab1.promotion", weight=2, x=integers(1, 9, 5), k=integers(2, 9))
def a_python_number_counts_only_by_its_category(lib, x, k):
    """A number never widens: int8 with 1.5 is float32, float16 with 1.5 stays float16."""
    half = k + 0.5
    result = {}
    for name in ("bool", "uint8", "int8", "int64", "float16", "float32", "float64"):
        t = lib.tensor(x, dtype=getattr(lib, name))
        result[f"{name} with a float"] = t * half
        result[f"{name} with an int"] = t * k
        result[f"an int with {name}"] = k + t
        result[f"{name} with True"] = t * True
        result[f"result_type of {name}"] = [
            lib.result_type(t, half),
            lib.result_type(k, t),
            lib.result_type(t, False),
        ]
    return result


@check("lab1.promotion", weight=2, x=integers(1, 9, 5), k=integers(2, 9))
def a_tensor_without_dimensions_counts_less_than_one_with(lib, x, k):
    """A 0-d tensor adds its category, not its size: float16 with a 0-d float64 is float16."""
    names = ("bool", "uint8", "int8", "int32", "int64", "float16", "float32", "float64")
    result = {}
    for name in names:
        for zero_d in names:
            t = lib.tensor(x, dtype=getattr(lib, name))
            number = lib.tensor(k, dtype=getattr(lib, zero_d))
            result[f"{name} with 0-d {zero_d}"] = [
                lib.result_type(t, number),
                lib.result_type(number, t),
            ]
    one = lib.tensor(x, dtype=lib.int8)
    half = lib.tensor(x, dtype=lib.float16)
    result["int8 - 0-d int64"] = one - lib.tensor(k)
    result["int8 * 0-d float64"] = one * lib.tensor(k + 0.5, dtype=lib.float64)
    result["float16 + 0-d float64"] = half + lib.tensor(k + 0.25, dtype=lib.float64)
    result["0-d float16 * int64"] = lib.tensor(k, dtype=lib.float16) * lib.tensor(x)
    return result


@check("lab1.promotion", x=integers(1, 9, 1), k=integers(2, 9))
def among_tensors_without_dimensions_they_are_equals(lib, x, k):
    """Two 0-d tensors promote as two vectors do, and both count more than a Python number."""
    value = x.item()
    small = lib.tensor(value, dtype=lib.int8)
    half = lib.tensor(value, dtype=lib.float16)
    truth = lib.tensor(True)
    return {
        "int8 + int32": small + lib.tensor(k, dtype=lib.int32),
        "int8 + float16": small * half,
        "float16 + float64": half + lib.tensor(k + 0.5, dtype=lib.float64),
        "uint8 + int8": lib.tensor(value, dtype=lib.uint8) + small,
        "int8 + int": small + k,
        "int8 + float": small + (k + 0.5),
        "float16 + float": half + (k + 0.5),
        "bool + int": truth + k,
        "bool + float": truth + (k + 0.5),
        "one dimension wins": lib.tensor([value], dtype=lib.int8) + lib.tensor(k),
        "two numbers": [lib.result_type(1, k + 0.5), lib.result_type(True, k)],
    }


@check("lab1.promotion", x=integers(1, 9, 6), y=integers(1, 5, 6))
def true_division_of_integers_is_a_float(lib, x, y):
    """`/` gives the default dtype for integers and the promoted dtype otherwise."""
    quarters = [4, 2, 1, 8, 4, 2]
    result = {}
    for name in ("uint8", "int8", "int64", "float16", "float64"):
        left = lib.tensor(x, dtype=getattr(lib, name))
        result[f"{name} / int64"] = left / lib.tensor(quarters)
        result[f"{name} / {name}"] = left / lib.tensor(quarters, dtype=left.dtype)
        result[f"{name} / number"] = left / 4
        result[f"{name} * {name} / number"] = left * lib.tensor(y, dtype=left.dtype) / 2
    return result


@check("lab1.promotion", x=integers(1, 9, 5), dtype=choice(["float16", "float64"]))
def a_float_among_integers_has_the_default_dtype(lib, x, dtype):
    """1.5 with integers gives whatever `set_default_dtype` says, not always float32."""
    t, truth = lib.tensor(x), lib.tensor(x) > 4
    before = lib.get_default_dtype()
    with_float32 = t + 1.5
    lib.set_default_dtype(getattr(lib, dtype))
    changed = [t + 1.5, truth * 0.5, lib.result_type(t, 0.25), lib.result_type(1, 0.25)]
    kept = lib.tensor(x, dtype=lib.float32) + 0.5
    lib.set_default_dtype(before)
    return {"before": with_float32, "changed": changed, "a float tensor keeps its own": kept}
