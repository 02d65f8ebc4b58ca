"""Train the network of one run as section 5 says, and score it."""

import functools
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import keras
import numpy as np
import tensorflow as tf
from keras.src.random import seed_generator

from replica import losses, optimizers
from replica.checkpoint import Checkpoint, State
from replica.conventions import PARTITIONS
from replica.corpora.recording import Corpus
from replica.evaluation import evaluate
from replica.inputs import Sequences, frame_rate_hz, prepare, restore_delay, skip_delay
from replica.models.stacked import stacked_lstm
from replica.runs import SCALES, Result, Run, structure

# Section 5: "Training stops if there is no improvement after 50 epochs". Epochs between two looks at the dev loss, and
# how many looks in a row without improvement end the training: downhill looks every 10th and stops at the sixth.
STOPPING = {"downhill": (10, 6), "fifty": (1, 50)}

Step = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


def execute(run: Run, corpus: Corpus, checkpoint: Checkpoint | None = None) -> Result:
    """Train one run and score every partition with the weights that were best on dev.

    Source: section 5, as the run's assumptions read it: by default RMSProp with Nesterov momentum 0.9 at learning rate
    1e-4, one update an epoch from all training recordings in full length, early stopping on the dev loss. Prints
    nothing; the same run on one thread of one kind of processor gives the same bits, whether or not it was interrupted.

    Args:
        run: What to train.
        corpus: The corpus that the run declares.
        checkpoint: Where a training goes on that was interrupted; without it, every training starts anew.

    Returns:
        The result. A loss that is not finite ends the training at once; ``history["stopped"]`` then says ``diverged``.

    Raises:
        ValueError: If the corpus lacks a feature of the run, or its recordings differ in length.
    """
    return train(run, corpus, checkpoint)[0]


def train(run: Run, corpus: Corpus, checkpoint: Checkpoint | None = None) -> tuple[Result, list[np.ndarray]]:
    """As :func:`execute`, with the weights that were best on dev beside the result."""
    sequences = prepare(run, corpus)
    delay = round(run.assumptions.label_delay_seconds * frame_rate_hz(run))
    widths = sequences["train"].widths
    program = _program(structure(run), widths)
    program.start(initial_weights(run, widths))
    history = fit(program, run, skip_delay(sequences["train"], delay), skip_delay(sequences["dev"], delay), checkpoint)
    predictions = {
        p: restore_delay(program.predict(skip_delay(sequences[p], delay).features).numpy(), delay) for p in PARTITIONS
    }
    return evaluate(run, sequences, predictions, history), program.model.get_weights()


def predictor(run: Run, widths: tuple[int, ...], weights: Sequence[np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """A trained network as a function of one recording.

    Args:
        run: What was trained.
        widths: Of its feature sets.
        weights: As :func:`train` returns them.

    Returns:
        A function from features ``(frames, width)`` float32, the z-scores of :func:`replica.inputs.prepare`, to
        predictions ``(frames, dimensions)``, rating units. It raises ValueError for a recording that is not longer
        than the label delay.
    """
    model = network(run, widths)
    model.set_weights(weights)
    signature = [tf.TensorSpec((1, None, sum(widths)))]  # compiled once for recordings of all lengths
    compute = tf.function(model, input_signature=signature, autograph=False)
    delay = round(run.assumptions.label_delay_seconds * frame_rate_hz(run))

    def predict(features: np.ndarray) -> np.ndarray:
        alone = Sequences(("",), features[None], np.empty((1, len(features), 0), "float32"))
        seen = skip_delay(alone, delay).features
        return restore_delay(compute(tf.constant(seen)).numpy(), delay)[0]

    return predict


def initial_weights(run: Run, widths: tuple[int, ...]) -> list[np.ndarray]:
    """The random weights that a run starts from; they follow from its seed and what the network is made of.

    Keras seeds its initialisers from Python's one generator, which other threads of the process use too, such as those
    of a Dask worker. So it gets one of its own meanwhile, which gives the same seeds.
    """
    keras.utils.set_random_seed(run.seed)
    shared, seed_generator.python_random = seed_generator.python_random, random.Random(run.seed)
    try:
        return network(run, widths).get_weights()
    finally:
        seed_generator.python_random = shared


def network(run: Run, widths: tuple[int, ...]) -> keras.Model:
    """The run's network, with random weights, for feature sets of these widths."""
    return stacked_lstm(
        _entering(run, widths) if run.enters else sum(widths),
        run.layer_sizes,
        len(run.dimensions),
        direction=run.direction,
        alignment=run.assumptions.bidirectional_alignment,
        output_gate_sees=run.assumptions.output_gate_sees,
        initialisation=run.assumptions.initialisation,
    )


def _entering(run: Run, widths: tuple[int, ...]) -> list[int]:
    """How many features enter each hidden layer, from the first."""
    return [
        sum(width for width, enters in zip(widths, run.enters, strict=True) if enters == layer)
        for layer in range(1, len(run.layer_sizes) + 1)
    ]


class Program:
    """A network, its optimiser and the compiled steps of its training.

    Runs of one :func:`replica.runs.structure` share it in turn: to compile takes about as long as 40 epochs.
    """

    def __init__(self, model: keras.Model, run: Run) -> None:
        self.model = model
        self.optimizer = optimizers.get(run.assumptions.optimiser)
        self.optimizer.build(model.trainable_variables)
        xla = run.scale != "smoke"  # a smoke run is too short to pay for it
        self.update, self.loss = _compiled(model, self.optimizer, loss_of(run), xla=xla)
        self.predict = tf.function(model, jit_compile=xla, autograph=False)
        self._untouched = [variable.numpy() for variable in self.optimizer.variables]

    def start(self, weights: list[np.ndarray]) -> None:
        """Put these weights into the network, and the optimiser back to before its first update."""
        self.model.set_weights(weights)
        for variable, value in zip(self.optimizer.variables, self._untouched, strict=True):
            variable.assign(value)


@functools.lru_cache(maxsize=1)
def _program(run: Run, widths: tuple[int, ...]) -> Program:
    keras.utils.clear_session()  # a process that trains many networks would keep every compiled one
    return Program(network(run, widths), run)


@dataclass
class Progress:
    """How far a training is: together with weights and optimiser, all that the next epoch rests on."""

    best_weights: list[np.ndarray]
    best_epoch: int = 0
    failures: int = 0  # looks in a row at the dev loss without improvement
    train_loss: list[float] = field(default_factory=list)  # of each epoch
    dev_loss: list[float] = field(default_factory=list)  # of each look

    def look(self, dev_loss: float, epoch: int, model: keras.Model) -> None:
        """Take note of the dev loss before an epoch; an improvement is a strictly smaller loss, as in downhill."""
        if math.isfinite(dev_loss) and dev_loss < min(self.dev_loss, default=math.inf):
            self.best_weights, self.best_epoch, self.failures = model.get_weights(), epoch, 0
        else:
            self.failures += 1
        self.dev_loss.append(dev_loss)


def fit(
    program: Program, run: Run, train: Sequences, dev: Sequences, checkpoint: Checkpoint | None = None
) -> dict[str, object]:
    """Train in place until the dev loss stops falling; the model ends with the weights of its best epoch.

    Returns:
        ``train_loss`` of every epoch, ``dev_loss`` of every look at it, ``looked_every`` epochs, ``best_epoch``, and
        ``stopped``: ``patience``, ``most_epochs`` or ``diverged``.
    """
    model, optimizer = program.model, program.optimizer
    every, allowed = STOPPING[run.assumptions.stopping]
    updates, on_dev = _updates(run, train), _tensors(dev)
    state = checkpoint.load() if checkpoint else None
    progress = _restore(state, model, optimizer) if state else Progress(model.get_weights())
    stopped = "most_epochs"
    for epoch in range(len(progress.train_loss), SCALES[run.scale].most_epochs):
        if epoch % every == 0:  # before the update, so that the untrained network is looked at too
            progress.look(float(program.loss(*on_dev)), epoch, model)
            if not math.isfinite(progress.dev_loss[-1]):
                stopped = "diverged"
                break
        if progress.failures == allowed:
            stopped = "patience"
            break
        order = np.random.default_rng([run.seed, epoch]).permutation(len(updates))
        progress.train_loss.append(float(np.mean([float(program.update(*updates[k])) for k in order])))
        if not math.isfinite(progress.train_loss[-1]):
            stopped = "diverged"
            break
        if checkpoint and checkpoint.is_due():
            checkpoint.save(_state(progress, model, optimizer))
    model.set_weights(progress.best_weights)
    return {
        "train_loss": progress.train_loss,
        "dev_loss": progress.dev_loss,
        "looked_every": every,
        "best_epoch": progress.best_epoch,
        "stopped": stopped,
    }


def _state(progress: Progress, model: keras.Model, optimizer: keras.optimizers.Optimizer) -> State:
    """Everything that the next epoch rests on, as arrays."""
    plain = {name: np.array(value) for name, value in vars(progress).items() if name != "best_weights"}
    return plain | {
        f"{part}_{k}": np.asarray(value)
        for part, values in (
            ("weights", model.get_weights()),
            ("best", progress.best_weights),
            ("optimizer", [v.numpy() for v in optimizer.variables]),
        )
        for k, value in enumerate(values)
    }


def _restore(state: State, model: keras.Model, optimizer: keras.optimizers.Optimizer) -> Progress:
    """Put the model and the optimiser back to where :func:`_state` saw them."""
    best = [state[f"best_{k}"] for k in range(len(model.weights))]
    model.set_weights([state[f"weights_{k}"] for k in range(len(model.weights))])
    for k, variable in enumerate(optimizer.variables):
        variable.assign(state[f"optimizer_{k}"])
    return Progress(
        best,
        int(state["best_epoch"]),
        int(state["failures"]),
        state["train_loss"].tolist(),
        state["dev_loss"].tolist(),
    )


def loss_of(run: Run) -> Step:
    """The run's loss as one number of a batch: the mean over recordings and, with two emotion dimensions, over both."""
    loss = losses.get(run.loss)
    pooled = run.assumptions.loss_moments == "pooled"

    def mean_loss(gold: tf.Tensor, prediction: tf.Tensor) -> tf.Tensor:
        dimensions = zip(tf.split(gold, gold.shape[-1], -1), tf.split(prediction, gold.shape[-1], -1), strict=True)
        return tf.reduce_mean([loss(g, p, pooled=pooled) for g, p in dimensions])

    return mean_loss


def _compiled(model: keras.Model, optimizer: keras.optimizers.Optimizer, loss: Step, *, xla: bool) -> tuple[Step, Step]:
    """One update of the weights, and the loss alone, each compiled as a whole."""

    @tf.function(jit_compile=xla, autograph=False)
    def update(features: tf.Tensor, gold: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            value = loss(gold, model(features, training=True))
        optimizer.apply(tape.gradient(value, model.trainable_variables), model.trainable_variables)
        return value

    @tf.function(jit_compile=xla, autograph=False)
    def evaluate_loss(features: tf.Tensor, gold: tf.Tensor) -> tf.Tensor:
        return loss(gold, model(features))

    return update, evaluate_loss


def _updates(run: Run, train: Sequences) -> list[tuple[tf.Tensor, tf.Tensor]]:
    """The batches of an epoch: all recordings at once, or each alone."""
    features, gold = _tensors(train)
    if run.assumptions.batch == "full":
        return [(features, gold)]
    return [(features[k : k + 1], gold[k : k + 1]) for k in range(len(train.names))]


def _tensors(sequences: Sequences) -> tuple[tf.Tensor, tf.Tensor]:
    return tf.constant(sequences.features), tf.constant(np.ascontiguousarray(sequences.gold))
