# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (authors-software)=
# # What the authors' software did
#
# **The bidirectional network of Table 6 is not the one that the paper describes, if Theanets computed it.** The library
# put its backward half beside the forward half without turning it around in time: at the first frame it held the output
# for the last. It also started *every* gate's bias around 2, where the paper says that of the forget gate, and its
# training stops {glue:text}`stops_after` epochs after the best one, where the paper says
# {glue:text}`epochs_said`. None of this is a mistake of the authors: it is what a library of its time did under the
# names that they used.
#
# The paper names Theanets {cite:p}`johnson2015` and no version. Its words fit release 0.6 of July 2015 with the optimiser
# library downhill 0.2: there RMSProp can be given Nesterov momentum and a bias of 2 is the default, where the release
# before had neither. That is an inference. What those two releases compute is not: `tests/data/theanets.npz` holds numbers that they gave when they
# were run, on random inputs of 12 frames, with the weights they started from. This page compares with them; the
# package's tests do so for every gradient and for five updates.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf
from myst_nb import glue

from replica import claims, figures, paths, tables
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.figures import authors_software as draw
from replica.layers import PeepholeLSTM
from replica.models.stacked import stacked_lstm
from replica.provenance_line import provenance_line
from replica.stopping import DOWNHILL_FAILURES, kept_look
from replica.store import Store

figures.use_style()

# %% tags=["parameters"]
seed = 0

# %%
theirs = np.load(paths.root() / "tests/data/theanets.npz", allow_pickle=False)
x = np.swapaxes(theirs["A/x"], 0, 1)  # (batch, time, channel); theanets has time first
LAYERS = {"A": ["hid1"], "B": ["hid1", "hid2"], "C": ["bdlstm1_fw", "bdlstm1_bw"]}
weights = {
    name: [*(theirs[f"{part}/init/{name}.{w}"] for w in ("xh", "hh", "b")), np.stack(peepholes)]
    for part, names in LAYERS.items()
    for name in names
    if part != "B"
    for peepholes in [[theirs[f"{part}/init/{name}.{w}"] for w in ("ci", "cf", "co")]]
}
str(theirs["meta"])

# %% [markdown]
# ## The output gate sees the new cell
#
# First that this is the same network. Put Theanets' starting weights into the package's layer, feed it the same input,
# and compare the outputs, for each cell that the output gate may see. Equation 2 prints $c_{t-1}$;
# [section 4.3](sec4-3) tells of it.

# %%
difference = {}
for sees in ("current", "previous", "none"):
    layer = PeepholeLSTM(4, output_gate_sees=sees, dtype="float64")
    layer.build(x.shape)
    layer.set_weights(weights["hid1"])
    difference[sees] = np.abs(layer(x) - np.swapaxes(theirs["A/fwd/hid1:out"], 0, 1)).max()
agrees = [sees for sees, d in difference.items() if d < 1e-12]
pd.Series({sees: "same to 1e-12" if d < 1e-12 else f"differs by {d:.3f}" for sees, d in difference.items()}).to_frame(
    ""
)

# %%
claims.confirm("the output gate saw the " + ", ".join(agrees) + " cell", "the output gate saw the current cell")

# %% [markdown]
# ## Finding 1: the backward half was never turned around
#
# A backward layer reads the last frame first, so its outputs come in reverse. To stand beside the forward layer's they
# must be reversed once more. Theanets recorded the halves and their concatenation. Here is what its own backward
# weights give, reading backwards, in the order of computing and turned around:

# %%
backward = PeepholeLSTM(4, output_gate_sees="current", go_backwards=True, dtype="float64")
backward.build(x.shape)
backward.set_weights(weights["bdlstm1_bw"])
computed = backward(x).numpy()
recorded = np.swapaxes(theirs["C/fwd/bdlstm1:out"], 0, 1)[..., 4:]  # the second half of what the layer put out
off = {
    "in the order of computing": np.abs(computed - recorded).max(),
    "turned around": np.abs(computed[:, ::-1] - recorded).max(),
}
pd.Series({name: "same to 1e-12" if d < 1e-12 else f"differs by {d:.2f}" for name, d in off.items()}).to_frame("")

# %%
claims.confirm(min(off, key=off.get), "in the order of computing")

# %% [markdown]
# The layer was asked for a size of 8 and has 4 units a direction, so the paper's "for BLSTM we double the size of LSTM"
# keeps the units of each direction as they were.
#
# ## Which frames does an output see?
#
# The paper's networks have two hidden layers. Take untrained ones of 32 units a direction, a random input of 60 frames,
# and ask the gradient how strongly each output depends on each input frame: the sum over features of its absolute
# derivatives. Sixty copies of the input, one for each output, give all of it in one pass.

# %% tags=["hide-input"]
length = 60
rng = np.random.default_rng(seed)
copies = tf.constant(np.repeat(rng.standard_normal((1, length, 3)), length, axis=0), "float32")
strength = {}
for sizes in ((32,), (32, 32)):
    for alignment in ("aligned", "unreversed"):
        keras.utils.set_random_seed(seed)
        network = stacked_lstm(3, sizes, direction="bidirectional", alignment=alignment)
        with tf.GradientTape() as tape:
            tape.watch(copies)
            outputs = tf.linalg.trace(network(copies)[..., 0])  # output t of copy t
        strength[len(sizes), alignment] = tf.reduce_sum(tf.abs(tape.gradient(outputs, copies)), -1).numpy()

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-influence", "caption": "Unreversed, much of what an output sees is the recording's mirror image. Influence of each input frame (across) on each output (down) in untrained bidirectional networks; the stronger the blue the stronger it is (square root). Random weights and input of 60 frames, no corpus."}, "image": {"alt": "Four square panels. Aligned, one layer and two: a dark diagonal that fades to both sides. One layer, unreversed: shades below the falling diagonal and below the rising one, and a white wedge above both. Two layers, unreversed: a dark falling diagonal and a dark rising one that cross."}}
fig, axes = plt.subplots(1, 4, figsize=(9, 2.6))
for ax, ((depth, alignment), matrix) in zip(axes, strength.items(), strict=True):
    draw.influence(matrix, f"{depth} layer{'s' if depth > 1 else ''}, {alignment}", ax)
plt.show()

# %%
output, frame = np.arange(length)[:, None], np.arange(length)
near = np.abs(frame - output) <= 5
mirrored = np.abs(frame - (length - 1 - output)) <= 5
rows = {
    f"{depth} x {alignment}": {
        "frames without influence, worst output": int((matrix == 0).sum(axis=1).max()),
        "influence of frames within 5 (%)": 100 * matrix[near].sum() / matrix.sum(),
        "within 5 of the mirror image (%)": 100 * matrix[mirrored].sum() / matrix.sum(),
    }
    for (depth, alignment), matrix in strength.items()
}
seen = pd.DataFrame(rows).T
seen.round(1)

# %% [markdown]
# Each of these bands holds about the same share of all frames. One unreversed layer sees the near future not at all, in
# the first half of a recording, and the far end instead. With two layers every frame has some influence: the second
# backward half reads the first one in reverse, and two reversals cancel. But of the four ways from the first layer's
# halves to the second's, two still carry a frame to its mirror image, and this random network listens to it more than to
# the frame itself. In a recording of five minutes the mirror image is up to five minutes away.
#
# ### What it means for Table 6
#
# > Although BLSTM achieves slightly better performance than LSTM
#
# The paper compares, in all likelihood, an LSTM with this network:

# %%
six = tables.paper_table(6).query("metric == 'ccc'").pivot(index="target", columns="row", values="value")
six.assign(gain=(six["BLSTM"] - six["LSTM"]).round(3))

# %% [markdown]
# That the gain is small then says little about bidirectional networks: half of what the second layer was given stood at
# the wrong frame. Its conclusion, "LSTM might be good enough for this task", may well be true; Table 6 is no evidence
# for it. It is not evidence against it either. If the authors turned the half around by hand, or used a later library,
# nothing of this holds. `bidirectional_alignment` is one of the recorded assumptions; [section 5.4](sec5-4) has both.
#
# ## Finding 2: every gate's bias started at 2
#
# > So we initialize our forget gate bias to a large value 2
#
# Theanets' own starting values, gate by gate, of the three networks recorded:

# %%
GATES = ["input gate", "forget gate", "cell input", "output gate"]
biases = [theirs[f"{part}/init/{name}.b"].reshape(4, -1) for part, names in LAYERS.items() for name in names]
values = dict(zip(GATES, np.concatenate(biases, axis=1), strict=True))
means = {
    gate: (v.mean(), *(v.mean() + np.array([-1.96, 1.96]) * v.std(ddof=1) / len(v) ** 0.5))
    for gate, v in values.items()
}
started = pd.DataFrame.from_dict(means, orient="index", columns=["mean", "low", "high"])
started.assign(deviation={gate: v.std(ddof=1) for gate, v in values.items()}).round(2)

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-biases", "caption": "All four gates start around 2. Each dot is one starting bias of a Theanets 0.6 network, beside them the mean of the gate with its 95 % interval; dotted: 0 and 2."}, "image": {"alt": "Four columns of dots for input gate, forget gate, cell input and output gate, each scattered between about -1 and 5 around a mean near 2, well above 0."}}
fig, ax = plt.subplots(figsize=(6, 3))
draw.by_gate(values, means, ax)
plt.show()

# %%
at_two = [gate for gate, row in started.iterrows() if row["low"] > 0 and row["low"] <= 2 <= row["high"]]
claims.confirm("around 2 and not 0: " + ", ".join(at_two), "around 2 and not 0: " + ", ".join(GATES))

# %% [markdown]
# Zero is excluded for each, 2 is not. The sentence of the paper may describe a change by hand, to the forget gate
# alone; or it may describe this default, which its words do not quite fit. They make very different networks. One layer
# of 160 units, random input of 400 frames:

# %%
noise = tf.constant(rng.standard_normal((4, 400, 76)))
starts = {}
for initialisation in ("forget_bias_2", "theanets"):
    keras.utils.set_random_seed(seed)
    layer = PeepholeLSTM(160, initialisation=initialisation, output_gate_sees="current", dtype="float64")
    h = layer(noise).numpy()
    starts[initialisation] = {
        "outputs beyond 0.9 in size (%)": 100 * np.mean(np.abs(h) > 0.9),
        "deviation of an output over time": h.std(axis=1).mean(),
    }
start = pd.DataFrame(starts).T
start.round(2)

# %% [markdown]
# Under the library's default {glue:text}`saturated:.0f` % of the outputs are stuck near 1 or -1 before training begins,
# and an output moves {glue:text}`moves_less:.0f` times less: its peepholes are large, and a cell whose forget gate reads
# itself with a large positive weight never forgets. `initialisation` is one of the recorded assumptions.
#
# ## Finding 3: the first step has one size
#
# "rmsprop … with nesterov momentum" leaves the algorithm open. Downhill's is centred, has its constant under the root, and
# does not correct for its averages starting at 0. By hand from the recorded gradients, the first update is

# %%
rate, keep = 1e-4, 2 ** (-1 / 14)
updates = {}
for name in ("hid1.xh", "hid1.hh", "hid1.b", "out.w", "out.b"):
    g = theirs[f"A/grad/{name}"]
    m, v = (1 - keep) * g, (1 - keep) * g**2
    delta = -rate * g / np.sqrt(v - m**2 + 1e-8)
    after = (
        theirs[f"A/init/{name}"] + 1.9 * delta
    )  # momentum 0.9: the velocity is delta, and Nesterov looks ahead by 0.9
    moved = np.abs(theirs[f"A/lr1e-4/step1/param/{name}"] - theirs[f"A/init/{name}"]) / rate
    same = np.abs(after - theirs[f"A/lr1e-4/step1/param/{name}"]).max() < 1e-12
    updates[name] = {"by hand, to 1e-12": same, "median step / learning rate": np.median(moved), "largest": moved.max()}
update = pd.DataFrame(updates).T
update.astype({"median step / learning rate": float, "largest": float}).round(2)

# %%
claims.confirm("the same" if update["by hand, to 1e-12"].all() else "another", "the same")

# %% [markdown]
# A gradient of any size beyond about a thousandth moves its weight by {glue:text}`first_step:.2f` times the learning
# rate. `keras.optimizers.RMSprop` is another algorithm, and `replica.optimizers.DownhillRMSprop` is this one.
#
# ## Finding 4: training stops later than the paper says
#
# > Training stops if there is no improvement after 50 epochs.
#
# Downhill's defaults are a look at the dev loss every 10 epochs and a patience of 5, which reads like 50. Its source
# says: stop when *more than* 5 looks in a row have failed. The sixth failure comes
# {glue:text}`stops_after` epochs after the best look. The paper's learning rate, $10^{-4}$, is downhill's default too.
#
# Does one look matter? The trainings of section 5.3 (studyforrest, desk scale) were made with the library's rule. Their
# recorded dev losses tell which weights a stop after five failures would have kept.

# %%
networks = [r for r in sec5_3.recorded(Store(paths.results()), "studyforrest", "desk") if "dev_loss" in r.history]
trainings = [r.history for r in networks if r.history["stopped"] == "patience"]
earlier = [kept_look(h["dev_loss"], DOWNHILL_FAILURES - 1) for h in trainings]
late = [kept_look(h["dev_loss"]) for h in trainings]
other = [k for k, (a, b) in enumerate(zip(earlier, late, strict=True)) if a != b]
after_best = {len(h["train_loss"]) - h["best_epoch"] for h in trainings}
pd.Series({"trainings stopped by the rule": len(trainings), "other weights after five failures": len(other)}).to_frame(
    ""
)

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-stopping", "caption": "Ten epochs of patience more can change which weights are kept. Dev loss at every look of one recorded training (section 5.3, studyforrest, desk scale); the ring marks the weights that downhill's rule keeps, the lines where each reading of the rule stops."}, "image": {"alt": "A line of looks at the dev loss every ten epochs, with a first minimum after which a stop at fifty epochs is marked, then a lower minimum in a ring, and the later stop."}}
chosen = trainings[other[0] if other else 0]
k = other[0] if other else 0
ends = {"five failures": 10 * (earlier[k] + DOWNHILL_FAILURES - 1), "downhill": 10 * (late[k] + DOWNHILL_FAILURES)}
fig, ax = plt.subplots(figsize=(7.2, 3))
draw.stopping(chosen["dev_loss"], 10, late[k], ends, ax)
plt.show()

# %%
provenance_line(networks, sec5_3)

# %%
claims.confirm(f"{after_best} epochs after the best", "{60} epochs after the best")

# %% [markdown]
# In {glue:text}`other_share:.0f` % of them. `stopping` is one of the recorded assumptions.
#
# ## What this page cannot say
#
# Which version the authors had, and what they changed in it. Their third hidden layer that takes new features
# ([section 4.5](sec4-5)) is something that Theanets' LSTM, with its one input, could not express, so some of their code
# was their own. Everything here is about the library as released, on inputs that mean nothing.

# %%
glue("stops_after", next(iter(after_best)), display=False)
glue("epochs_said", 10 * (DOWNHILL_FAILURES - 1), display=False)
glue("saturated", round(float(start.loc["theanets"].iloc[0]), 1), display=False)
glue(
    "moves_less",
    round(
        float(start["deviation of an output over time"].iloc[0] / start["deviation of an output over time"].iloc[1]), 1
    ),
    display=False,
)
glue("first_step", round(float(update["largest"].max()), 2), display=False)
glue("other_share", round(100 * len(other) / len(trainings), 1), display=False)
