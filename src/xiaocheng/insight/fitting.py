"""Small regressions, held back towards nothing so that few cases do not speak loudly. numpy comes with this file."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RIDGE = 2.0  # how many imaginary cases hold a coefficient back
ROUNDS = 40
CLOSE = 1e-8
STEEP = 30.0  # beyond it a chance is 0 or 1


def logistic(columns: Floats, happened: Floats, ridge: float = RIDGE, offset: Floats | float = 0.0) -> Floats:
    """Coefficients of the chance that it happened; the first column is all ones and hardly held back."""
    found = np.zeros(columns.shape[1])
    held = _held(columns, ridge)
    for _round in range(ROUNDS):
        likely = chance(columns @ found + offset)
        weight = np.maximum(likely * (1 - likely), CLOSE)
        slope = columns.T @ (happened - likely) - held * found
        step: Any = np.linalg.solve((columns * weight[:, None]).T @ columns + np.diag(held), slope)
        found += step
        if np.abs(step).max() < CLOSE:
            break
    return found


def linear(columns: Floats, value: Floats, ridge: float = RIDGE) -> Floats:
    """Coefficients of the mean of a value, held back alike."""
    held = np.diag(_held(columns, ridge))
    return np.linalg.solve(columns.T @ columns + held, columns.T @ value).astype(np.float64)


def chance(score: Any) -> Floats:
    """From the scale of coefficients to a chance."""
    found: Floats = 1 / (1 + np.exp(-np.clip(score, -STEEP, STEEP)))
    return found


def indicators(values: Sequence[Hashable], fewest: int) -> Floats:
    """A column of 0 and 1 for each value that occurs often enough; the rest together have none."""
    seen: dict[Hashable, int] = {}
    places = np.array([seen.setdefault(value, len(seen)) for value in values], dtype=np.int64)
    often = np.flatnonzero(np.bincount(places, minlength=len(seen)) >= fewest)
    found: Floats = (places[:, None] == often[None, :]).astype(np.float64)
    return found


def _held(columns: Floats, ridge: float) -> Floats:
    held = np.full(columns.shape[1], ridge)
    held[0] = 0.01
    return held
