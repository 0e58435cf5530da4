"""Part of the training of judges: boosted trees grown by LightGBM, as arrays that the product evaluates with NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import lightgbm
import numpy as np

from ingest.extract.detect_model import MOST_LEAVES, Trees

NEAR = 3


def near(marks: np.ndarray, reach: int = NEAR) -> np.ndarray:
    """1 where a marked row lies within `reach`."""
    out = np.zeros(len(marks))
    for at in np.flatnonzero(marks):
        out[max(0, at - reach) : at + reach + 1] = 1
    return out


@dataclass(frozen=True, slots=True)
class Plan:
    """How the trees are grown."""

    rounds: int = 250
    leaves: int = 15
    rate: float = 0.03
    least: int = 60
    share: float = 0.15
    targets: tuple[str, ...] = ("stated",)
    seeds: int = 1
    negatives: float = 1.0
    """Share of the sentences far from any decision that are learned from, weighted up again."""


def grown(table: np.ndarray, targets: Sequence[np.ndarray], plan: Plan, counts: np.ndarray | float = 1.0) -> Trees:
    """Trees that give the log-odds of the targets, averaged over targets and seeds; each row counts as told."""
    dumped = []
    for target in targets:
        for seed in range(plan.seeds):
            settings = {
                "objective": "binary", "num_leaves": plan.leaves, "learning_rate": plan.rate, "max_bin": 63,
                "feature_fraction": plan.share, "bagging_fraction": 0.7, "bagging_freq": 1, "verbose": -1,
                "min_data_in_leaf": plan.least, "lambda_l2": 5, "num_threads": 1, "seed": seed, "deterministic": True,
            }  # fmt: skip
            is_near = near(targets[0], NEAR) > 0
            kept = np.flatnonzero(is_near | (np.random.default_rng(seed).random(len(target)) < plan.negatives))
            weight = (np.where(is_near, 1, 1 / plan.negatives) * counts)[kept]
            learned = lightgbm.train(settings, lightgbm.Dataset(table[kept], target[kept], weight=weight), plan.rounds)
            dumped += learned.dump_model()["tree_info"]
    return _as_arrays(dumped, plan.seeds * len(targets))


def _as_arrays(dumped: Sequence[dict], parts: int) -> Trees:
    """LightGBM's trees by their splits, values divided by `parts`."""
    flat = [_splits(tree["tree_structure"]) for tree in dumped]
    splits, leaves = (max(len(one[part]) for one in flat) for part in (0, 1))
    feature, threshold = np.zeros((len(flat), splits), np.int32), np.full((len(flat), splits), np.inf, np.float32)
    mask, value = np.full((len(flat), splits), 0xFFFF, np.uint16), np.zeros((len(flat), leaves), np.float32)
    for row, (asked, values) in enumerate(flat):
        for at, (column, bound, first, last) in enumerate(asked):
            feature[row, at], threshold[row, at] = column, bound
            mask[row, at] = 0xFFFF & ~sum(1 << leaf for leaf in range(first, last))
        value[row, : len(values)] = np.array(values) / parts
    return Trees(feature, threshold, mask, value)


def _splits(root: dict) -> tuple[list[tuple[int, float, int, int]], list[float]]:
    """((feature, threshold, first and last of the leaves on its lower side) of each split, the leaves' values)."""
    asked: list[tuple[int, float, int, int]] = []
    values: list[float] = []

    def walk(node: dict) -> None:
        if "leaf_value" in node:
            values.append(node["leaf_value"])
            return
        first = len(values)
        walk(node["left_child"])
        asked.append((node["split_feature"], _below(node["threshold"]), first, len(values)))
        walk(node["right_child"])

    walk(root)
    if len(values) > MOST_LEAVES:
        raise ValueError(f"{len(values)} leaves, at most {MOST_LEAVES}")
    return asked, values


def _below(bound: float) -> float:
    """The largest single-precision number that is not above a double-precision threshold."""
    near = np.float32(bound)
    return float(near if float(near) <= bound else np.nextafter(near, np.float32(-np.inf)))
