# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (sec4-5)=
# # 4.5 Feature Fusion Structure
#
# **The new structure gives the features that enter higher a shorter memory, and has as many weights as a
# concatenation.** A feature set that enters the top layer passes one LSTM instead of three: in an untrained network the
# centre of its influence lies {glue:text}`lag_top:.0f` frames back, that of one that enters at the bottom
# {glue:text}`lag_bottom:.0f`. Where one feature set of simulated people comes four seconds late, a concatenation loses
# {glue:text}`lost_concatenation:.3f` of test CCC and the new structure {glue:text}`lost_less:.3f` less. But where all come late, and
# are in step again, the new structure leads by {glue:text}`all_late:.3f`, which is no less than where one is late
# ({glue:text}`one_late:.3f`). So what it helps against there is that features come late, and not that they are out of step. On the
# film one seed decides nothing, and all sets late were not tried there.
#
# This page draws the paper's Figure 2 from the very declaration that a run is trained from, and shows what the network
# sees. It trains nothing; its scores are of recorded runs on the corpus `simulated`, and where that is said on the film.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf
from myst_nb import glue

from replica import claims, corpora, figures, paths, verdicts
from replica.conventions import FEATURE_WIDTHS
from replica.corpora.simulated import parameters
from replica.experiments import sec4_5_asynchronisation as sec4_5
from replica.experiments import sec5_6_early_fusion as sec5_6
from replica.experiments.systems import MODALITIES, features_of, network
from replica.figures import fusion_structure as draw
from replica.figures import loss_comparison
from replica.layers import PeepholeLSTM
from replica.models.stacked import stacked_lstm
from replica.provenance_line import provenance_line
from replica.store import Store

figures.use_style()

# %% tags=["parameters"]
seed = 0  # of the untrained networks
corpus = "simulated"  # whose recorded runs the claims are judged on
scale = "desk"

# %% [markdown]
# ## Figure 2, from a declaration
#
# > One possible way to solve this problem is to input features with different duration to different layers of the
# > network.
#
# A run of this package names its feature sets and the hidden layer that each enters. For arousal section 5.6 uses all but
# eda, in three layers of 200 units. The paper says that short-time audio enters first, then "the longer-time visual
# features", then "the longest-time ecg features". That is all it says: where eda or long-time audio would enter, and so
# the structure for valence, is our reading, and section 4.2 calls the same visual features "short-time".

# %%
dropped = "eda"  # section 5.6: its CCC for arousal is below 0.1
passed = [name for of in MODALITIES["avec2015"].values() for name in of if name != dropped]
enters = sec5_6.layered("avec2015", "arousal", list(MODALITIES["avec2015"]), passed)
new = network("paper", list(enters), sec5_6.LOSS, sizes=sec5_6.THREE_LAYERS, enters=list(enters.values()))
run = new(corpora.key("avec2015"), "arousal", seed)
enters = dict(zip(run.features, run.enters, strict=True))
enters

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-fusion-structure", "caption": "Each modality enters its own layer, beside what the layer below puts out. The new structure for arousal at the paper's size, drawn from the run that declares it; numbers at boxes of features and at arrows are values a frame."}, "image": {"alt": "Three hidden layers one above the other. The short-time audio features enter the first, the two video feature sets the second beside the output of the first, and ecg the third beside the output of the second; the third leads to arousal."}}
fig, ax = plt.subplots(figsize=(6, 4.2))
draw.network(run, FEATURE_WIDTHS, ax)
plt.show()

# %% [markdown]
# The package builds it with `stacked_lstm`, which takes the number of features that enters each layer. Beside it the
# concatenation, in which all enter the first:

# %%
per_layer = [sum(FEATURE_WIDTHS[f] for f, at in enters.items() if at == layer) for layer in (1, 2, 3)]
together = {"new structure": per_layer, "concatenation": sum(per_layer)}
weights = {name: stacked_lstm(width, sec5_6.THREE_LAYERS).count_params() for name, width in together.items()}
pd.Series(weights, name="weights").to_frame()

# %%
claims.confirm(
    "equally many weights" if len(set(weights.values())) == 1 else "not equally many", "equally many weights"
)

# %% [markdown]
# Where all layers are equally wide that is no accident: a feature costs four weights for each unit of the layer that it
# enters, whichever that is. So what the two score is not a matter of size.
#
# ## Which layer sees what
#
# We ask the gradient, in a small network of the same wiring: one of 16 units a layer, random weights, random input. A
# hidden layer depends on a feature set if the derivative of its outputs is not exactly 0.

# %%
length, widths = 150, {name: 5 for name in enters}
starts = dict(zip(widths, np.cumsum([0, *widths.values()]), strict=False))
rng = np.random.default_rng(seed)
inputs = tf.constant(rng.standard_normal((8, length, sum(widths.values()))), "float32")
keras.utils.set_random_seed(seed)
small = {
    "new structure": stacked_lstm([sum(5 for at in enters.values() if at == k) for k in (1, 2, 3)], (16, 16, 16)),
    "concatenation": stacked_lstm(5 * len(enters), (16, 16, 16)),
}

# %%
hidden = [layer.output for layer in small["new structure"].layers if isinstance(layer, PeepholeLSTM)]
inside = keras.Model(small["new structure"].input, hidden)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(inputs)
    sums = [tf.reduce_sum(output) for output in inside(inputs)]
slopes = [tape.gradient(total, inputs).numpy() for total in sums]
seen = pd.DataFrame(
    {name: [bool((s[..., at : at + 5] != 0).any()) for s in slopes] for name, at in starts.items()},
    index=["hidden layer 1", "hidden layer 2", "hidden layer 3"],
)

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-layers-see", "caption": "A layer sees the features that enter it and those that entered below, and no others. Filled: the layer's outputs depend on the feature set; random weights and input, no corpus."}, "image": {"alt": "A grid of three layers by four feature sets. The first layer is filled for short-time audio alone, the second also for both video sets, the third for all four."}}
fig, ax = plt.subplots(figsize=(5, 2.4))
draw.layers_see(seen, ax)
plt.show()

# %%
declared = pd.DataFrame({name: [layer >= at for layer in (1, 2, 3)] for name, at in enters.items()}, index=seen.index)
claims.confirm("as declared" if seen.equals(declared) else "not as declared", "as declared")

# %% [markdown]
# ## What it does to time
#
# > It might relax the compatibility problem in time for different features.
#
# Each LSTM that a feature passes smears it over time. How far back does the last output reach, for each feature set?
# The gradient of the last output with respect to every earlier frame, its size summed over the features of a set and
# averaged over eight random inputs:

# %%
profiles = {}
for name, model in small.items():
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        last = tf.reduce_sum(model(inputs)[:, -1])
    size = np.abs(tape.gradient(last, inputs).numpy()).mean(axis=0)[::-1]  # (frames back, channel)
    profiles[name] = {feature: size[:, at : at + 5].sum(axis=1) for feature, at in starts.items()}
centre = {
    name: {feature: float(p @ np.arange(length) / p.sum()) for feature, p in of.items()}
    for name, of in profiles.items()
}
pd.DataFrame(centre).round(1).rename_axis("centre of influence, frames back")

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-fusion-time", "caption": "The higher a feature enters, the more the network answers to its present. Influence of each earlier frame on the last output in untrained networks of three layers of 16 units: left the new structure, right the concatenation. Random weights and input, no corpus."}, "image": {"alt": "Two panels of curves over frames before the output. Left: the curve of ecg falls at once, those of the video features reach their greatest a few frames back, that of audio still later. Right: all four curves lie together and are greatest several frames back."}}
by_layer = {
    ", ".join(f for f, at in enters.items() if at == k): sum(
        p for f, p in profiles["new structure"].items() if enters[f] == k
    )
    for k in (1, 2, 3)
}
drawn = {"new structure": by_layer, "concatenation": {"all four": sum(profiles["concatenation"].values())}}
colours = dict(zip(by_layer, draw.LAYER_COLOURS, strict=False)) | {"all four": "0.3"}
fig, axes = plt.subplots(1, 2, figsize=(8.4, 3), sharey=True)
for ax, (name, of) in zip(axes, drawn.items(), strict=True):
    draw.influence_over_time(of, colours, ax).set_title(name)
plt.show()

# %% [markdown]
# So the structure hard-wires an order: what enters at the top is taken nearly as it is, what enters at the bottom is
# averaged over more of the past. The paper puts the features that were computed over long windows on top, where the
# network adds least to their windows, and that is consistent with its idea. But nothing here aligns anything. A feature
# that comes four seconds late still comes four seconds late, in whatever layer; and training may undo the order, since
# forget gates learn.
#
# ## The claims
#
# Four sentences of the section can be tested, all of them on trained networks. The first is a difference that the runs of
# [section 5.6](sec5-6) give:
#
# ### Claim 4.5b
#
# > It might relax the compatibility problem in time for different features.

# %%
store = Store(paths.results())
effect = sec5_6.effects(store, corpus, scale)["4.5b"]
verdict = claims.judge("4.5b", corpus, *effect)
pd.DataFrame([effect], index=["new structure less concatenation, test CCC"]).round(3)

# %%
binds = (corpus, scale) == ("simulated", "desk")
claims.confirm(verdict, "undecided", binds=binds)

# %%
provenance_line(sec5_6.recorded(store, corpus, scale), sec5_6)

# %% [markdown]
# The interval allows both. From raw signals of the same people, whose feature sets have the windows of their extractors,
# concatenation is ahead: the difference is {glue:text}`signals_lead:.3f` ({glue:text}`signals_low:.3f` to
# {glue:text}`signals_high:.3f`; {ref}`sec5-6`).

# %%
signals_effect = sec5_6.effects(store, "simulated_signals")["4.5b"]
claims.confirm(claims.judge("4.5b", "simulated_signals", *signals_effect), "does not hold here")

# %% [markdown]
# ### Claims 4.5a, 4.5d and 6.5: a feature set that comes late
#
# > this suffers from asynchronization of features with different durations
#
# > we expect this new proposed feature fusion structure can alleviate the asynchronization problem
#
# > Inputting features that are not compatible in time into different layers of network can help with feature asynchronization.
#
# The paper moves no feature. Here each feature set in turn comes four seconds late, on train, dev and test alike, while the
# others and the gold standard stay. So it is a shift that is asked about, and not windows of different durations. All else is
# as in {ref}`sec5-6`, three layers, mse-cov for arousal and -ccc for valence, except that all feature sets are used, also those
# below the gate of section 5.1; desk scale, cohorts: {glue:text}`late_cohorts:.0f`. Test CCC, mean over cohorts. The last row
# is a control that was added when the others had been read: all sets are late, and thereby in step again.

# %%
late = sec4_5.recorded(store, corpus, scale)
all_late = sec4_5.recorded(store, corpus, scale, of=sec4_5.all_late)
pd.concat([sec4_5.table(late), sec4_5.table(all_late)]).round(3)

# %% tags=["remove-input"]
provenance_line((result for shown in (late, all_late) for result in shown), sec4_5)

# %% [markdown]
# Claim 4.5a asks what concatenation loses where one set is late, claim 4.5d how much less the new structure loses, and claim
# 6.5, the paper's fifth conclusion, by how much it then leads. The last is not independent: it is claim 4.5d plus the lead that the
# new structure has with all sets in step ({glue:text}`in_step:.3f`, {glue:text}`in_step_low:.3f` to {glue:text}`in_step_high:.3f`). Means over the
# late set and both dimensions, with 95 % intervals over cohorts and people; from two cohorts they are rather too narrow:

# %%
effects = late.effects(sec4_5.QUANTITIES)
judged = pd.DataFrame(effects, index=["estimate", "low", "high", "seeds"]).T.drop(columns="seeds").round(3)
judged = judged.assign(verdict={claim: claims.judge(claim, corpus, *of) for claim, of in effects.items()})
judged

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-late", "caption": "Concatenation loses where a feature set is late, and the new structure loses less. Differences in test CCC with 95 % intervals, positive is what the paper claims; inside the grey band a difference is too small to count. Corpus simulated, desk scale, mean over the late set and both dimensions."}, "image": {"alt": "Three horizontal interval bars, all to the right of zero and beyond the grey band with their dots: what concatenation loses is largest, by how much the new structure leads is next, how much less it loses is smallest."}}
fig, ax = plt.subplots(figsize=(7.2, 1.6))
loss_comparison.effects(judged, {claim: claims.get(claim).smallest_effect for claim in judged.index}, ax)
plt.show()

# %% tags=["remove-input"]
provenance_line(late, sec4_5)

# %%
for claim in sec4_5.QUANTITIES:
    claims.confirm(judged.loc[claim, "verdict"], "holds here", binds=binds)

# %% [markdown]
# **What it says, and what not.** Raters of this corpus answer {glue:text}`soonest:.0f` to {glue:text}`latest:.0f` seconds late. A
# set that comes four seconds late thus comes after the rating that it causes, and a forward network cannot wait for it. So part of
# what is lost is information, which any network would lose: with all sets late, and in step, both structures lose far more than
# with one. There the new structure leads by {glue:text}`all_late:.3f` ({glue:text}`all_late_low:.3f` to
# {glue:text}`all_late_high:.3f`), so that its lead does not need features that are out of step. The three verdicts are those of the
# quantities as they were written down; the sentence that they stand for, that the structure helps *with asynchronisation*, they
# do not carry here.
#
# Of what the new structure saves where one set is late, most is saved where it is the {glue:text}`most_saved:s`
# ({glue:text}`saved_most:.3f`); over the other sets it is {glue:text}`saved_rest:.3f` ({glue:text}`saved_rest_low:.3f` to
# {glue:text}`saved_rest_high:.3f`). Why it saves anything, these runs do not tell. Fewer of its weights mix a weak set with the
# others, which may merely overfit less: {glue:text}`kept_first:.0f` of {glue:text}`trainings:.0f` trainings kept the weights of
# their first look at dev. Other orders of the sets, and a concatenation of fewer layers, were not trained. And it is a made-up
# world, in which someone chose what each cue tells: **no fact about people**.
#
# ### The same on the film
#
# On studyforrest the feature sets are of sound, picture and annotations (desk scale, mean over four rotations; seeds:
# {glue:text}`film_seeds:.0f`). With fewer than two seeds each claim stays *undecided*, whatever its interval; and the control
# with all sets late is not recorded there, so that a lead where one set is late has the same two explanations as above.

# %%
film = sec4_5.recorded(store, "studyforrest", "desk")
sec4_5.table(film).round(3)

# %%
film_effects = film.effects(sec4_5.QUANTITIES)
of_film = pd.DataFrame(film_effects, index=["estimate", "low", "high", "seeds"]).T.drop(columns="seeds").round(3)
of_film.assign(verdict={claim: claims.judge(claim, "studyforrest", *of) for claim, of in film_effects.items()})

# %% tags=["remove-input"]
provenance_line(film, sec4_5)

# %%
for claim, of in film_effects.items():
    claims.confirm(claims.judge(claim, "studyforrest", *of), "undecided")

# %% [markdown]
# ### What the last would take

# %% tags=["hide-input"]
listed = claims.read().query("section == '4.5'").set_index("id")
listed = listed.assign(why=listed.index.map(verdicts.WHY_NOT)).dropna(subset="why")
pd.set_option("display.max_colwidth", None)
listed[["quote", "quantity", "why"]].set_axis(["the paper's words", "what must be measured", "why it is not"], axis=1)

# %%
glue("lag_top", round(centre["new structure"]["ecg"], 1), display=False)
glue("lag_bottom", round(centre["new structure"]["audio_short"], 1), display=False)
glue("verdict_45b", verdict, display=False)
by_set = late.effects({name: lambda ccc, name=name: sec4_5.saved(ccc, name) for name in features_of(corpus)})
most_saved = max(by_set, key=lambda name: by_set[name].estimate)
rest = [name for name in by_set if name != most_saved]
intervals = {
    "signals": signals_effect,
    "in_step": late.effects({"": lambda ccc: sec4_5.lead(ccc, sec4_5.IN_STEP)})[""],
    "saved_rest": late.effects({"": lambda ccc: sec4_5.saved(ccc, *rest)})[""],
    "all_late": all_late.effects({"": lambda ccc: sec4_5.lead(ccc, sec4_5.ALL)})[""],
}
for name, interval in intervals.items():
    glue("signals_lead" if name == "signals" else name, round(interval.estimate, 3), display=False)
    glue(f"{name}_low", round(interval.low, 3), display=False)
    glue(f"{name}_high", round(interval.high, 3), display=False)
glue("most_saved", most_saved, display=False)
glue("film_seeds", len(film.seeds), display=False)
numbers = {
    "saved_most": by_set[most_saved].estimate,
    "lost_concatenation": effects["4.5a"].estimate,
    "lost_less": effects["4.5d"].estimate,
    "one_late": effects["6.5"].estimate,
    "late_cohorts": len(late.seeds),
    "soonest": parameters.DELAY_SECONDS[0],
    "latest": parameters.DELAY_SECONDS[1],
    "kept_first": sum(result.history["best_epoch"] == result.history["looked_every"] for result in late),
    "trainings": len(list(late)),
}
for name, number in numbers.items():
    glue(name, round(float(number), 3), display=False)
