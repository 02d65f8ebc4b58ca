# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (claims)=
# # All claims
#
# The paper makes {glue:text}`count_claims:.0f` statements that can be told apart and asked one by one. For each of them
# a quantity, a criterion and the smallest effect that counts were written down before anything was trained, on the date
# that stands in its line. This page judges all of them at once, from whatever is recorded, by one rule; the pages of the
# sections say what lies behind each.
#
# On *studyforrest*, {glue:text}`count_holds:.0f` of the {glue:text}`count_asked:.0f` that this corpus can speak of and that
# were run hold, {glue:text}`count_direction:.0f` in direction only, {glue:text}`count_fails:.0f` do not hold,
# {glue:text}`count_undecided:.0f` stay undecided; {glue:text}`count_not_run:.0f` more could be asked of it and were not run.
# Of the {glue:text}`count_exact:.0f` that a calculation or the paper's own tables settle, {glue:text}`count_exact_holds:.0f`
# hold. Nothing has been run on the paper's own corpus, so no verdict here says *replicated*.

# %%
import matplotlib.pyplot as plt
from myst_nb import glue

from replica import claims, figures, paths, verdicts
from replica.claim_cards import Cards, Glance
from replica.figures import verdict_overview
from replica.provenance_line import provenance_line
from replica.runs import fitted
from replica.store import Store

figures.use_style()

# %% tags=["parameters"]
corpus = "studyforrest"
scale = "desk"
seed = 0  # of the random sequences of the calculations

# %%
store = Store(paths.results())
corpora = [
    corpus,
    *(name for name in ("studyforrest", "simulated", "simulated_signals", "ceap360vr") if name != corpus),
]
effects = {name: verdicts.effects(store, name, scale) for name in corpora}
judged = verdicts.table(effects, verdicts.exact(seed))
every = [claims.get(claim) for claim in claims.read()["id"]]
at_scale = (record for record in store.records() if fitted(record.run)[0].scale == scale)
origin = provenance_line((record for record in at_scale if record.run.corpus.name in corpora), "all")
verdicts.counted(judged)

# %% tags=["remove-input"]
origin

# %% tags=["hide-input"]
here = judged[judged.index.get_level_values("corpus") == corpus]["verdict"].value_counts()
exact = judged[judged.index.get_level_values("corpus") == ""]["verdict"].value_counts()
asked = here.drop(["circular here", "not testable here", "not run"], errors="ignore")
numbers = {
    "count_claims": len(every),
    "count_asked": asked.sum(),
    "count_holds": asked.get("holds here", 0),
    "count_direction": asked.get("in direction only", 0),
    "count_fails": asked.get("does not hold here", 0),
    "count_undecided": asked.get("undecided", 0),
    "count_not_run": here.get("not run", 0),
    "count_exact": exact.sum(),
    "count_exact_holds": exact.get("holds", 0),
}
for key, number in numbers.items():
    glue(key, int(number), display=False)

# %% [markdown]
# ## At a glance
#
# The verdict of each claim on studyforrest at desk scale, or of a calculation; a sign leads to its line below.

# %% tags=["hide-input"]
glance = Glance(every, judged, corpus)
glue("glance", glance, display=False)
glance

# %% [markdown]
# A corpus is *circular* for a claim if it was built so, and cannot *test* one of whose subject it has nothing:
# studyforrest has no voices, faces or bodies. *Not run* says that no recorded run gives the quantity; the line below says
# why. A claim about runs that rests on one seed is *undecided* by rule.
#
# ## Could nine speakers have shown it?
#
# The paper's tables compare systems on nine speakers, with one training each. How far such a difference moves by chance
# can be told from the intervals here: half of a 95 % interval is 1.96 standard errors, and these grow with the root of
# {glue:text}`people:.0f` stretches of film over nine speakers. The spread is that of studyforrest, and speakers may differ
# more or less than stretches of a film do. Where a quantity rests on one seed, no part of its spread is due to the start
# of the networks, and the power is an upper bound.

# %%
people = verdicts.people(store, corpus, scale)
powers = verdicts.powers(effects[corpus], people)
glue("people", people, display=False)
glue("count_powers", len(powers), display=False)
glue("count_able", int((powers["power"] >= 0.8).sum()), display=False)
powers.round(3)

# %% [markdown]
# Of the {glue:text}`count_powers:.0f` differences that the paper prints and these runs can size up,
# {glue:text}`count_able:.0f` are large enough that nine speakers would show them in four of five tests. The others may be
# true, and nine speakers would show them less often, with the probability in the column *power*: to be shown in four of
# five tests, a difference must be as large as the column *needed* says.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-power", "caption": "Differences that the paper prints (hollow diamonds), and what nine speakers would show in four of five tests (grey bar: anything inside it is too small). Spread from studyforrest at desk scale; paper's differences from its own tables."}, "image": {"alt": "One row for each claim whose size the paper prints, with a grey bar around zero and a hollow diamond inside or outside of it."}}
fig, ax = plt.subplots(figsize=(7.2, 0.6 + 0.26 * len(powers)))
verdict_overview.powers(powers, ax)
plt.show()

# %% tags=["remove-input"]
origin

# %% [markdown]
# ## Abstract and section 1


# %%
def cards(*sections):
    return Cards([claim for claim in every if claim.section in sections], judged, powers)


# %% tags=["remove-input"]
cards("abstract", "1")

# %% [markdown]
# ## Section 2: related work

# %% tags=["remove-input"]
cards("2")

# %% [markdown]
# ## Section 3: dataset

# %% tags=["remove-input"]
cards("3")

# %% [markdown]
# ## Section 4: approaches

# %% tags=["remove-input"]
cards("4.1", "4.3", "4.4", "4.5", "4.6")

# %% [markdown]
# ## Sections 5, 5.1, 5.2: features

# %% tags=["remove-input"]
cards("5", "5.1", "5.2")

# %% [markdown]
# ## Section 5.3: loss functions

# %% tags=["remove-input"]
cards("5.3")

# %% [markdown]
# ## Sections 5.4 and 5.5: directions, multi-task learning

# %% tags=["remove-input"]
cards("5.4", "5.5")

# %% [markdown]
# ## Sections 5.6 to 5.9: fusion, smoothing, the submitted run

# %% tags=["remove-input"]
cards("5.6", "5.7", "5.8", "5.9")

# %% [markdown]
# ## Section 6: conclusions

# %% tags=["remove-input"]
cards("6")
