"""Formulas of a sheet: read by Python's grammar, computed from a short list of what is allowed.

Nothing is ever handed to ``eval``: names are looked up in a mapping, functions in FUNCTIONS.
"""

from __future__ import annotations

import ast
import math
import operator
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Amount = float | list[float]
Values = Mapping[str, Amount]

LONGEST = 400
MOST_NODES = 120
"""Parts of one formula: what computing it once may cost."""
LARGEST = 1e15


class BadFormula(ValueError):
    """A formula that cannot be read, or has no result for these values."""


class Formula(NamedTuple):
    """A formula as it was read; ``names`` are those of the values it needs.

    ``size`` counts its parts.
    """

    text: str
    names: tuple[str, ...]
    size: int
    compute: Callable[[Values], Amount]

    def result(self, values: Values) -> float:
        """Return the result; raises BadFormula if there is none, or it is a list or too large."""
        try:
            found = self.compute(values)
        except (ArithmeticError, ValueError, KeyError) as error:
            raise BadFormula(self.text) from error
        if isinstance(found, list) or not abs(found) <= LARGEST:
            raise BadFormula(self.text)
        return found


def parse(text: str) -> Formula:
    """Return the formula; raises BadFormula."""
    if len(text) > LONGEST:
        raise BadFormula(text[:40])
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadFormula(text) from error
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_NODES:
        raise BadFormula(text)
    functions = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    names = [n.id for n in nodes if isinstance(n, ast.Name) and id(n) not in functions]
    return Formula(text, tuple(dict.fromkeys(names)), len(nodes), _compile(tree))


def _compile(node: ast.expr) -> Callable[[Values], Amount]:
    match node:
        case ast.Constant(value=bool()):
            raise BadFormula(str(node.value))
        case ast.Constant(value=int() | float() as number) if abs(number) <= LARGEST:
            constant = float(number)
            return lambda values: constant
        case ast.Name(id=name):
            return lambda values: values[name]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            inner, sign = _compile(operand), -1.0 if isinstance(node.op, ast.USub) else 1.0
            return lambda values: _spread(operator.mul, sign, inner(values))
        case ast.BinOp(left=left, op=sign_of, right=right) if type(sign_of) in _OPERATORS:
            first, second, combine = _compile(left), _compile(right), _OPERATORS[type(sign_of)]
            return lambda values: _spread(combine, first(values), second(values))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            function, parts = FUNCTIONS[name], [_compile(arg) for arg in args]
            return lambda values: function([part(values) for part in parts])
    raise BadFormula(ast.unparse(node))


def _spread(combine: Callable[[float, float], float], first: Amount, second: Amount) -> Amount:
    """Combine two numbers, a number and each member of a list, or two lists member by member."""
    if not isinstance(first, list) and not isinstance(second, list):
        return combine(first, second)
    size = len(first) if isinstance(first, list) else len(second) if isinstance(second, list) else 0
    left = first if isinstance(first, list) else [first] * size
    right = second if isinstance(second, list) else [second] * size
    return [combine(a, b) for a, b in zip(left, right, strict=True)]


def _power(base: float, exponent: float) -> float:
    if abs(exponent) > 100:
        raise ValueError(exponent)
    result = base**exponent
    if isinstance(result, complex):
        raise ValueError(base)
    return float(result)


_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: _power,
}


def _flat(parts: Sequence[Amount]) -> list[float]:
    return [n for part in parts for n in (part if isinstance(part, list) else [part])]


def _over_all(function: Callable[[list[float]], float]) -> Callable[[Sequence[Amount]], Amount]:
    """Make a function of all numbers given, whether one by one or in lists."""
    return lambda parts: float(function(_flat(parts)))


def _over_one(function: Callable[[float], float]) -> Callable[[Sequence[Amount]], Amount]:
    """Make a function of one number, or of each member of one list."""

    def apply(parts: Sequence[Amount]) -> Amount:
        if len(parts) != 1:
            raise ValueError(len(parts))
        [part] = parts
        return [function(n) for n in part] if isinstance(part, list) else function(part)

    return apply


def _round(parts: Sequence[Amount]) -> Amount:
    if not 1 <= len(parts) <= 2 or isinstance(parts[0], list):
        raise ValueError(len(parts))
    digits = parts[1] if len(parts) == 2 else 0.0
    if isinstance(digits, list) or abs(digits) > 15:
        raise ValueError(digits)
    scale = 10.0 ** int(digits)
    # Half away from zero, as people and spreadsheets round, not to the even neighbour.
    return math.copysign(math.floor(abs(parts[0]) * scale + 0.5 + 1e-9) / scale, parts[0])


FUNCTIONS: dict[str, Callable[[Sequence[Amount]], Amount]] = {
    "sum": _over_all(math.fsum),
    "mean": _over_all(statistics.fmean),
    "median": _over_all(statistics.median),
    "harmonic": _over_all(statistics.harmonic_mean),
    "min": _over_all(min),
    "max": _over_all(max),
    "count": _over_all(len),
    "abs": _over_one(abs),
    "ceil": _over_one(lambda number: float(math.ceil(number - 1e-9))),
    "floor": _over_one(lambda number: float(math.floor(number + 1e-9))),
    "sqrt": _over_one(math.sqrt),
    "exp": _over_one(math.exp),
    "ln": _over_one(math.log),
    "log10": _over_one(math.log10),
    "round": _round,
}
"""By name, what a formula may call."""
