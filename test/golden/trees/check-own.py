"""Loads the files that we wrote into the real libraries and compares answers: see README.md.

Run: OMP_NUM_THREADS=1 python check-own.py   (xgboost 3.2.0, lightgbm 4.7.0, numpy)
"""

import json
import pathlib

import lightgbm as lgb
import numpy as np
import xgboost as xgb

HERE = pathlib.Path(__file__).parent


def stream_rows():
    """The rows of make-fixtures.py with seed 11, without running that file."""
    source = (HERE / "make-fixtures.py").read_text().split("def listed")[0]
    module = {"__file__": str(HERE / "make-fixtures.py")}
    exec(source, module)
    return module["rows_of"](11, 0.1, 0)[0][300:]


x = stream_rows()
for own in json.loads((HERE / "own-answers.json").read_text()):
    margins, answers = np.array(own["margins"]), np.array(own["answers"])
    parts = np.array(own["contributions"]).reshape(12, -1)
    for file in own["files"]:
        path = str(HERE / file)
        if file.endswith(".json"):
            booster = xgb.Booster(model_file=path)
            rows = xgb.DMatrix(x, feature_names=booster.feature_names, feature_types=booster.feature_types)
            theirs = booster.predict(rows, output_margin=True)
            shares, told = booster.predict(rows), booster.predict(rows, pred_contribs=True)[:12]
        else:
            booster = lgb.Booster(model_file=path)
            theirs = booster.predict(x, raw_score=True)
            shares, told = booster.predict(x), booster.predict(x, pred_contrib=True)[:12]
        print(
            f"{file}: {booster.num_boosted_rounds() if file.endswith('.json') else booster.num_trees()} rounds,"
            f" margins {abs(theirs - margins).max():.1e}, answers {abs(shares - answers).max():.1e},"
            f" contributions {abs(told - parts).max():.1e}"
        )
