# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (sec5-7)=
# # 5.7 Late Fusion
#
# **On dev late fusion gains, as in the paper; on film parts that no weight has seen it loses.** On all of dev it scores
# {glue:text}`dev_arousal:.3f` for arousal against {glue:text}`single_dev_arousal:.3f` of the best single network, and
# {glue:text}`dev_valence:.3f` against {glue:text}`single_dev_valence:.3f` for valence; on test {glue:text}`fused_arousal:.3f` against
# {glue:text}`single_arousal:.3f`, and {glue:text}`fused_valence:.3f` against {glue:text}`single_valence:.3f` (studyforrest, desk scale,
# {glue:text}`seeds:.0f` seed, which decides nothing by rule). With weights from other recordings than the one that is scored, the
# same fusion reaches {glue:text}`nested_arousal:.3f` and {glue:text}`nested_valence:.3f` on dev: for valence the gain was in the
# fitting.
#
# Late fusion is a linear regression over the smoothed predictions of several networks. The paper fits its weights on eight
# of nine dev recordings and prints the score on these eight, on the ninth, and on all nine. Two of the three hold
# recordings on which the weights were fitted.

# %%
import pandas as pd
from myst_nb import glue

from replica import claims, paths, tables
from replica.conventions import DIMENSIONS
from replica.experiments import sec5_7_late_fusion as sec5_7
from replica.provenance_line import provenance_line
from replica.store import Store

# %% tags=["parameters"]
corpus = "studyforrest"
scale = "desk"

# %%
store = Store(paths.results())
recorded = sec5_7.recorded(store, corpus, scale)
origin = provenance_line(recorded, sec5_7)
binds = (corpus, scale) == ("studyforrest", "desk")  # the verdicts that this page states

# %% [markdown]
# ## What was run
#
# The members are the networks of {ref}`sec5-3` on single feature sets: of each feature set whose CCC on dev is above 0.1 in
# Table 2, the two losses with the highest CCC on dev of a rotation. Each prediction is smoothed backward. *Dev-dev* is all
# dev recordings of a rotation but the last by name, *dev-test* that last one. The *best single* network is the member
# with the highest CCC on dev, smoothed as the others are.
#
# ## Table 10
#
# As printed:

# %%
printed = tables.paper_table(10)
printed.pivot(index="row", columns="target", values="value").loc[printed["row"].unique()]

# %% [markdown]
# Ours: CCC pooled over the recordings of each part, mean over rotations and seeds. *Other recordings* is the nested twin:
# each dev recording is fused by weights from the others alone.

# %%
ours = sec5_7.table(10, store, corpus, scale)
ours.round(3)

# %% tags=["remove-input"]
origin

# %% [markdown]
# Test, with its 95 % interval over seeds and recordings, and what shifted labels reach:

# %%
unlisted = [name for name in recorded.systems if not name.startswith("as printed")]
pd.concat({d: recorded.summary(d).loc[unlisted] for d in DIMENSIONS}).round(3)

# %% tags=["remove-input"]
origin

# %% [markdown]
# ## The claims

# %%
effects = sec5_7.effects(store, corpus, scale)
pd.DataFrame(effects, index=["estimate", "low", "high", "seeds"]).T.round(3)

# %% tags=["remove-input"]
origin

# %% tags=["hide-input"]
glue("seeds", len(recorded.seeds), display=False)
for dimension in DIMENSIONS:
    rows = ours.loc[dimension]
    glue(f"fused_{dimension}", round(float(rows.loc["late fusion", "test CCC"]), 3), display=False)
    glue(f"single_{dimension}", round(float(rows.loc["best single", "test CCC"]), 3), display=False)
    glue(f"dev_{dimension}", round(float(rows.loc["late fusion", "entire dev CCC"]), 3), display=False)
    glue(f"single_dev_{dimension}", round(float(rows.loc["best single", "entire dev CCC"]), 3), display=False)
    nested = rows.loc["late fusion, other recordings", "entire dev CCC"]
    glue(f"nested_{dimension}", round(float(nested), 3), display=False)

# %% [markdown]
# ### Claims 5.7a, 5.7b and 6.4b
#
# > late fusion improves the final predictions (0.841 vs 0.768 for arousal

# %%
claims.confirm(claims.judge("5.7a", corpus, *effects["5.7a"]), "undecided", binds=binds)

# %% [markdown]
# > 0.669 vs 0.597 for valence

# %%
claims.confirm(claims.judge("5.7b", corpus, *effects["5.7b"]), "undecided", binds=binds)

# %% [markdown]
# > Late fusion always helps.
#
# From section 6; the smaller of the two gains decides.

# %%
claims.confirm(claims.judge("6.4b", corpus, *effects["6.4b"]), "undecided", binds=binds)

# %% [markdown]
# ### Claims 5.7c and 5.7d, by the printed tables
#
# > we fuse the predictions of the top loss function for each modality
#
# Nine members are listed for arousal. Of short-time audio they are mae and mse-cov; the top loss in Table 4 is -ccc.

# %%
from replica import printed as by_tables

claims.confirm(claims.judge_exact("5.7c", by_tables.members_without_their_top_loss()), "does not hold")

# %% [markdown]
# > best baseline on dev w/o fusion
#
# Table 10 prints 0.768 and 0.597; the highest CCC of one feature in Tables 2 to 6 is another.

# %%
claims.confirm(claims.judge_exact("5.7d", by_tables.best_single_beyond_table_10()), "does not hold")

# %% [markdown]
# ## On simulated people
#
# The same on the corpus `simulated`, where recordings are people, whose cues and raters are made up: on test late fusion
# changes the CCC of the best single network by {glue:text}`simulated_gain_arousal:.3f` for arousal and
# {glue:text}`simulated_gain_valence:.3f` for valence (cohorts: {glue:text}`cohorts:.0f`). **It is no fact about people**; it may say
# whether weights fitted on a few people carry over to others where every person is made by one rule. *As printed* are the
# members that the paper lists for arousal, as far as this corpus has their like; its list names a loss for short-time audio that
# is not among the two best of its Table 4, so that once mae and once -ccc, the best there, stands for it.

# %%
simulated = sec5_7.recorded(store, "simulated", "desk")
simulated_origin = provenance_line(simulated, sec5_7)
simulated_rows = sec5_7.table(10, store, "simulated", "desk")
simulated_rows.round(3)

# %% tags=["remove-input"]
simulated_origin

# %%
simulated_effects = sec5_7.effects(store, "simulated", "desk")
simulated_verdict = {claim: claims.judge(claim, "simulated", *effect) for claim, effect in simulated_effects.items()}
shown = pd.DataFrame(simulated_effects, index=["estimate", "low", "high", "seeds"]).T
shown.round(3).assign(verdict=pd.Series(simulated_verdict))

# %% tags=["remove-input"]
simulated_origin

# %% tags=["hide-input"]
for claim, dimension in {"5.7a": "arousal", "5.7b": "valence"}.items():
    glue(f"simulated_gain_{dimension}", round(simulated_effects[claim].estimate, 3), display=False)
glue("cohorts", len(simulated.seeds), display=False)

# %% [markdown]
# ### From raw signals
#
# The same people recorded, both cohorts, and the paper's feature sets extracted from voice, face, heart and skin (corpus
# `simulated_signals`, desk scale; {ref}`data`); here the paper's list of nine members for arousal has all its feature sets. On test
# late fusion changes the CCC of the best single network by {glue:text}`signals_gain_arousal:.3f` for arousal and
# {glue:text}`signals_gain_valence:.3f` for valence.

# %%
signals = sec5_7.recorded(store, "simulated_signals", "desk")
sec5_7.table(10, store, "simulated_signals", "desk").round(3)

# %% tags=["remove-input"]
provenance_line(signals, sec5_7)

# %% tags=["hide-input"]
signals_effects = sec5_7.effects(store, "simulated_signals", "desk")
for claim, dimension in {"5.7a": "arousal", "5.7b": "valence"}.items():
    glue(f"signals_gain_{dimension}", round(signals_effects[claim].estimate, 3), display=False)

# %% [markdown]
# ## What this section cannot say
#
# The recordings of dev are few, and stretches of one film are not speakers: that weights carry over from some to others
# says less than it would of people. The paper's list of nine members has no counterpart among the film's feature sets.
