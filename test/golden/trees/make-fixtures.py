"""Makes the files of the real libraries beside this one: see README.md.

Run: OMP_NUM_THREADS=1 python make-fixtures.py   (xgboost 3.2.0, lightgbm 4.7.0, numpy)
"""

import json
import pathlib

import lightgbm as lgb
import numpy as np
import xgboost as xgb

HERE = pathlib.Path(__file__).parent
ROWS, WIDTH, TRAINED = 360, 5, 300


class Stream:
    """x = (1664525 x + 1013904223) mod 2^32; u = (x + 0.5) / 2^32; z = 12 u added, less 6."""

    def __init__(self, seed):
        self.x = seed

    def u(self):
        self.x = (1664525 * self.x + 1013904223) % 2**32
        return (self.x + 0.5) / 2**32

    def z(self):
        total = 0.0
        for _ in range(12):
            total += self.u()
        return total - 6


def rows_of(seed, missing, zeros, rows=ROWS, width=WIDTH):
    """All z row by row; then one u a value: below `missing` it is NaN, then `zeros` 0; then labels."""
    stream = Stream(seed)
    x = np.array([[stream.z() for _ in range(width)] for _ in range(rows)])
    known = x.copy()
    for row in range(rows):
        for at in range(width):
            u = stream.u()
            if u < missing:
                x[row, at] = np.nan
                known[row, at] = 0
            elif u < missing + zeros:
                x[row, at] = 0
                known[row, at] = 0
    value = np.array([known[r, 0] + 0.5 * known[r, 1] * known[r, 2] + 0.6 * stream.z() for r in range(rows)])
    return x, value, (value > 0).astype(float)


def listed(array):
    return [None if np.isnan(v) else float(v) for v in np.asarray(array, dtype=float).ravel()]


expected = {}


def save_xgboost(name, x, y, parameters, rounds, also_ubj=False, trained=TRAINED):
    parameters = {"nthread": 1, "seed": 1, **parameters}
    booster = xgb.train(parameters, xgb.DMatrix(x[:trained], y[:trained]), rounds)
    booster.save_model(HERE / f"{name}.json")
    if also_ubj:
        booster.save_model(HERE / f"{name}.ubj")
    test = xgb.DMatrix(x[TRAINED:])
    expected[name] = {
        "parameters": parameters,
        "rounds": rounds,
        "margins": listed(booster.predict(test, output_margin=True)),
        "answers": listed(booster.predict(test)),
        "contributions": listed(booster.predict(test, pred_contribs=True)[:12]),
        "total_gain": booster.get_score(importance_type="total_gain"),
        "weight": booster.get_score(importance_type="weight"),
    }


def save_lightgbm(name, x, y, parameters, rounds):
    parameters = {"verbose": -1, "num_threads": 1, "deterministic": True, "seed": 1, **parameters}
    booster = lgb.train(parameters, lgb.Dataset(x[:TRAINED], y[:TRAINED]), rounds)
    text = booster.model_to_string()
    # The list of training parameters is left out: it says nothing of the model.
    head, tail = text.split("\nparameters:\n")
    (HERE / f"{name}.txt").write_text(head + "\nparameters:\n\nend of parameters" + tail.split("end of parameters")[1])
    expected[name] = {
        "parameters": parameters,
        "rounds": rounds,
        "margins": listed(booster.predict(x[TRAINED:], raw_score=True)),
        "answers": listed(booster.predict(x[TRAINED:])),
        "contributions": listed(booster.predict(x[TRAINED:], pred_contrib=True)[:12]),
    }


x, value, label = rows_of(11, 0.1, 0)
binary = {"objective": "binary:logistic"}
save_xgboost("xgboost-binary", x, label, {**binary, "max_depth": 4, "eta": 0.3}, 12, also_ubj=True)
save_xgboost("xgboost-squared", x, value, {"objective": "reg:squarederror", "max_depth": 3, "subsample": 0.8}, 10)
save_xgboost("xgboost-forest", x, value, {"objective": "reg:squarederror", "max_depth": 3, "eta": 1, "subsample": 0.6, "num_parallel_tree": 8}, 1)
save_lightgbm("lightgbm-missing", x, label, {"objective": "binary", "num_leaves": 9}, 12)
save_lightgbm("lightgbm-forest", x, value, {"objective": "regression", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6, "num_leaves": 8}, 6)
save_lightgbm("lightgbm-constant", x, value, {"objective": "regression", "min_data_in_leaf": 299}, 1)
z, zvalue, zlabel = rows_of(12, 0, 0.3)
save_lightgbm("lightgbm-zero", z, zlabel, {"objective": "binary", "num_leaves": 7, "zero_as_missing": True}, 8)
# 200 rows have fewer distinct values than there are bins, so that no sketch has a part in it.
hist = {**binary, "max_depth": 3, "eta": 0.3, "tree_method": "hist"}
f, fvalue, flabel = rows_of(13, 0, 0)
save_xgboost("xgboost-hist", f, flabel, hist, 8, trained=200)
m, mvalue, mlabel = rows_of(14, 0.2, 0)
save_xgboost("xgboost-hist-missing", m, mlabel, hist, 8, trained=200)

# What is refused: small files that have it.
three = np.digitize(value, [-0.5, 0.5]).astype(float)
few = {"nthread": 1, "max_depth": 2}
xgb.train({**few, "objective": "multi:softprob", "num_class": 3}, xgb.DMatrix(x[:60], three[:60]), 1).save_model(HERE / "refused-classes.json")
xgb.train({**few, **binary, "booster": "dart"}, xgb.DMatrix(x[:60], label[:60]), 1).save_model(HERE / "refused-dart.json")
kinds = (np.abs(np.nan_to_num(x[:, :1]) * 3)).astype(int)
lgb.train({"objective": "binary", "verbose": -1, "num_threads": 1, "num_leaves": 3, "min_data_per_group": 1, "cat_smooth": 0}, lgb.Dataset(kinds, label, categorical_feature=[0]), 1).save_model(HERE / "refused-categories.txt")

# Losses of both libraries on the data of lightgbm-binary.txt (LCG 201), the last 100 of 400 rows.
stream = Stream(201)
g = np.array([[stream.z() for _ in range(4)] for _ in range(400)])
gy = np.array([float(r[0] + 0.5 * r[1] * r[2] + 0.6 * stream.z() > 0) for r in g])


def loss(p):
    return float(-np.mean(np.where(gy[300:] > 0, np.log(p), np.log(1 - p))))


same = {"objective": "binary:logistic", "eta": 0.1, "max_depth": 3, "tree_method": "hist", "nthread": 1}
deep = xgb.train(same, xgb.DMatrix(g[:300], gy[:300]), 20)
wide = {"objective": "binary", "num_leaves": 7, "learning_rate": 0.1, "min_data_in_leaf": 20, "max_bin": 63, "verbose": -1, "num_threads": 1, "deterministic": True, "seed": 1}
leafy = lgb.train(wide, lgb.Dataset(g[:300], gy[:300]), 20)
expected["losses"] = {
    "xgboost": {"parameters": same, "rounds": 20, "loss": loss(deep.predict(xgb.DMatrix(g[300:])))},
    "lightgbm": {"parameters": wide, "rounds": 20, "loss": loss(leafy.predict(g[300:]))},
}
expected["versions"] = {"xgboost": xgb.__version__, "lightgbm": lgb.__version__, "numpy": np.__version__}
(HERE / "expected.json").write_text(json.dumps(expected, indent=None, separators=(",", ":")) + "\n")
