# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (sec4-3)=
# # 4.3 Temporal Model: LSTM
#
# A forget bias of 2 gives the memory cell a half-life of {glue:text}`half_life_frames:.1f` frames, which is
# {glue:text}`half_life_paper:.2f` seconds at the paper's frame rate; and the output gate of equation 2, as printed,
# sees the cell one frame earlier than in the work that it cites. What both mean can be computed before any training,
# and this page does so. Nothing on it needs a corpus.

# %%
import inspect

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from IPython.display import Code
from matplotlib import pyplot as plt
from myst_nb import glue
from scipy.special import expit, logit

from replica import claims, figures, mathematics
from replica.conventions import FRAME_SECONDS
from replica.figures import temporal_model
from replica.figures.memory_cell import memory_cell
from replica.layers import BidirectionalPeepholeLSTM, PeepholeLSTM, PeepholeLSTMCell
from replica.models.stacked import stacked_lstm

figures.use_style()

# %% tags=["parameters"]
seed = 0

# %% [markdown]
# ## Equation 2
#
# The paper uses "the LSTM version in [27]", which is {cite:t}`graves2013`; the memory cell itself is that of
# {cite:t}`hochreiter1997`. It prints
#
# ```{math}
# :label: eq-lstm
# \begin{aligned}
# i_t &= \sigma(W_{xi} x_t + W_{hi} h_{t-1} + W_{ci} c_{t-1} + b_i) && \text{input gate} \\
# f_t &= \sigma(W_{xf} x_t + W_{hf} h_{t-1} + W_{cf} c_{t-1} + b_f) && \text{forget gate} \\
# c_t &= f_t c_{t-1} + i_t \cdot \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c) && \text{cell} \\
# o_t &= \sigma(W_{xo} x_t + W_{ho} h_{t-1} + W_{co} c_{t-1} + b_o) && \text{output gate} \\
# h_t &= o_t \cdot \tanh(c_t) && \text{hidden output}
# \end{aligned}
# ```
#
# The paper's Figure 1 shows such a cell; here it is as we read these five lines. What the cell holds comes back one frame
# later, the forget gate sets how much of it; and $h_t$ comes back too, as the $h_{t-1}$ of the next frame.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-memory-cell", "caption": "What a memory cell holds changes by two products only, which the input gate and the forget gate set. Equation 2 drawn from the bottom up, with the line that each box computes; dashed are the peepholes, by which all three gates see the cell of one frame earlier. Our own drawing, no data."}, "image": {"alt": "A column from cell input at the bottom through a product with the input gate, a sum, the cell, tanh and a product with the output gate to the hidden output. The cell of one frame earlier returns into the sum through a product with the forget gate. Each gate takes the input, the hidden output of one frame earlier, and, by a dashed arrow, the cell of one frame earlier."}}
fig, ax = plt.subplots(figsize=(4.8, 5.3))
memory_cell(ax)
plt.show()

# %% [markdown]
# And here is the same as code, taken from the package while this page is made, so that page and code cannot drift
# apart. The peepholes $W_{ci}, W_{cf}, W_{co}$ are read as diagonal, as {cite:t}`graves2013` has them: each gate sees
# its own cell and no other.

# %%
Code(inspect.getsource(PeepholeLSTMCell.call), language="python")

# %% [markdown]
# ## One cell, gate by gate
#
# Take a single unit with one input, and weights chosen so that each gate has a job. A positive input opens the *input
# gate*; a negative one closes the *forget gate*, which otherwise stands at its bias of 2; the *output gate* listens to
# nothing but its peephole, so it opens once the cell is full. Columns are the blocks i, f, c, o.

# %%
cell = PeepholeLSTMCell(1, dtype="float64")
cell.build((1, 1))
kernel, recurrent = np.array([[6.0, 6.0, 2.0, 0.0]]), np.zeros((1, 4))
bias, peepholes = np.array([-3.0, 2.0, 0.0, -2.0]), np.array([[0.0], [0.0], [3.0]])  # rows i, f, o
cell.set_weights([kernel, recurrent, bias, peepholes])

x = np.zeros(60)
x[5] = 1  # one frame
x[22:25] = 1  # three frames
x[42:44] = -1  # two frames that erase

# %% [markdown]
# The cell gives $h_t$ and $c_t$ frame by frame. The gates follow from {eq}`eq-lstm`, once more in NumPy, and
# $o_t \tanh(c_t)$ must then be the $h_t$ that the cell gave.

# %%
states, history = [tf.zeros((1, 1), "float64")] * 2, []
for frame in x:
    _, states = cell(tf.constant([[frame]], "float64"), states)
    history.append([state.numpy()[0, 0] for state in states])

h, c = np.array(history).T
h_before, c_before = np.append(0.0, h[:-1]), np.append(0.0, c[:-1])
z_input, z_forget, z_cell, z_output = np.outer(kernel, x) + np.outer(recurrent, h_before) + bias[:, None]
i, f, o = (expit(z + peephole * c_before) for z, peephole in zip((z_input, z_forget, z_output), peepholes, strict=True))
print("c is f c + i tanh(...):", np.allclose(c, f * c_before + i * np.tanh(z_cell), rtol=0, atol=1e-12))
print("h is o tanh(c):        ", np.allclose(h, o * np.tanh(c), rtol=0, atol=1e-12))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gates", "caption": "A cell remembers what the input gate lets in until the forget gate drops it. One unit with chosen weights at 25 Hz: a short pulse, a longer one, and a negative input that erases. No data."}, "image": {"alt": "Six rows over three seconds: input with two positive pulses and a negative one; input gate open during the positive pulses; forget gate at 0.88, near 1 during them and near 0 during the negative one; cell rising and decaying, then cleared; output gate following the cell one frame later; hidden output."}}
rows = [
    (x, "$x$  input", "0.35", (-1, 1)),
    (i, "$i$  input gate", "#009E73", (0, 1)),
    (f, "$f$  forget gate", "#D55E00", (0, 1)),
    (c, "$c$  cell", "#0072B2", (0, float(np.ceil(c.max())))),
    (o, "$o$  output gate", "#CC79A7", (0, 1)),
    (h, "$h$  hidden output", "black", (0, 1)),
]
fig, axes = plt.subplots(len(rows), sharex=True, figsize=(7.2, 5.4))
for ax, (values, name, colour, limits) in zip(axes, rows, strict=True):
    temporal_model.signal(values, name, ax, colour=colour, limits=limits)
axes[-1].set(xlabel="time in seconds")
plt.show()

# %% [markdown]
# Read the row of $c$ against that of $f$. After the short pulse the input is gone, the input gate is all but shut, and
# the cell keeps a share $f$ of its content from each frame to the next. While the longer pulse lasts, $f$ is nearly 1,
# and content adds up. The negative input shuts the forget gate, and all is gone in two frames. The output gate comes
# one frame after the cell: it sees $c_{t-1}$.
#
# ## What a forget bias of 2 means
#
# "So we initialize our forget gate bias to a large value 2", says the paper, with [28] for the reason, which
# is {cite:t}`bastien2012`, the paper on Theano. With everything else near 0 at the start, the forget gate stands at
# $\sigma(2)$, a cell keeps $\sigma(2)^n$ after $n$ frames, and half is left after
# $\ln \tfrac12 / \ln \sigma(2)$ frames.

# %%
biases = [2.0, 0.0]
half_life = {bias: np.log(0.5) / np.log(expit(bias)) for bias in biases}
table = pd.DataFrame({"forget gate": expit(biases), "half-life, frames": half_life.values()}, index=biases)
table["seconds at 25 Hz (paper)"] = table["half-life, frames"] * FRAME_SECONDS
table["seconds at 5 Hz (desk)"] = table["half-life, frames"] * 5 * FRAME_SECONDS
glue("half_life_frames", round(float(half_life[2.0]), 3), display=False)
glue("half_life_paper", round(float(half_life[2.0] * FRAME_SECONDS), 3), display=False)
glue("half_life_desk", round(float(half_life[2.0] * FRAME_SECONDS * 5), 3), display=False)
glue("bias_for_4_s", round(float(logit(0.5 ** (FRAME_SECONDS / 4.0))), 3), display=False)
table.rename_axis("forget bias").round(3)

# %% [markdown]
# Is a network like that? Its gates move with every input, and its hidden outputs come back through the recurrent
# kernel. So we measure: one untrained layer of 160 units, two noise inputs that differ in frame 0 only, and how fast
# the difference of their outputs fades; once as it is, once with the recurrent kernel set to 0.

# %%
rng = np.random.default_rng(seed)
noise = rng.standard_normal((4, 40, 76))
disturbed = noise.copy()
disturbed[:, 0] = rng.standard_normal((4, 76))

keras.utils.set_random_seed(seed)
layer = PeepholeLSTM(160, dtype="float64")
layer.build(noise.shape)
left = {"without recurrence": {}, "network": {}}
recurrent = layer.recurrent_kernel.numpy()
for name, kernel in zip(left, (0 * recurrent, recurrent), strict=True):
    layer.recurrent_kernel.assign(kernel)
    for bias in biases:
        layer.bias.assign(np.repeat([0.0, bias, 0.0, 0.0], 160))
        difference = (layer(noise) - layer(disturbed)).numpy()
        share = np.sqrt(np.mean(difference**2, axis=(0, 2)))
        left[name][bias] = share / share[0]

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-forgetting", "caption": "Bias 2 makes an untrained network remember for frames rather than for one. Share of a disturbance that is left: by the closed form (lines) and measured in a random network of 160 units (dots). Random input, no corpus."}, "image": {"alt": "Two falling lines on a logarithmic axis. For forget bias 0 the dots follow a steep line. For bias 2 the line falls slowly, and the dots fall more slowly still."}}
fig, ax = plt.subplots()
temporal_model.forgetting({bias: share[:31] for bias, share in left["network"].items()}, ax)
plt.show()

# %%
frames = np.arange(noise.shape[1])
measured = pd.DataFrame(left).map(lambda share: np.interp(0.5, share[::-1], frames[::-1]))  # where half is left
glue("measured_frames", round(float(measured.loc[2.0, "network"]), 2), display=False)
measured.insert(0, "closed form", half_life)
measured.rename_axis("forget bias").round(2)

# %% [markdown]
# The gates alone do nearly what the closed form says. The whole network remembers somewhat longer: half is left after
# {glue:text}`measured_frames:.1f` frames, and what is left then fades slowly, since every output comes back as an input
# of the next frame.
#
# A rater answers seconds after the event, but an untrained cell at 25 Hz has lost half of it after
# {glue:text}`half_life_paper:.2f` s; at 5 Hz, the frame rate of this book's desk scale, the same bias reaches
# {glue:text}`half_life_desk:.1f` s. A half-life of 4 s at 25 Hz would take a bias of {glue:text}`bias_for_4_s:.1f`. So
# what "large" means hangs on the frame rate, and training must do the rest.

# %% [markdown]
# ## Which cell does the output gate see?
#
# Equation 2 prints $W_{co} c_{t-1}$ in the output gate. {cite:t}`graves2013`, whom the paper follows, has $c_t$ there,
# and so has Theanets, the authors' library. The layer computes both, and also no peephole there at all
# (`output_gate_sees="previous"`, `"current"`, `"none"`); the default is the equation as printed. How much hangs on it
# depends on the peepholes' size. The paper is silent on that; the library drew them from N(0, 1). We give one untrained
# layer peepholes of several sizes, and measure the difference of the outputs as a share of their own deviation over
# time.

# %%
layers = {}
for sees in ("previous", "current", "none"):
    keras.utils.set_random_seed(seed)
    layers[sees] = PeepholeLSTM(160, output_gate_sees=sees, dtype="float64")
    layers[sees].build(noise.shape)

drawn = rng.standard_normal((3, 160))
deviations, shares = [0.01, 0.03, 0.1, 0.3, 1.0], []
for deviation in deviations:
    outputs = {}
    for sees, layer in layers.items():
        layer.peepholes.assign(deviation * drawn)
        outputs[sees] = layer(noise).numpy()
    over_time = np.sqrt(np.mean(outputs["current"].var(axis=1)))
    difference = {sees: outputs[sees] - outputs["current"] for sees in ("previous", "none")}
    shares.append({sees: np.sqrt(np.mean(d**2)) / over_time for sees, d in difference.items()})

# %%
shares = pd.DataFrame(shares, index=pd.Index(deviations, name="deviation of peepholes"))
glue("share_small", round(float(shares.loc[0.01, "previous"]), 4), display=False)
glue("share_large", round(float(shares.loc[1.0, "previous"]), 3), display=False)
shares.add_suffix(" against current").round(4)

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-peephole", "caption": "Which cell the output gate sees matters as much as the peepholes are large. Difference between the outputs with the previous and with the current cell in the output gate, as a share of the outputs' deviation over time. One untrained layer of 160 units, random input, no corpus."}, "image": {"alt": "A rising line on two logarithmic axes, from peepholes of deviation 0.01 to 1."}}
fig, ax = plt.subplots(figsize=(5.4, 3.0))
temporal_model.peephole_difference(deviations, shares["previous"], ax)
plt.show()

# %% [markdown]
# With peepholes of deviation 0.01, our default start, the choice moves the outputs by {glue:text}`share_small:.4f` of
# their deviation: nothing. With those of the library it moves them by {glue:text}`share_large:.2f`. Whether it matters
# after training is a question to runs, and `output_gate_sees` is one of the recorded assumptions.

# %% [markdown]
# ## The fast layer is the same function
#
# `PeepholeLSTM`, which does all training in this book, takes the product with the input out of the time loop and has
# its gradient written by hand. That is easy to get wrong, so it is compared here with the readable cell above, in
# Keras' own loop and with TensorFlow's own gradient: outputs, and the gradients of every weight and of the input, on
# random weights with large peepholes, for each kind of output gate.

# %%
inputs = tf.constant(rng.standard_normal((3, 12, 5)))
direction = tf.constant(rng.standard_normal((3, 12, 8)))
same = {}
for sees in ("previous", "current", "none"):
    keras.utils.set_random_seed(seed)
    fast = PeepholeLSTM(8, output_gate_sees=sees, initialisation="theanets", dtype="float64")
    cell = PeepholeLSTMCell(8, output_gate_sees=sees, dtype="float64")
    readable = keras.layers.RNN(cell, return_sequences=True, dtype="float64")
    fast.build(inputs.shape), readable.build(inputs.shape)
    readable.set_weights(fast.get_weights())
    results = []
    for layer in (fast, readable):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            output = layer(inputs)
            along = tf.reduce_sum(output * direction)
        weights = [weight.value for weight in layer.trainable_weights]
        results.append([output, *tape.gradient(along, [inputs, *weights])])
    worst = [np.abs(a - b).max() for a, b in zip(*results, strict=True)]
    same[sees] = {"outputs": worst[0] < 1e-12, "gradients": max(worst[1:]) < 1e-12}
pd.DataFrame(same).rename_axis("equal within 1e-12")

# %% [markdown]
# ## Past and future: the bidirectional network
#
# A bidirectional network {cite:p}`schuster1997` "makes use of all the past and all the future inputs on a single unit",
# says the paper: one hidden layer reads the sequence forwards, another backwards, and what they hold at a frame is put
# side by side. Which inputs does an output then depend on? We ask the gradient: one layer with random weights, a random
# sequence of 20 frames, and for every output the frames with a gradient other than 0.
#
# There is a catch. A backward layer computes the output of the last frame first, and someone must turn the result
# around again before it is put beside the forward half. Theanets 0.6 did not; a test of this package holds our
# layer with `alignment="unreversed"` against numbers that Theanets itself computed. At frame $t$ of $T$ its
# backward half holds the output that belongs to frame $T - 1 - t$.

# %%
networks = {
    "forward": PeepholeLSTM(4, initialisation="theanets", dtype="float64"),
    "backward, as computed": PeepholeLSTM(4, go_backwards=True, initialisation="theanets", dtype="float64"),
    "both, aligned": BidirectionalPeepholeLSTM(4, initialisation="theanets", dtype="float64"),
    "both, as in Theanets": BidirectionalPeepholeLSTM(
        4, alignment="unreversed", initialisation="theanets", dtype="float64"
    ),
}
seen = {name: mathematics.frames_seen(layer, seed) for name, layer in networks.items()}

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-seen", "caption": "Only the aligned network sees the whole sequence from every frame. Each row is an output, each column an input; filled where the output depends on it. One layer, random weights, random input of 20 frames, no corpus."}, "image": {"alt": "Four square panels. Forward: a lower triangle. Backward as computed: a triangle at the lower right. Both, aligned: filled completely. Both, as in Theanets: a triangle is missing below the upper edge, so that the first output sees the first and the last frame only, and the second half of the outputs sees all."}}
fig, axes = plt.subplots(1, 4, figsize=(8.4, 2.5))
for ax, (name, pattern) in zip(axes, seen.items(), strict=True):
    temporal_model.frames_seen(pattern, name, ax)
plt.show()

# %%
blind = pd.Series({name: int((~pattern).sum(axis=1).max()) for name, pattern in seen.items()})
glue("blind_unreversed", int(blind["both, as in Theanets"]), display=False)
verdict = claims.confirm(claims.judge_exact("4.3c", float(blind["both, aligned"])), "holds")
print("Claim 4.3c:", verdict)
blind.rename("frames without influence, at the output that sees least").to_frame()

# %% [markdown]
# The claim **holds** for a bidirectional layer as it is meant. As the authors' library computed it, an output in the
# first half of a recording misses up to {glue:text}`blind_unreversed` of 20 frames, and what it sees of the future is
# the very end. Two such layers, one above the other, see everything again: the second's backward half starts from the first
# layer's last output, which has seen every frame. `bidirectional_alignment` is one of the recorded assumptions, `"aligned"` its
# default.

# %% [markdown]
# ## How large is the network?
#
# A layer of $n$ units over an input of width $w$ has $4 n w$ weights from the input, $4 n^2$ from its own output, $4 n$
# biases and $3 n$ peepholes. The paper writes a network as a list of widths, and [76, 160, 120, 1] is its network for
# short-time audio with two hidden layers.

# %%
widths = [76, 160, 120, 1]
by_hand = sum(n * (4 * w + 4 * n + 7) for w, n in zip(widths[:2], widths[1:3], strict=True)) + widths[2] + 1
model = stacked_lstm(widths[0], widths[1:3])
print(f"{model.count_params()} parameters; the same by hand: {model.count_params() == by_hand}")

# %% [markdown]
# ## What the paper claims here, and what this page leaves open
#
# One claim of this section is settled above. The others are about results after training, which equations cannot
# settle: each is judged on the page of its runs, by the criterion that was written down before them.

# %% tags=["hide-input"]
pd.set_option("display.max_colwidth", None)
table = claims.read().query("section == '4.3'").set_index("id")
table[["quote", "kind", "date"]].rename(columns={"quote": "the paper's words", "date": "criterion of"})
