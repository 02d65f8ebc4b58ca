"""Train the network of one run as section 5 says, and score it."""

import math
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from replica import losses
from replica.conventions import PARTITIONS
from replica.corpora.recording import Corpus
from replica.evaluation import evaluate
from replica.inputs import Sequences, prepare
from replica.models.stacked import stacked_lstm
from replica.optimizers import DownhillRMSprop
from replica.runs import SCALES, Result, Run

# Section 5: "Training stops if there is no improvement after 50 epochs". Epochs between two looks at the dev loss, and
# how many looks in a row without improvement end the training: downhill looks every 10th and stops at the sixth.
STOPPING = {"downhill": (10, 6), "fifty": (1, 50)}

Step = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


def execute(run: Run, corpus: Corpus) -> Result:
    """Train one run and score every partition with the weights that were best on dev.

    Source: section 5. RMSProp with Nesterov momentum 0.9 at learning rate 1e-4, one update an epoch from all training
    recordings in full length, early stopping on the dev loss. Prints nothing; the same run on one thread of one kind
    of processor gives the same bits.

    Returns:
        The result. A loss that is not finite ends the training at once; ``history["stopped"]`` then says ``diverged``.

    Raises:
        ValueError: If the corpus lacks a feature of the run, or its recordings differ in length.
    """
    sequences = prepare(run, corpus)
    keras.utils.clear_session()  # a process that trains many runs would keep every compiled one
    keras.utils.set_random_seed(run.seed)
    model = network(run, sequences["train"])
    history = fit(model, run, sequences["train"], sequences["dev"])
    predict = tf.function(model, jit_compile=True)
    predictions = {p: predict(sequences[p].features).numpy() for p in PARTITIONS}
    return evaluate(run, sequences, predictions, history)


def network(run: Run, train: Sequences) -> keras.Model:
    """The run's network for inputs of the training partition's width, with random weights."""
    return stacked_lstm(
        train.features.shape[-1],
        run.layer_sizes,
        len(run.dimensions),
        output_gate_sees=run.assumptions.output_gate_sees,
        initialisation=run.assumptions.initialisation,
    )


def fit(model: keras.Model, run: Run, train: Sequences, dev: Sequences) -> dict[str, object]:
    """Train in place until the dev loss stops falling; the model ends with the weights of its best epoch.

    Returns:
        ``train_loss`` of every epoch, ``dev_loss`` of every look at it, ``looked_every`` epochs, ``best_epoch``, and
        ``stopped``: ``patience``, ``most_epochs`` or ``diverged``.
    """
    update, dev_loss = _compiled(model, loss_of(run))
    every, allowed = STOPPING[run.assumptions.stopping]
    on_train, on_dev = _tensors(train), _tensors(dev)
    train_losses: list[float] = []
    dev_losses: list[float] = []
    best, best_weights, best_epoch, failures, stopped = math.inf, model.get_weights(), 0, 0, "most_epochs"
    for epoch in range(SCALES[run.scale].most_epochs):
        if epoch % every == 0:  # before the update, so that the untrained network is looked at too
            dev_losses.append(float(dev_loss(*on_dev)))
            if not math.isfinite(dev_losses[-1]):
                stopped = "diverged"
                break
            if dev_losses[-1] < best:
                best, best_weights, best_epoch, failures = dev_losses[-1], model.get_weights(), epoch, 0
            else:
                failures += 1
        if failures == allowed:
            stopped = "patience"
            break
        train_losses.append(float(update(*on_train)))
        if not math.isfinite(train_losses[-1]):
            stopped = "diverged"
            break
    model.set_weights(best_weights)
    return {
        "train_loss": train_losses,
        "dev_loss": dev_losses,
        "looked_every": every,
        "best_epoch": best_epoch,
        "stopped": stopped,
    }


def loss_of(run: Run) -> Step:
    """The run's loss as one number of a batch: the mean over recordings and, with two emotion dimensions, over both."""
    loss = losses.get(run.loss)
    pooled = run.assumptions.loss_moments == "pooled"

    def mean_loss(gold: tf.Tensor, prediction: tf.Tensor) -> tf.Tensor:
        dimensions = zip(tf.split(gold, gold.shape[-1], -1), tf.split(prediction, gold.shape[-1], -1), strict=True)
        return tf.reduce_mean([loss(g, p, pooled=pooled) for g, p in dimensions])

    return mean_loss


def _compiled(model: keras.Model, loss: Step) -> tuple[Step, Step]:
    """One update of the weights, and the loss alone, each compiled as a whole."""
    optimizer = DownhillRMSprop()
    optimizer.build(model.trainable_variables)

    @tf.function(jit_compile=True)
    def update(features: tf.Tensor, gold: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            value = loss(gold, model(features, training=True))
        optimizer.apply(tape.gradient(value, model.trainable_variables), model.trainable_variables)
        return value

    @tf.function(jit_compile=True)
    def evaluate_loss(features: tf.Tensor, gold: tf.Tensor) -> tf.Tensor:
        return loss(gold, model(features))

    return update, evaluate_loss


def _tensors(sequences: Sequences) -> tuple[tf.Tensor, tf.Tensor]:
    return tf.constant(sequences.features), tf.constant(np.ascontiguousarray(sequences.gold))
