# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (ambiguities)=
# # What the paper leaves open
#
# **{glue:text}`places` places of the paper leave a choice, contradict each other, or hold a misprint.** Here they are,
# place by place, with what was chosen and why. For {glue:text}`switches` of them more than one reading can be computed:
# those are the fields of `replica.runs.Assumptions`, and a run that departs from a default names it.
#
# The rule behind the choices: the paper's text where it speaks, else what the authors' software did
# ([What the authors' software did](authors-software)), else what is usual. No choice was made by looking at which one
# scores better.

# %%
import dataclasses

import pandas as pd
from IPython.display import Markdown
from myst_nb import glue

from replica import claims, paths
from replica.runs import Assumptions

# %% tags=["parameters"]
place = ""  # show only places that hold this text, such as "5.7"; empty: all

# %%
listed = pd.read_csv(paths.reference() / "ambiguities.csv", keep_default_na=False)
switched = listed[listed["assumption"] != ""]
glue("places", len(listed), display=False)
glue("switches", len(switched), display=False)
listed.groupby("group", sort=False).agg(places=("number", "size"), switches=("assumption", lambda a: (a != "").sum()))

# %%
fields = [field.name for field in dataclasses.fields(Assumptions)]
claims.confirm("every switch" if sorted(switched["assumption"]) == sorted(fields) else "not all", "every switch")

# %% tags=["hide-input"]
text = ""
shown = listed[listed["place"].str.contains(place, regex=False)]
for group, rows in shown.groupby("group", sort=False):
    text += f"\n## {group}\n"
    for row in rows.itertuples():
        switch = f" *Switch:* `{row.assumption}`." if row.assumption else ""
        text += f"\n**{row.number} · {row.place[0].upper() + row.place[1:]}.** {row.issue}.<br>\n"
        text += f"*Chosen:* {row.chosen}. *Why:* {row.why}.{switch}\n"
Markdown(text)

# %% [markdown]
# ## The switches
#
# Their values, the default first. How CCC pools recordings is no switch: every record holds what both ways need.

# %% tags=["hide-input"]
values = {field.name: ", ".join(str(v) for v in field.type.__args__) for field in dataclasses.fields(Assumptions)}
pd.set_option("display.max_colwidth", None)
pd.Series(values, name="values").rename_axis("field").to_frame()
