# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (sec6)=
# # 6 Conclusions
#
# The paper ends with five findings. This page puts beside each what the runs of this book say, on studyforrest at desk
# scale: {glue:text}`count_holds:.0f` of the {glue:text}`count_claims:.0f` claims in them hold here,
# {glue:text}`count_fails:.0f` do not, {glue:text}`count_undecided:.0f` stay undecided, {glue:text}`count_silent:.0f` are about
# modalities that a film has not, and {glue:text}`count_not_run:.0f` have not been run. The pages of the sections show what lies behind
# each number, and {ref}`claims` shows quantity, criterion and date.

# %%
import matplotlib.pyplot as plt
from myst_nb import glue

from replica import claims, figures, paths, verdicts
from replica.claim_cards import Cards
from replica.figures import verdict_overview
from replica.provenance_line import provenance_line
from replica.store import Store

figures.use_style()

# %% tags=["parameters"]
corpus = "studyforrest"
scale = "desk"

# %%
store = Store(paths.results())
found = verdicts.effects(store, corpus, scale)
judged = verdicts.of_section("6", {corpus: found})
verdict = judged["verdict"].droplevel("corpus")
powers = verdicts.powers(found, verdicts.people(store, corpus, scale))
origin = provenance_line((record for record in store.records() if record.run.corpus.name == corpus), "all")
binds = (corpus, scale) == ("studyforrest", "desk")  # the verdicts that this page states

# %% tags=["hide-input"]
counts = verdict.value_counts()
glue("count_claims", len(verdict), display=False)
glue("count_holds", int(counts.get("holds here", 0)), display=False)
glue("count_fails", int(counts.get("does not hold here", 0)), display=False)
glue("count_undecided", int(counts.get("undecided", 0)), display=False)
glue("count_silent", int(counts.get("not testable here", 0)), display=False)
glue("count_powers", len(powers), display=False)
glue("count_able", int((powers["power"] >= 0.8).sum()), display=False)
glue("count_not_run", int(counts.get("not run", 0)), display=False)


# %%
def cards(*ids):
    return Cards([claims.get(claim) for claim in ids], judged, powers)


# %% [markdown]
# ## The first: which modality for which dimension
#
# > (1) Audio feature alone performs the best to predict the arousal dimension while visual feature is more suitable for valence dimension prediction.
#
# The feature sets of studyforrest are of a film's sound and picture and of what was annotated in it, not of a person's
# voice and face. Nothing that they score speaks of this finding.

# %%
cards("6.1a", "6.1b")

# %% tags=["hide-input"]
[claims.confirm(verdict[claim], "not testable here", binds=binds) for claim in ("6.1a", "6.1b")]

# %% [markdown]
# ## The second: losses
#
# > (2) Loss functions related to overall covariance with distance constraint are good for dimensional emotion predictions.
#
# Read as: the three overall losses score above mse on film parts that no choice has seen. They do not. On the dev parts, on
# which training stopped, they do lead, as {ref}`sec5-3` shows, and the paper's tables show dev.

# %%
cards("6.2")

# %% tags=["hide-input"]
claims.confirm(verdict["6.2"], "does not hold here", binds=binds)

# %% tags=["remove-input"]
origin

# %% [markdown]
# ## The third: one direction
#
# > (3) Single direction of LSTM is good enough for dimensional emotion regression in this task.
#
# *Good enough* has a margin of 0.02 in CCC, written down beforehand, within which a BLSTM's lead does not count.

# %%
cards("6.3")

# %% [markdown]
# ## The fourth: fusion
#
# > (4) Early feature fusion from different modalities helps valence dimension prediction. Late fusion always helps.
#
# *Always* is read as: for arousal and for valence, so that the smaller gain decides.

# %%
cards("6.4a", "6.4b")

# %% [markdown]
# ## The fifth: features at different layers
#
# > (5) Inputting features that are not compatible in time into different layers of network can help with feature asynchronization.
#
# To ask this, a feature set has to be moved in time, which the paper does not do: its tables compare the structures with all
# features in step, and so does section 5.6. {ref}`Section 4.5 <sec4-5>` lets each feature set come four seconds late in turn
# and trains both structures on it.

# %%
cards("6.5")

# %% [markdown]
# ## What nine speakers could have shown
#
# Of the differences behind these findings that the paper prints: what it prints, against what nine speakers would show in
# four of five tests, by the spread seen on studyforrest.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-power-conclusions", "caption": "Which of the paper's printed differences nine speakers could tell from chance: those outside their grey bar. Hollow diamonds are the paper's differences, on its dev; the bar is what nine speakers would show in four of five tests, with the spread of studyforrest at desk scale."}, "image": {"alt": "One row for each claim of sections 5.3, 5.4, 5.8 and 6 whose size the paper prints, with a grey bar around zero and a hollow diamond inside or outside of it."}}
fig, ax = plt.subplots(figsize=(7.2, 0.6 + 0.26 * len(powers)))
verdict_overview.powers(powers, ax)
plt.show()

# %% tags=["remove-input"]
origin

# %% [markdown]
# ## What is left of the paper
#
# Its equations are right where they are equations: what section 4 says of covariance, of the tube and of smoothing holds
# by calculation. Three statements about its own tables are not what the tables give ({ref}`claims`, 4.1a, 5.7c and 5.7d).
# Its empirical sentences rest on nine speakers, scored on the partition on which training stopped; of the
# {glue:text}`count_powers:.0f` printed differences that can be sized up here, {glue:text}`count_able:.0f` are as large as such a
# test needs. None of this says that a finding is wrong on the paper's own data. That would take the data.
