# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (sec3)=
# # 3 Dataset
#
# Two people who score the same predictions by "the CCC" can report {glue:text}`example_pooled:.2f` and
# {glue:text}`example_mean:.2f`: one joins all recordings and takes one CCC, the other takes the CCC of each recording
# and averages. The paper does not say which it did. The rest of its section 3 is plain, and its equation is right.
#
# **What the challenge had.** {cite:t}`chen2015` use the data of AVEC 2015: the first five minutes of 27 speakers, each
# working on a task together with a partner; sound, video, ECG and EDA; arousal and valence, rated by six people on a
# scale from -1 to 1 every 40 ms; nine speakers each to train, to develop and to test on. These data are given out under
# an agreement, and the labels of the test speakers not at all.
#
# **What stands in for them here.** This page makes its data from a seed: the corpus `simulated` has the challenge's
# form, with a latent state that nobody sees, behaviour that shows some of it, and six raters who answer late, with a
# bias and with noise of their own. It shows how the arithmetic of this section behaves. It says nothing about people.
# Only claim 3b, on how reliable a metric is, rests on recorded runs, those of real ratings among them.

# %%
import textwrap

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from myst_nb import glue

from replica import claims, corpora, figures, mathematics, metrics, paths, verdicts
from replica.conventions import DIMENSIONS, FRAME_SECONDS, PARTITIONS
from replica.experiments import sec3_reliability
from replica.figures import dataset
from replica.gold_standard import gold_standard, rater_weights
from replica.provenance_line import provenance_line
from replica.store import Store

figures.use_style()

# %% tags=["parameters"]
corpus = "simulated"
seed = 0

# %%
options = {"seed": seed} if corpus == "simulated" else {}
data = corpora.load(corpus, **options)
binds = corpus == "simulated"  # the verdicts that this page states
shape = {"recordings": len, "seconds each": lambda part: round(part[0].frames * FRAME_SECONDS),
         "raters": lambda part: len(part[0].annotations)}  # fmt: skip
pd.DataFrame({name: {p: count(data.partition(p)) for p in PARTITIONS} for name, count in shape.items()})

# %%
print(textwrap.fill(f"{corpus}: {data.limits}", 72))

# %% [markdown]
# ## Six raters and one gold standard
#
# No two raters agree. Each has a level of their own, a delay of their own (seconds: one sees, decides, then moves the
# hand), and each sees things that the others do not.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-traces", "caption": "The gold standard (the one strong line) keeps what the raters (blue) share. One recording of the development partition, all its raters; corpus: simulated."}, "image": {"alt": "Two panels over 300 seconds, arousal and valence. Thin blue traces of the raters scatter around a thick black line, the gold standard."}}
recording = data.partition("dev")[0]
fig, axes = plt.subplots(2, sharex=True, figsize=(7.2, 4.4))
for d, (name, ax) in enumerate(zip(DIMENSIONS, axes, strict=True)):
    annotations = recording.annotations[..., d]
    dataset.traces(annotations, gold_standard(annotations), ax).set(ylabel=f"{name}, rating units")
    ax.label_outer()
plt.show()

# %% [markdown]
# The paper says only "Gold standard is calculated using a specific normalization technique as reported in [20]", and
# [20] is {cite:t}`ringeval2014`. A script that the organisers published in 2016 weights each rater by agreement with
# the others,
#
# ```{math}
# :label: eq-rater-weights
# w_k = \frac{1}{K - 1} \sum_{l \ne k} \rho_c(r_k, r_l),
# ```
#
# takes the weighted mean of the raters' levels, and puts the plain mean of their centred traces on it:
#
# ```{math}
# :label: eq-gold-standard
# y(t) = \underbrace{\frac{1}{K} \sum_k \left[ r_k(t) - \bar r_k \right]}_{\text{shape}}
#      + \underbrace{\frac{\sum_k w_k \, \bar r_k}{\sum_k w_k}}_{\text{offset } m}
# ```
#
# Here $r_k(t)$ is the trace of rater $k$ of $K$, $\bar r_k$ its mean over the recording, and $\rho_c$ the CCC of
# {eq}`eq-ccc`. That the challenge of 2015 computed exactly this is plausible and unproven. `replica.gold_standard` is
# these two equations.
#
# The weights touch the offset alone, one number for each recording. A rater who disagrees with everyone keeps a full
# share in the shape. So there are two things to check: that the shape is the plain mean, and how far the weights move
# the level.

# %%
ratings = np.stack([r.annotations for r in data.recordings]).astype(float)  # (recordings, raters, frames, 2)
gold = np.stack([gold_standard(r) for r in ratings])
weights = np.stack([rater_weights(r) for r in ratings])
levels, gold_levels = ratings.mean(axis=2), gold.mean(axis=1)

plain = ratings.mean(axis=1)
same_shape = np.abs((gold - gold_levels[:, None]) - (plain - plain.mean(axis=1, keepdims=True))).max() < 1e-12
print("the shape is the plain mean of the raters:", same_shape)

# %%
moved = np.abs(gold_levels - levels.mean(axis=1))
summary = pd.DataFrame(
    {
        "smallest weight": weights.min((0, 1)),
        "largest weight": weights.max((0, 1)),
        "raters' levels, deviation": levels.std(axis=1).mean(axis=0),
        "offset moved, median": np.median(moved, axis=0),
        "offset moved, most": moved.max(axis=0),
    },
    index=DIMENSIONS,
).T.round(3)
glue("moved_most", round(float(moved.max()), 3), display=False)
glue("levels_apart", round(float(levels.std(axis=1).mean()), 3), display=False)
summary

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-levels", "caption": "The weights hardly move the level of simulated raters. Arousal of the recordings of the development partition: raters' levels (blue; area grows with the weight), their plain mean (orange bar), and beside it the gold standard's offset; corpus: simulated."}, "image": {"alt": "One row for each recording. Blue dots of the raters spread over several tenths of a rating unit; an orange and a black bar among them lie almost on top of each other."}}
dev = [data.recordings.index(r) for r in data.partition("dev")]
fig, ax = plt.subplots(figsize=(7.2, 3.6))
names = [data.recordings[r].name for r in dev]
dataset.levels(levels[dev, :, 0], weights[dev, :, 0], gold_levels[dev, 0], names, ax)
plt.show()

# %% [markdown]
# On the simulated raters the weights move a recording's level by {glue:text}`moved_most:.3f` rating units at most,
# while the raters' own levels have a deviation of {glue:text}`levels_apart:.3f`: here the elaborate part of the formula
# does little. Where raters differ more, in level and in how well they agree, it does more. The shape is the raters'
# plain mean in any case.

# %% [markdown]
# ## The metric
#
# Equation 1 of the paper is the concordance correlation coefficient,
#
# ```{math}
# :label: eq-ccc
# \rho_c = \frac{2 \rho \sigma_x \sigma_y}{\sigma_x^2 + \sigma_y^2 + (\mu_x - \mu_y)^2},
# ```
#
# with $\mu$ and $\sigma^2$ the means and variances of gold standard $x$ and prediction $y$, and $\rho$ Pearson's
# correlation (CC). With scale $s = \sigma_y / \sigma_x$ and offset $d = (\mu_y - \mu_x) / \sigma_x$ it reads
#
# $$\rho_c = \rho \cdot \frac{2 s}{1 + s^2 + d^2},$$
#
# the CC times a penalty that is at most 1. It is 1 only where $s = 1$ and $d = 0$: there, and nowhere else, CCC and CC
# agree (unless both are 0).

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-ccc", "caption": "The CCC never exceeds the CC (dotted), and reaches it only at the gold standard's own scale and level (dots). Equation 1 for three correlations; left against scale, right against offset. No data."}, "image": {"alt": "Two panels of three curves each. Left: the CCC rises with scale to a maximum at 1 and falls slowly. Right: symmetric humps with maximum at offset 0. Each maximum touches a dotted line, the correlation."}}
fig, axes = plt.subplots(1, 2, sharey=True)
dataset.ccc_against_scale(axes[0]).set(ylabel="CCC")
dataset.ccc_against_offset(axes[1])
plt.show()

# %% [markdown]
# Scale counts as a ratio: half the gold standard's deviation costs exactly as much as twice that deviation. An offset
# is counted in deviations of the gold standard: on a recording in which little happens, a small offset is a large
# error.
#
# ### Claim 3a
#
# > Since it combines the Pearson Correlation Coefficient (CC) and the mean square error (mse)
#
# In symbols: $\rho_c = 2\sigma_{xy} / (\mathrm{mse} + 2\sigma_{xy})$ with $\sigma_{xy} = \rho \sigma_x \sigma_y$,
# because $\mathrm{mse} = \sigma_x^2 + \sigma_y^2 - 2\sigma_{xy} + (\mu_x - \mu_y)^2$. Both sides are compared on random
# sequences of random scale and offset.

# %%
difference = mathematics.ccc_from_cc_and_mse(seed)
print("largest difference below 1e-9:", difference < 1e-9)

# %%
claims.confirm(claims.judge_exact("3a", difference), "holds")

# %% [markdown]
# Verdict on 3a: **holds**, as mathematics, on any corpus. CC and mse alone are not enough, though: the deviations
# $\sigma_x$ and $\sigma_y$ enter as well.
#
# ### Claim 3b
#
# > CCC is a much more reliable measurement for regression problems
#
# No equation can settle that. The criterion asks for *split-half reliability*: the recordings of the test partition are
# parted into two halves by person, the runs are put in order on each half, and the two orders are compared by
# Spearman's rank correlation, once with the CCC pooled over a half and once with the CC; the mean over every way of
# parting. A metric that measures the systems rather than the people they happen to be scored on gives the same order
# twice. Ordered is **every run that is recorded** at desk scale, of any section, loss and seed, regressions, smoothed
# and fused predictions too: none is chosen, so no choice can favour one metric.

# %%
store = Store(paths.results())
judged_on = ("studyforrest", "simulated", "ceap360vr")
runs = {name: sec3_reliability.recorded(store, name) for name in judged_on}
orders = pd.concat({name: sec3_reliability.table(of, name) for name, of in runs.items()})
origin = provenance_line((record for of in runs.values() for records in of.values() for record in records), "all")
orders.round(3)

# %% tags=["remove-input"]
origin

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-orders", "caption": "Neither metric's order is the more reliable throughout. Rank correlation of the order of all recorded runs between two halves of the tested people, mean over all halvings, by CCC (filled) and by CC (hollow), for each rotation of studyforrest, cohort of simulated people, and ceap360vr; desk scale."}, "image": {"alt": "Two panels, arousal and valence, with one row for each rotation or cohort. A filled circle for CCC and a hollow square for CC lie close together in every row; on the film they scatter from below zero to well above a half, on simulated people both lie far to the right."}}
figure = dataset.orders(orders, plt.figure(figsize=(7.2, 3.2)))
plt.show()

# %% tags=["remove-input"]
origin

# %%
found = {name: sec3_reliability.effect(of, name) for name, of in runs.items()}
judged = verdicts.of_section("3", {name: {"3b": effect} for name, effect in found.items()}).loc[["3b"]]
verdict = judged["verdict"]["3b"]
for name in judged_on:
    glue(f"order_ccc_{name}", round(float(orders.loc[name, "CCC"].mean()), 3), display=False)
    glue(f"order_cc_{name}", round(float(orders.loc[name, "CC"].mean()), 3), display=False)
glue("order_counts", float(claims.get("3b").smallest_effect), display=False)
glue("order_lowest", round(float(orders.loc["studyforrest", "CCC"].min()), 3), display=False)
verdicts.as_text(judged)

# %% tags=["remove-input"]
origin

# %% [markdown]
# The interval is over people: each draw takes as many as there are, with replacement, all copies of one in the same
# half; of simulated people the cohorts are drawn as well. The runs stay the same, so it says nothing of other networks.
# *Seeds* counts those that the runs were trained with.
#
# On the film, where stretches stand for people, the order by CCC keeps with {glue:text}`order_ccc_studyforrest:.3f` on average, that
# by CC with {glue:text}`order_cc_studyforrest:.3f`. Both are low, and for one rotation even negative
# ({glue:text}`order_lowest:.3f`): who is better on half of its test stretches tends to be worse on the other.

# %%
claims.confirm(verdict["studyforrest"], "undecided", binds=binds)

# %% [markdown]
# On simulated people both orders keep well, {glue:text}`order_ccc_simulated:.3f` by CCC and
# {glue:text}`order_cc_simulated:.3f` by CC, and an advantage of {glue:text}`order_counts:.2f`, the smallest that counts, lies outside the interval.

# %%
claims.confirm(verdict["simulated"], "does not hold here", binds=binds)

# %% [markdown]
# On ceap360vr, eight people and few runs: {glue:text}`order_ccc_ceap360vr:.3f` and {glue:text}`order_cc_ceap360vr:.3f`.

# %%
claims.confirm(verdict["ceap360vr"], "undecided", binds=binds)

# %% [markdown]
# This asks how stable an order is, not whether it is the right one: a metric may be reliable and measure the wrong
# thing. That CCC sees a wrong scale and level, which CC does not, is the stronger reason for it ({numref}`fig-ccc`).

# %% [markdown]
# ## One prediction, two CCCs
#
# Equation 1 is about two sequences. Nine recordings are nine pairs of them, and the paper does not say how they become
# one number. *Pooled*: join all frames, then take the CCC (`metrics.ccc_pooled`). *Per recording*: take nine CCCs, then
# their mean (`metrics.ccc_per_recording`). The law of total covariance shows the difference,
#
# $$\sigma_{xy} = \underbrace{\sum_r \tfrac{n_r}{n}\, \sigma_{xy,r}}_{\text{within recordings}}
#   + \underbrace{\sum_r \tfrac{n_r}{n}\, (\mu_{x,r} - \mu_x)(\mu_{y,r} - \mu_y)}_{\text{between recordings}}:$$
#
# pooling rewards whoever knows which *speaker* is excited, besides *when*. Two artificial predictions separate the two,
# with no training at all: `level` knows only the mean of each recording and follows nothing; `shape` follows everything
# and knows no level. Beside them stand the raters, each against the gold standard of the others.

# %%
printed = pd.read_csv(paths.reference() / "paper_tables.csv", dtype={"table": str})
part = data.partition("dev")
rows = []
for d, name in enumerate(DIMENSIONS):
    traces = [r.annotations[..., d].astype(float) for r in part]
    golds = [gold_standard(trace) for trace in traces]
    pairs = {"level": (golds, [np.full_like(g, g.mean()) for g in golds]),
             "shape": (golds, [g - g.mean() for g in golds])}  # fmt: skip
    for k in range(len(traces[0])):
        others = [gold_standard(np.delete(trace, k, axis=0)) for trace in traces]
        pairs[f"rater {k + 1}"] = (others, [trace[k] for trace in traces])
    rows += [(name, prediction, *pair) for prediction, pair in pairs.items()]

# %%
table = pd.DataFrame(
    [(d, p, metrics.ccc_pooled(g, y), metrics.ccc_per_recording(g, y)) for d, p, g, y in rows],
    columns=["dimension", "prediction", "pooled", "per recording"],
).pivot(index="prediction", columns="dimension", values=["pooled", "per recording"])
table.round(3)

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-poolings", "caption": "The same predictions, two scores: the CCC over all frames (orange diamond) and the mean (blue bar) of the recordings' own CCCs (grey dots, one a recording). Arousal, development partition; corpus: simulated."}, "image": {"alt": "Eight columns: level, shape, and six raters. For level all dots and the bar lie at 0 while the diamond is far above. For most raters the diamond is above the bar; dots scatter widely."}}
arousal = [(prediction, g, y) for d, prediction, g, y in rows if d == "arousal"]
fig, ax = plt.subplots()
each = [[metrics.ccc(*pair) for pair in zip(g, y, strict=True)] for _, g, y in arousal]
dataset.poolings(each, [metrics.ccc_pooled(g, y) for _, g, y in arousal], [name for name, *_ in arousal], ax)
plt.show()

# %%
gap = (table["pooled"] - table["per recording"])["arousal"].drop(["level", "shape"])
example = gap.abs().idxmax()
glue("level_pooled", round(float(table.loc["level", ("pooled", "arousal")]), 3), display=False)
glue("example_pooled", round(float(table.loc[example, ("pooled", "arousal")]), 3), display=False)
glue("example_mean", round(float(table.loc[example, ("per recording", "arousal")]), 3), display=False)
glue("widest", round(float(gap.abs().max()), 3), display=False)
raters = np.array(each[2:])  # without `level` and `shape`
glue("standard_error", round(float((raters.std(axis=1, ddof=1) / len(part) ** 0.5).mean()), 3), display=False)
smoothing = printed.query("table == '11' and target == 'arousal'").set_index("column")["value"]
glue("table11_gain", round(float(smoothing["smoothed"] - smoothing["original"]), 4), display=False)
print(f"widest gap: {example}; pooled above per recording for {(gap > 0).sum()} of {len(gap)} raters")

# %% [markdown]
# `level` scores exactly 0 in every recording, as it must: it is constant there. Pooled it scores
# {glue:text}`level_pooled:.2f` on arousal, for nothing that happens in time. For one and the same rater the two
# poolings lie up to {glue:text}`widest:.2f` apart; smoothing, in the paper's Table 11, gains
# {glue:text}`table11_gain:.4f` on arousal. So every record of this book holds what both
# need, and its tables say which they show: the pooled one.
#
# The grey dots carry a second warning. One rater's recordings range from poor to good, and the standard error of the
# mean over them is {glue:text}`standard_error:.2f` on average: a difference smaller than that, on other speakers, may
# well be none. The intervals of this book (`replica.statistics`) take their width from this scatter.

# %% [markdown]
# ## Which one did the challenge use?
#
# The scripts that the organisers published in 2016 join all recordings of a partition. The paper itself gives a hint.
# Its Table 10 scores late fusion on the first eight development recordings (dev-dev), on the last one (dev-test), and
# on all nine. If the scores were means over recordings, and the fusion's weights stayed the same, the third would be
# the mean of the other two, weighted eight to one. Each printed number may be off by half a unit of its last digit.

# %%
scores = printed.query("table == '10'").pivot(index="row", columns="target", values="value")
sets = ("dev-dev", "dev-test", "entire dev")
first_eight, last, all_nine = (scores.loc[f"with late fusion on {name}"] for name in sets)
mean_of_nine = (8 * first_eight + last) / 9
half_a_digit = 0.0005
excluded = (mean_of_nine - all_nine).abs() > 2 * half_a_digit
pd.DataFrame({"printed, entire dev": all_nine, "mean over nine": mean_of_nine.round(3), "excluded": excluded})

# %% [markdown]
# A plain mean over nine recordings is excluded for both dimensions, under the condition named. Pooling fits, since a
# pooled CCC is no weighted mean of its parts. If the weights of the fusion were fitted anew for the third row, nothing
# follows. The evidence for pooling is strong, but circumstantial.
#
# ## What this section cannot say
#
# How well real raters agree, how late they are, and how far their levels lie apart: here all of these were put in by
# hand. With `corpus="studyforrest"` the page runs on the nine real raters of a film, where that corpus is at hand.
