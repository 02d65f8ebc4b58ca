# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (sec4-6)=
# # 4.6 Smoothing
#
# Exponential smoothing does two things at once: it removes noise, and it moves the signal in time. Forward it makes a
# prediction later, backward it makes it earlier. So the better direction tells on which side of the gold standard the
# prediction lies: on a noisy copy that comes {glue:text}`late_seconds:.0f` second late, the best backward smoothing
# reaches a CCC of {glue:text}`late_backward:.2f` and the best forward smoothing {glue:text}`late_forward:.2f`; on one
# that comes in time they differ by {glue:text}`difference_in_time:.3f`.
#
# What {cite:t}`chen2015` say about the formula itself holds. What they say about its effect on their networks is left
# to section 5.8. The curves of this page are gold standards of the corpus `simulated`, and the noise is ours, added
# here: a demonstration of a mechanism, circular by construction, and no evidence that smoothing helps anyone's
# predictions.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from myst_nb import glue

from replica import claims, corpora, figures, mathematics, metrics
from replica.conventions import FRAME_SECONDS
from replica.figures import smoothing as smoothing_figures
from replica.smoothing import GRID, exponential_smoothing, time_constant_seconds

figures.use_style()

# %% tags=["parameters"]
seed = 0

# %% [markdown]
# ## The formula
#
# The smoothed value is a mixture of the present value and the smoothed value before it (the paper's equation 7),
#
# ```{math}
# :label: smoothing-recursion
# s_t = \alpha \cdot x_t + (1 - \alpha) \cdot s_{t-1}, \qquad s_1 = x_1 .
# ```
#
# Written out, a frame that is $k$ frames old has the weight
#
# ```{math}
# :label: smoothing-weights
# w_k = \alpha (1 - \alpha)^k, \qquad \text{and the first frame, which starts the sum, } (1 - \alpha)^{t-1} .
# ```
#
# `exponential_smoothing(x, alpha, direction="forward")` computes this. With `direction="backward"` it runs from the
# last frame to the first. The paper's start cannot hold there, since $s_1$ is then the end of the sum; the last frame
# starts instead, $s_T = x_T$.
#
# ### Claim 4.6b
#
# > It can take into account all the past data.
#
# Smooth the 100 columns of an identity matrix: the last row of the result holds the weights of all frames in $s_{100}$.

# %%
claims.confirm(claims.judge_exact("4.6b", mathematics.least_weight_of_the_past(seed)), "holds")

# %% [markdown]
# It holds at $\alpha$ = 0.1, and for every $\alpha$ below 1 in exact arithmetic. How much of the past counts is another
# question.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-weights", "caption": "A large smoothing factor forgets within a frame or two. Weight of past frames relative to the present one at 25 Hz, equation 7; 0.1 and 0.7 are the factors of the paper's Table 11."}, "image": {"alt": "Four falling curves of weight against age from 0 to 2 seconds. Alpha 0.7 is gone after one frame; alpha 0.02 still has a third of its weight after two seconds."}}
age = np.arange(51)
fig, ax = plt.subplots()
smoothing_figures.weights(FRAME_SECONDS * age, {alpha: (1 - alpha) ** age for alpha in (0.02, 0.05, 0.1, 0.7)}, ax)
plt.show()

# %% [markdown]
# ## What a factor means in seconds
#
# A factor by itself says little: it counts frames. Its time constant is $-\Delta / \ln(1 - \alpha)$ seconds for frames
# $\Delta$ seconds apart, and on average the weights look back $\Delta (1 - \alpha) / \alpha$ seconds. The paper's
# frames are 0.04 s apart; the smaller scale of this book averages five to one, 0.2 s. The same factor then smooths five
# times as long, and the last column holds the factor that does at 5 Hz what the first does at 25 Hz.

# %%
alpha = np.array(GRID)
table = pd.DataFrame(
    {
        "alpha": alpha,
        "time constant at 25 Hz (s)": [time_constant_seconds(a, FRAME_SECONDS) for a in alpha],
        "time constant at 5 Hz (s)": [time_constant_seconds(a, 5 * FRAME_SECONDS) for a in alpha],
        "mean delay at 25 Hz (s)": FRAME_SECONDS * (1 - alpha) / alpha,
        "same time constant at 5 Hz": 1 - (1 - alpha) ** 5,
    }
).round(3)
table

# %%
glue("tau_arousal", round(time_constant_seconds(0.1, FRAME_SECONDS), 3), display=False)
glue("tau_valence", round(time_constant_seconds(0.7, FRAME_SECONDS), 3), display=False)

# %% [markdown]
# The two factors of Table 11 are thus two different operations: 0.1 for arousal has a time constant of
# {glue:text}`tau_arousal:.2f` s, and 0.7 for valence one of {glue:text}`tau_valence:.3f` s, less than a frame. The
# second hardly smooths at all, and the table's gain in its row, 0.0001, agrees.
#
# ### Claim 4.6c
#
# > has less smoothing effect and gives greater weight to local values
#
# Said of a larger $\alpha$. Unit white noise keeps a mean squared frame-to-frame difference of $2\alpha^2 / (2 -
# \alpha)$, which grows with $\alpha$. Measured on {glue:text}`noise_frames:,.0f` frames, for every two neighbours of
# the grid:

# %%
glue("noise_frames", mathematics.NOISE_FRAMES, display=False)
roughness = mathematics.roughness_by_alpha(seed)
pd.DataFrame({"alpha": alpha, "measured": roughness, "formula": 2 * alpha**2 / (2 - alpha)}).round(4)

# %%
claims.confirm(claims.judge_exact("4.6c", mathematics.roughness_gained_with_alpha(seed)), "holds")

# %% [markdown]
# ## Smoothing moves a signal
#
# Take the nine development recordings of the simulated cohort, and as a "prediction" of each its gold standard for
# arousal, with noise.

# %%
rng = np.random.default_rng(seed)
golds = [recording.gold[:, 0].astype(float) for recording in corpora.load("simulated", seed=seed).partition("dev")]
noises = [0.45 * exponential_smoothing(rng.standard_normal(len(gold)), 0.2) for gold in golds]
predictions = [gold + noise for gold, noise in zip(golds, noises, strict=True)]

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-delay", "caption": "Forward smoothing comes late, backward smoothing early, and the gold standard lies between. One minute of a simulated gold standard, the same with noise, and the latter smoothed with a factor of 0.03 in both directions."}, "image": {"alt": "A noisy grey curve over 60 seconds, the black gold standard within it, a blue smoothed curve that follows about a second late and an orange one about a second early."}}
shown = slice(1500, 3000)
both = {
    direction: exponential_smoothing(predictions[0], 0.03, direction)[shown] for direction in ("forward", "backward")
}
fig, ax = plt.subplots()
seconds = FRAME_SECONDS * np.arange(1500)
smoothing_figures.smoothed_sequence(seconds, golds[0][shown], predictions[0][shown], both, ax)
plt.show()


# %%
def score(inputs, a, direction):
    return metrics.ccc_pooled(golds, [exponential_smoothing(x, a, direction) for x in inputs])


fine = np.geomspace(0.01, 1, 25)
directions = ("forward", "backward")
by_alpha = {direction: [score(predictions, a, direction) for a in fine] for direction in directions}

# %% [markdown]
# When the prediction comes in time, the direction hardly matters. To smooth more removes more noise and moves the
# signal further, and the best factor lies where the two balance.
#
# ## A prediction that comes late
#
# Now delay the same predictions. A network that runs forward in time and must see some evidence before it believes it
# will come late; it need not, where the raters themselves are late. Here the lag is put in by hand.


# %%
def late(x, lag):
    return x[np.clip(np.arange(len(x)) - round(lag / FRAME_SECONDS), 0, len(x) - 1)]


lags = (-2.0, -1.0, -0.48, 0.0, 0.48, 1.0, 2.0)
inputs = {lag: [late(gold, lag) + noise for gold, noise in zip(golds, noises, strict=True)] for lag in lags}
scores = {(lag, d): [score(inputs[lag], a, d) for a in GRID] for lag in lags for d in directions}
best = {key: max(values) for key, values in scores.items()}

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-lagging", "caption": "A lag turns the directions apart: backward smoothing wins it back, forward smoothing adds to it. Pooled CCC against the smoothing factor, for a prediction in time (left) and one second late (right); forward blue, backward orange, best factor as a dot. Simulated gold standards with added noise."}, "image": {"alt": "Two panels of CCC against alpha. Left: the two curves nearly lie on each other. Right: the backward curve rises well above the forward one for small alpha."}}
late_by_alpha = {direction: [score(inputs[1.0], a, direction) for a in fine] for direction in directions}
fig, axes = plt.subplots(1, 2, sharey=True)
for ax, curves, label in zip(axes, (by_alpha, late_by_alpha), ("in time", "1 s late"), strict=True):
    smoothing_figures.score_by_alpha(fine, curves, ax).annotate(label, (0.03, 0.03), xycoords="axes fraction")
axes[1].set(ylabel="")
plt.show()

# %%
table = pd.DataFrame(
    [
        {"lag (s)": lag, "direction": d, "best alpha": GRID[int(np.argmax(scores[lag, d]))], "CCC": best[lag, d],
         "CCC unsmoothed": scores[lag, d][-1]} for lag in lags if lag >= 0 for d in directions
    ]
)  # fmt: skip
table.round(3)

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-by-lag", "caption": "The better direction is the one that moves the prediction back to the gold standard. Pooled CCC at the best factor of the grid against the lag of the prediction; negative lags come early. Simulated gold standards with added noise."}, "image": {"alt": "CCC against lag from -2 to 2 seconds. Forward smoothing is high for early predictions and falls for late ones; backward smoothing is its mirror image; they cross at lag 0. The raw prediction lies below both."}}
curves = {d: [best[lag, d] for lag in lags] for d in directions}
curves["unsmoothed"] = [scores[lag, "forward"][-1] for lag in lags]
fig, ax = plt.subplots()
smoothing_figures.score_by_lag(lags, curves, ax)
plt.show()

# %%
glue("late_seconds", 1, display=False)
glue("late_backward", round(best[1.0, "backward"], 3), display=False)
glue("late_forward", round(best[1.0, "forward"], 3), display=False)
glue("difference_in_time", round(abs(best[0.0, "backward"] - best[0.0, "forward"]), 3), display=False)

# %% [markdown]
# The figure is nearly a mirror: early predictions want forward smoothing, late ones backward, and the two cross where
# the prediction comes in time.
#
# This is what to hold against the section's last sentence: that backward smoothing is slightly better after a forward
# LSTM, and forward smoothing after a backward one. The sentence would follow if a forward network lags and a backward
# network leads. It would then be a remark about lag, which a plain shift in time could mend as well, and not about
# smoothing. Whether networks do so on ratings is a question for runs, and so is whether smoothing helps at all.
