"""A tiny network on a toy corpus; how it stops is checked on a model whose losses are told beforehand."""

import random
import threading
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from replica import losses, training
from replica.checkpoint import Checkpoint
from replica.corpora.recording import Corpus, CorpusKey, Recording
from replica.inputs import Sequences, prepare
from replica.layers import PeepholeLSTM
from replica.metrics import pool
from replica.models.stacked import stacked_lstm
from replica.runs import Assumptions, Run, Scale

KEY = CorpusKey("toy", "v")


def toy_corpus(seed=0, frames=150):
    """The gold standard is a slow mean of the feature: a network learns it within a few epochs."""
    rng = np.random.default_rng(seed)
    recordings = []
    for name, partition in (("t1", "train"), ("t2", "train"), ("d1", "dev"), ("e1", "test")):
        x = np.cumsum(rng.normal(size=(frames, 2)), axis=0).astype("float32")
        gold = np.tanh(x / 10).astype("float32")
        recordings.append(Recording(name, partition, {"x": x}, gold))
    return Corpus(KEY, tuple(recordings), "", "", "")


def run(**changes):
    values = {"features": ("x",), "dimensions": ("arousal",), "scale": "smoke", "layer_sizes": (3, 2), "loss": "-ccc"}
    return Run(KEY, **({"seed": 0} | values | changes))


@pytest.fixture
def told(monkeypatch):
    """Make fit() see these dev losses, one a look, and count its updates in the model's only weight."""

    def fit(dev_losses, train_loss=0.0, most_epochs=1000, **assumptions):
        model = keras.Sequential([keras.Input((None, 1)), keras.layers.Dense(1, use_bias=False)])
        model.set_weights([np.zeros((1, 1))])
        remaining = iter(dev_losses)

        def update(features, gold):
            model.set_weights([model.get_weights()[0] + 1])
            return tf.constant(train_loss)

        monkeypatch.setattr(training, "_compiled", lambda *_, xla: (update, lambda *_: next(remaining)))
        monkeypatch.setitem(training.SCALES, "smoke", Scale(5, 2, 2, most_epochs))
        data = Sequences(("a",), np.zeros((1, 2, 1), "float32"), np.zeros((1, 2, 1), "float32"))
        declared = run(assumptions=Assumptions(**assumptions))
        history = training.fit(training.Program(model, declared), declared, data, data)
        return history, float(model.get_weights()[0][0, 0])

    return fit


def test_downhill_stops_60_epochs_after_the_best(told):
    history, weight = told([5, 4, 3, 3, 3.5, 3, 4, 9, 3])
    assert (history["best_epoch"], history["stopped"], len(history["train_loss"])) == (20, "patience", 80)
    assert weight == 20  # the weights of the best look, before the update of that epoch


def test_improvement_starts_the_count_anew(told):
    history, weight = told([5, 6, 6, 6, 6, 6, 4.9, 6, 6, 6, 6, 6, 6])
    assert (history["best_epoch"], len(history["train_loss"]), weight) == (60, 120, 60)


def test_fifty_stops_at_the_50th_without_improvement(told):
    history, weight = told([2.0, 1.0] + [1.0] * 50, stopping="fifty")
    assert (history["best_epoch"], len(history["train_loss"]), weight) == (1, 51, 1)


def test_negative_losses_improve_downwards(told):
    history, _ = told([-0.1, -0.2, -0.19] + [-0.15] * 5)
    assert history["best_epoch"] == 10


def test_epoch_limit_is_told(told):
    history, weight = told([3, 2], most_epochs=20)
    assert (history["stopped"], weight) == ("most_epochs", 10)


@pytest.mark.reliability("divergence")
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_divergence_in_training_stops_within_one_epoch(told, bad):
    history, weight = told([1.0], train_loss=bad)
    assert (history["stopped"], len(history["train_loss"]), weight) == ("diverged", 1, 0)


def test_what_recorded_trainings_rest_on_without_naming_it():
    assert training.STOPPING == {"downhill": (10, 6), "fifty": (1, 50)}


@pytest.mark.reliability("divergence")
def test_divergence_at_the_last_look_is_no_lack_of_patience(told):
    history, _ = told([1.0, 2, 2, 2, 2, 2, np.nan])
    assert history["stopped"] == "diverged"


@pytest.mark.reliability("divergence")
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_divergence_on_dev_is_no_lack_of_patience(told, bad):
    """Minus infinity is no improvement either: the weights of the last finite look are kept."""
    history, weight = told([1.0, bad])
    assert (history["stopped"], history["best_epoch"], weight) == ("diverged", 0, 0)


@pytest.fixture(scope="module")
def executed():
    """The default run, once: compiling is what takes the time here."""
    return training.execute(run(), toy_corpus())


@pytest.mark.reliability("reruns")
def test_same_run_same_bits_whatever_ran_before(executed):
    """The compiled network of one run serves the next of its structure; nothing of it may be left."""
    training.execute(run(seed=1, dimensions=("valence",)), toy_corpus(frames=90))
    again = training.execute(run(), toy_corpus())
    np.testing.assert_array_equal(again.predictions["test"]["e1"], executed.predictions["test"]["e1"])
    assert again.history == executed.history


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"assumptions": Assumptions(output_gate_sees="current")},
        {"assumptions": Assumptions(initialisation="theanets")},
        {"assumptions": Assumptions(loss_moments="pooled")},
        {"assumptions": Assumptions(normalisation="train")},
        {"direction": "backward"},
        {"direction": "bidirectional"},
    ],
    ids=str,
)
def test_what_the_first_loss_rests_on(executed, change):
    data = prepare(run(**change), toy_corpus())
    keras.utils.set_random_seed(run(**change).seed)
    network = training.network(run(**change), data["train"].widths)
    first_loss = float(training.loss_of(run(**change))(data["train"].gold, network(data["train"].features)))
    assert first_loss != pytest.approx(executed.history["train_loss"][0], rel=1e-6)


def test_first_loss_is_of_the_untrained_network(executed):
    """The counterpart of the test above: without a change, that first loss is the training's own."""
    data = prepare(run(), toy_corpus())
    keras.utils.set_random_seed(0)
    network = training.network(run(), data["train"].widths)
    first_loss = float(training.loss_of(run())(data["train"].gold, network(data["train"].features)))
    assert first_loss == pytest.approx(executed.history["train_loss"][0], rel=1e-5)


@pytest.fixture
def eager():
    """Nothing is compiled: for what hangs on the order of things and not on their speed."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def fitted(run, checkpoint=None):
    """A fit of four epochs or so on very short sequences; the weights it ends with, and its history."""
    data = prepare(run, toy_corpus(frames=30))
    keras.utils.set_random_seed(run.seed)
    model = training.network(run, data["train"].widths)
    history = training.fit(training.Program(model, run), run, data["train"], data["dev"], checkpoint)
    return model.get_weights(), history


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize(
    "assumptions",
    [Assumptions(optimiser="theanets_0_5"), Assumptions(batch="single")],
    ids=["optimiser", "batch"],
)
def test_what_later_losses_rest_on(assumptions):
    """Optimiser and batch start alike and then part."""
    _, default = fitted(run(loss="mse"))
    _, flipped = fitted(run(loss="mse", assumptions=assumptions))
    assert flipped["dev_loss"][0] == default["dev_loss"][0]
    assert flipped["train_loss"][1] != pytest.approx(default["train_loss"][1], rel=1e-6)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("direction", ["backward", "bidirectional"])
def test_alignment_reaches_the_network(direction):
    aligned, unreversed = (
        fitted(run(direction=direction, assumptions=Assumptions(bidirectional_alignment=alignment)))[1]["dev_loss"][0]
        for alignment in ("aligned", "unreversed")
    )
    assert aligned != pytest.approx(unreversed, rel=1e-6)


@pytest.mark.usefixtures("eager")
def test_features_enter_the_layers_that_the_run_names():
    """Figure 2: x, of two columns, enters the first layer; y, of one, the second."""
    corpus = toy_corpus(frames=30)
    recordings = tuple(replace(r, features={**r.features, "y": r.features["x"][:, :1] ** 2}) for r in corpus.recordings)
    declared = run(features=("x", "y"), enters=(1, 2))
    network = training.network(declared, prepare(declared, replace(corpus, recordings=recordings))["train"].widths)
    hidden = [layer for layer in network.layers if isinstance(layer, PeepholeLSTM)]
    assert [layer.kernel.shape for layer in hidden] == [(2, 12), (3 + 1, 8)]


def test_single_recordings_are_the_updates_of_an_epoch():
    data = prepare(run(assumptions=Assumptions(batch="single")), toy_corpus())["train"]
    updates = training._updates(run(assumptions=Assumptions(batch="single")), data)
    assert len(updates) == len(data.names) == 2
    for k, (features, gold) in enumerate(updates):
        np.testing.assert_array_equal(features, data.features[k : k + 1])
        np.testing.assert_array_equal(gold, data.gold[k : k + 1])


def test_single_updates_come_in_an_order_of_their_own_each_epoch(told, monkeypatch):
    """Every recording once an epoch; the order follows from seed and epoch, so that it can be resumed."""
    seen = []
    recordings = [(k, None) for k in range(7)]
    monkeypatch.setattr(training, "_updates", lambda run, train: recordings)
    model = keras.Sequential([keras.Input((None, 1)), keras.layers.Dense(1)])
    monkeypatch.setattr(
        training, "_compiled", lambda *_, xla: (lambda k, _: seen.append(k) or float(k), lambda *_: tf.constant(1.0))
    )
    monkeypatch.setitem(training.SCALES, "smoke", Scale(5, 2, 2, 5))
    data = Sequences(("a",), np.zeros((1, 2, 1), "float32"), np.zeros((1, 2, 1), "float32"))
    history = training.fit(training.Program(model, run()), run(), data, data)
    epochs = np.reshape(seen, (5, 7))
    assert (np.sort(epochs, axis=1) == np.arange(7)).all()
    assert len({tuple(order) for order in epochs}) == 5
    assert history["train_loss"] == [3.0] * 5  # the mean over the updates of an epoch


@pytest.mark.usefixtures("eager")
def test_label_delay_skips_and_restores(monkeypatch):
    """The network learns from 2 s less, and its first prediction stands at the first 2 s, of 5 frames each."""
    seen = {}
    fit = training.fit
    monkeypatch.setattr(
        training, "fit", lambda model, run, train, dev, c: seen.update(t=train) or fit(model, run, train, dev)
    )
    corpus = toy_corpus(frames=100)
    delayed = run(assumptions=Assumptions(label_delay_seconds=2))
    result = training.execute(delayed, corpus)
    whole = prepare(delayed, corpus)["train"]
    assert whole.gold.shape[1] == 20
    np.testing.assert_array_equal(seen["t"].features, whole.features[:, :10])
    np.testing.assert_array_equal(seen["t"].gold, whole.gold[:, 10:])
    prediction = result.predictions["test"]["e1"][:, 0]
    assert (prediction[:11] == prediction[0]).all()
    assert len(set(prediction[10:])) > 5
    assert result.moments["test"]["arousal"]["e1"].n == 20


class KilledError(Exception):
    pass


class KillingCheckpoint(Checkpoint):
    """Saves after every epoch, and is the end of the training after one of them."""

    def __init__(self, path, last_epoch):
        super().__init__(path, "k", every_seconds=0)
        self.last_epoch = last_epoch

    def save(self, state):
        super().save(state)
        if len(state["train_loss"]) == self.last_epoch:
            raise KilledError


@pytest.mark.reliability("killed_trainings")
@pytest.mark.usefixtures("eager")
def test_interrupted_after_any_epoch_it_goes_on_as_if_nothing_had_happened(tmp_path, monkeypatch, record_property):
    """Two looks at the dev loss, two updates an epoch in a drawn order, and a network that is quick."""
    monkeypatch.setitem(training.SCALES, "smoke", Scale(5, 2, 2, 13))
    monkeypatch.setattr(
        training, "network", lambda *_: keras.Sequential([keras.Input((None, 2)), keras.layers.Dense(1)])
    )
    declared = run(loss="mse", assumptions=Assumptions(batch="single"))
    weights, history = fitted(declared)
    assert (len(history["train_loss"]), len(history["dev_loss"])) == (13, 2)
    record_property("tried", 13)
    for last_epoch in range(1, 14):
        path = tmp_path / f"{last_epoch}.npz"
        with pytest.raises(KilledError):
            fitted(declared, KillingCheckpoint(path, last_epoch))
        resumed_weights, resumed = fitted(declared, Checkpoint(path, "k"))
        assert resumed == history
        for ours, theirs in zip(resumed_weights, weights, strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_learns_the_toy(monkeypatch):
    monkeypatch.setitem(training.SCALES, "smoke", Scale(5, 2, None, most_epochs=400))
    result = training.execute(run(layer_sizes=(8,), loss="mse"), toy_corpus(frames=400))
    history = result.history
    assert history["train_loss"][-1] < 0.5 * history["train_loss"][0]
    assert pool(list(result.moments["train"]["arousal"].values())).ccc > 0.5


def test_two_dimensions_have_equal_weights():
    rng = np.random.default_rng(0)
    gold, prediction = rng.normal(size=(2, 3, 7, 2))
    for pooled in (False, True):
        assumptions = Assumptions(loss_moments="pooled" if pooled else "per_recording")
        mean = training.loss_of(run(dimensions=("arousal", "valence"), assumptions=assumptions))
        each = [losses.negative_ccc(gold[..., k : k + 1], prediction[..., k : k + 1], pooled=pooled) for k in (0, 1)]
        assert float(mean(tf.constant(gold), tf.constant(prediction))) == pytest.approx(np.mean(each), rel=1e-12)


def test_keras_default_fit_takes_the_same_first_step():
    """One full-batch epoch of model.fit with our optimiser and loss is one update of ours."""
    from replica.optimizers import DownhillRMSprop

    data = prepare(run(loss="mse"), toy_corpus())
    train = data["train"]

    def model():
        keras.utils.set_random_seed(3)
        return stacked_lstm(2, (3,))

    ours, theirs = model(), model()
    update, _ = training._compiled(ours, DownhillRMSprop(), training.loss_of(run(loss="mse")), xla=True)
    update(tf.constant(train.features), tf.constant(train.gold))
    theirs.compile(DownhillRMSprop(), loss=losses.mse)
    theirs.fit(train.features, train.gold, batch_size=2, epochs=1, verbose=0)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-7)  # float32, summed in another order


def test_initial_weights_follow_from_the_seed_whatever_other_threads_draw():
    """A Dask worker's threads use the generator from which Keras seeds its initialisers."""
    keras.utils.set_random_seed(0)
    quiet, end = training.network(run(), (2,)).get_weights(), threading.Event()

    def disturb():
        while not end.wait(0.001):
            random.random()

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        disturbed = [training.initial_weights(run(), (2,)) for _ in range(3)]
    finally:
        end.set()
        thread.join()
    for weights in disturbed:
        for one, other in zip(quiet, weights, strict=True):
            np.testing.assert_array_equal(one, other)
