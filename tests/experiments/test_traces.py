import dataclasses

import numpy as np
from made_up import MadeUpStore

from replica import corpora
from replica.experiments import sec5_2_long_and_short_time_features as sec5_2
from replica.experiments.systems import CORPORA
from replica.experiments.traces import traces
from replica.runs import RidgeRun


def test_gold_standard_beside_predictions_at_their_rate():
    key = CORPORA["simulated"](0)[0]
    recording = corpora.load("simulated", seed=0).partition("dev")[1]
    results = {}
    for name, system in sec5_2.with_ridges("simulated", "desk").items():
        made = MadeUpStore(lambda *_: 0.1).load(system(key, "valence", 0))
        level = 0.3 if isinstance(made.run, RidgeRun) else -0.2
        predictions = {"dev": {recording.name: np.full((1500, 1), level)}}
        results[name] = dataclasses.replace(made, predictions=predictions)
    seconds, gold, predictions = traces(results, "valence", "dev", recording.name)
    np.testing.assert_allclose(seconds[:3], [0.0, 0.2, 0.4])
    np.testing.assert_allclose(gold[7], recording.gold[35:40, 1].mean(), rtol=1e-6)
    assert len(seconds) == len(gold) == 1500
    assert list(predictions) == list(results)
    assert {name[1]: values[0] for name, values in predictions.items()} == {"LSTM": -0.2, "ridge": 0.3}
