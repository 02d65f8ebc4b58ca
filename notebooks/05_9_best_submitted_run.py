# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (sec5-9)=
# # 5.9 Best Submitted Run
#
# **For arousal, what is best on dev is not best on unseen film.** The late fusion that is fused once more with both early
# fusions, the paper's winner for arousal, falls from {glue:text}`again_dev:.3f` on dev to {glue:text}`again_test:.3f` on test
# (CCC, studyforrest, desk scale); a ridge regression on the same features, which fuses nothing, scores
# {glue:text}`ridge_arousal:.3f` there. Of the systems of which no weight was learnt on the dev recording that is scored, the
# one that is best on dev scores {glue:text}`chosen_arousal:.3f` for arousal; for valence it scores
# {glue:text}`chosen_valence:.3f`, where the ridge has {glue:text}`ridge_valence:.3f`. All of it is from {glue:text}`seeds:.0f`
# seed, and with fewer than two no verdict is given: each claim below stays *undecided*, whatever its interval.

# %%
import matplotlib.pyplot as plt
import pandas as pd
from myst_nb import glue

from replica import claims, figures, paths, tables
from replica.conventions import DIMENSIONS, PARTITIONS
from replica.experiments import sec5_9_best_submitted_run as sec5_9
from replica.figures import partitions
from replica.provenance_line import provenance_line
from replica.store import Store

figures.use_style()

# %% tags=["parameters"]
corpus = "studyforrest"
scale = "desk"
cohorts = (0, 1)  # seeds of the simulated corpus, which stands in the second half of the page

# %%
store = Store(paths.results())
recorded = sec5_9.named_in_claims(store, corpus, scale)
origin = provenance_line(recorded, sec5_9)
binds = (corpus, scale) == ("studyforrest", "desk")  # the verdicts that this page states
print(f"corpus {corpus}, scale {scale}, {len(recorded.rotations)} rotation(s), {len(recorded.seeds)} seed(s)")

# %% [markdown]
# ## What was run
#
# For arousal the paper submits the late fusion of section 5.7 fused once more with both early fusions of section 5.6; for
# valence the concatenation. Both are here for both emotion dimensions. *Best on dev* is the best there of a rotation among the
# systems of which no weight was learnt on the dev recording that is scored, *best part* the best on dev among what is fused again (late
# fusion and both early fusions), and *not smoothed* a single network beside the early fusions, which are not smoothed either.
#
# Predictions of train are recorded nowhere, so that late fusion is trained here once more, with all of its members. It is that of
# {ref}`sec5-7`, and its test CCC differs from there by up to {glue:text}`retrained:.3f` in a rotation: probably since some members there were
# recorded on a processor with other vector instructions (each record tells its `instruction_set`), whose last digits differ, and a long
# training lets them grow.
#
# ## Table 12
#
# As printed:

# %%
printed = tables.paper_table(12).pivot(index=["target", "row"], columns="metric", values="value")
printed.loc[[(d, p) for d in DIMENSIONS for p in PARTITIONS], ["rmse", "cc", "ccc"]]

# %% [markdown]
# Ours, pooled over recordings, mean over rotations and seeds:

# %%
ours = sec5_9.table(12, store, corpus, scale)
ours.round(3)

# %% tags=["remove-input"]
origin

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-fall", "caption": "Every system falls from train over dev to test, and on the film further than in the paper. CCC as Table 12 prints it (diamonds; the challenge's corpus), and on studyforrest at desk scale; train of the system that is chosen on dev is not recorded."}, "image": {"alt": "Two panels, arousal and valence. In each a dotted line with diamonds, as printed, falls from above .9 to .74 or .57; the lines of the film start lower and end near the bottom."}}
in_paper, here = printed["ccc"].unstack(), ours["CCC"].unstack()
ccc = {d: pd.concat([in_paper.loc[[d]].rename({d: "as printed"}), here.loc[d]]) for d in DIMENSIONS}
partitions.panels(ccc, plt.figure(figsize=(8.4, 4.2)))
plt.show()

# %% tags=["remove-input"]
origin

# %% [markdown]
# Every system, with the 95 % interval of its test CCC over seeds and recordings and what shifted labels reach:

# %%
scores = {d: recorded.summary(d) for d in DIMENSIONS}
pd.concat(scores)[["dev CCC", "test CCC", "low", "high", "chance"]].round(3)

# %% tags=["remove-input"]
origin

# %% [markdown]
# ## A regression scored on its own fitting data
#
# The paper fits the weights of the last fusion on dev, and prints dev. Least squares with a constant leaves a mark on the
# data it was fitted on: prediction and gold standard have one mean, and the deviation of the prediction is CC times that
# of the gold standard, so that CCC = 2 CC² / (1 + CC²). The distance from that mark, for each fusion on dev and on test;
# the page on {ref}`what the printed tables prove <forensics>` takes it to the paper's own row.

# %%
off = sec5_9.off_signature(recorded)
glue("near_mark", int((off["dev"].abs() < off["test"].abs()).sum()), display=False)
glue("marks", len(off), display=False)
off.round(3)

# %% tags=["remove-input"]
origin

# %% [markdown]
# Nearer to it on dev than on test is {glue:text}`near_mark:.0f` of {glue:text}`marks:.0f`: the weights are learnt on all dev
# recordings but the last, which the column *dev* holds too, and where CC is low the mark is near in any case. On the film it
# tells little.
#
# ## The claims

# %%
effects = sec5_9.effects(store, corpus, scale)
pd.DataFrame(effects, index=["estimate", "low", "high", "seeds"]).T.round(3)

# %% tags=["remove-input"]
origin

# %% tags=["hide-input"]
glue("retrained", round(sec5_9.retrained(store, recorded, corpus, scale), 3), display=False)
glue("seeds", len(recorded.seeds), display=False)
again = scores["arousal"].loc[sec5_9.AGAIN]
glue("again_dev", round(float(again["dev CCC"]), 3), display=False)
glue("again_test", round(float(again["test CCC"]), 3), display=False)
for dimension in DIMENSIONS:
    of = scores[dimension]["test CCC"]
    glue(f"chosen_{dimension}", round(float(of[sec5_9.CHOSEN]), 3), display=False)
    glue(f"ridge_{dimension}", round(float(of[sec5_9.RIDGE]), 3), display=False)

# %% [markdown]
# ### Claims 5.9a, 5.9b and 5.9c
#
# > The best arousal prediction system is from using late fusion of all modalities

# %%
claims.confirm(claims.judge("5.9a", corpus, *effects["5.9a"]), "undecided", binds=binds)

# %% [markdown]
# > The best valence prediction is from using concatenation early feature fusion

# %%
claims.confirm(claims.judge("5.9b", corpus, *effects["5.9b"]), "undecided", binds=binds)

# %% [markdown]
# > The prediction performance is significantly improved over the provided baseline performance
#
# The challenge's baseline is not printed in the paper; the ridge stands in for it.

# %%
claims.confirm(claims.judge("5.9c", corpus, *effects["5.9c"]), "undecided", binds=binds)

# %% [markdown]
# ### Claims 0a, 1c, 1e, 2m and 6.4a
#
# These rest on the same systems; {ref}`claims` has their words.

# %%
others = ("0a", "1c", "1e", "2m", "6.4a")
{claim: claims.confirm(claims.judge(claim, corpus, *effects[claim]), "undecided", binds=binds) for claim in others}

# %% [markdown]
# ## On simulated people
#
# The same systems on the corpus `simulated` (desk scale, nine speakers a partition; cohorts: {glue:text}`cohorts:.0f`): what the method does
# where the cues are known, since they were put in, and no fact about people. For arousal what is fused again keeps most of its
# score from train to test; the concatenation for valence loses most of it, as on the film.

# %%
simulated = sec5_9.recorded(store, "simulated", "desk", cohorts)
sec5_9.table(12, store, "simulated", "desk", cohorts).round(3)

# %% tags=["remove-input"]
provenance_line(simulated, sec5_9)

# %%
simulated_scores = pd.concat({d: simulated.summary(d) for d in DIMENSIONS})
simulated_scores[["dev CCC", "test CCC", "low", "high", "chance"]].round(3)

# %% tags=["remove-input"]
provenance_line(simulated, sec5_9)

# %% tags=["hide-input"]
glue("cohorts", len(cohorts), display=False)

# %% [markdown]
# ### From raw signals
#
# The way from raw signals to Table 12, with everything between computed: the same people recorded, both cohorts, the paper's feature
# sets extracted from voice, face, heart and skin (corpus `simulated_signals`, desk scale; {ref}`data`). On test the paper's choice
# has a CCC of {glue:text}`signals_papers_arousal:.3f` for arousal and {glue:text}`signals_papers_valence:.3f` for valence, what is best on dev
# {glue:text}`signals_best_arousal:.3f` and {glue:text}`signals_best_valence:.3f`. From the tracks of the same cohorts, above, it was
# {glue:text}`tracks_papers_arousal:.3f` and {glue:text}`tracks_papers_valence:.3f`, and {glue:text}`tracks_best_arousal:.3f` and
# {glue:text}`tracks_best_valence:.3f`. Two cohorts and one start of each network for each: no order follows from it.

# %%
signals = sec5_9.recorded(store, "simulated_signals", "desk")
signals_table = sec5_9.table(12, store, "simulated_signals", "desk")
signals_table.round(3)

# %% tags=["remove-input"]
provenance_line(signals, sec5_9)

# %% tags=["hide-input"]
tracks_table = sec5_9.table(12, store, "simulated", "desk", cohorts)
for name, of in {"signals": signals_table, "tracks": tracks_table}.items():
    for (dimension, row), ccc in of["CCC"].xs("test", level=-1).items():
        whose = "papers" if row.startswith("the paper") else "best"
        glue(f"{name}_{whose}_{dimension}", round(float(ccc), 3), display=False)

# %% [markdown]
# ## What this section cannot say
#
# A film is one recording cut in pieces, and what is best on two of its parts need not be on two others. The paper's test
# labels were never given out; its test row is the challenge's own score of its five submissions.
