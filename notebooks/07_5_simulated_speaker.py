# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (simulated-speaker)=
# # A simulated speaker
#
# **Of {glue:text}`pairs:d` pairs of a planted cue and the column that should follow it, {glue:text}`count_recovered:d`
# are recovered, {glue:text}`count_partly:d` in part and {glue:text}`count_not:d` not.** Pitch, level, talking lips,
# heart rate and the level of the skin arrive at the feature sets; how hard a voice is pressed arrives faintly, and
# which way a smile shifts the formants does not. So results on simulated recordings are results on what the extractors
# pass on, and not on what was planted.
#
# The paper's corpus is given out under an agreement. `replica simulate` makes recordings that nobody needs an agreement
# for, since nobody was recorded: a voice, a face, an ECG, skin conductance and six raters, from a seed. From there on
# the extractors, the loader and the networks are those for the real corpus. This page shows one speaker of corpus
# `simulated`, {glue:text}`speaker` of the cohort of seed {glue:text}`seed:d`, chosen since this skin responds often,
# and says table by table what such recordings can show.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import HTML
from myst_nb import glue

from replica import claims, corpora, figures, paths, printed, recovery, simulation
from replica.conventions import DIMENSIONS, FRAME_SECONDS
from replica.corpora import simulated
from replica.corpora.simulated import parameters
from replica.corpora.simulated.voice import SAMPLING_RATE_HZ
from replica.corpora.simulated_signals import Cohort
from replica.experiments import effect_and_delay
from replica.figures import effect_and_delay as two_numbers
from replica.figures import simulated_speaker as drawn
from replica.gold_standard import gold_standard, rater_weights
from replica.provenance_line import provenance_line
from replica.store import Store

figures.use_style()

# %% tags=["parameters"]
seed = 0
speaker = "dev_3"

# %%
cohort = Cohort(seed=seed, size="full")
number = cohort.speakers[speaker]
recorded = simulation.record(seed, number, cohort.frames)
truth = simulated.speaker(seed, number, cohort.frames)
seconds = np.arange(cohort.frames) * FRAME_SECONDS
voiced = recorded.voice.f0_hz > 0
glue("speaker", speaker, display=False)
glue("seed", seed, display=False)
print(f"{speaker}: {seconds[-1]:.0f} s, talks {recorded.performance.talk.mean():.0%} of the time")

# %% [markdown]
# ## Listen
#
# The voice says no words: vowels and hisses in a clock of syllables, with a melody. State moves its pitch, level, tempo
# and quality. These are the {glue:text}`heard:d` s with the most voice in them.

# %% tags=["hide-input", "nbval-ignore-output"]
HEARD = 12
start = drawn.loudest(voiced, HEARD)
heard = (seconds[start], seconds[start] + HEARD)
samples = slice(round(heard[0] * SAMPLING_RATE_HZ), round(heard[1] * SAMPLING_RATE_HZ))
f0 = recorded.voice.f0_hz[start : start + round(HEARD / FRAME_SECONDS)]
told = (
    f"{HEARD} seconds of a synthetic voice, from {heard[0]:.0f} s on: syllables without words, at a pitch around "
    f"{np.median(f0[f0 > 0]):.0f} Hz that rises and falls, with short pauses."
)
HTML(drawn.player(recorded.voice.signal[samples], SAMPLING_RATE_HZ, told))

# %% [markdown]
# ## Look
#
# 49 landmarks move with the same syllables, with five action units, blinks and the head; grey patches are painted from
# them, as a camera and an aligner would give them. Dots are what a tracker reports, with its noise.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-simulated-faces", "caption": "A painted face that smiles, frowns and talks. Patches of 48 x 48 pixels at the moments at which one thing is strongest, and tracked landmarks over them; one speaker of corpus simulated."}, "image": {"classes": "dark-light", "alt": "Six small grey pictures of a drawn face with eyebrows, eyes, nose and mouth, covered with 49 orange dots: at rest, with a wide smile, with drawn brows, with raised brows, with an open mouth, and with lowered corners of the mouth."}}
expressions = np.where(truth.face_found[:, None], recorded.performance.expressions, np.nan)
opening = np.where(truth.face_found, recorded.voice.opening, np.nan)
moments = {int(np.nanargmin(expressions[:, :5].sum(axis=1) + opening)): "at rest"}
for name, values in zip(("smile", "frown", "brows up"), expressions.T, strict=False):
    moments[int(np.nanargmax(values))] = name
moments |= {int(np.nanargmax(opening)): "talking", int(np.nanargmax(expressions[:, 4])): "corners down"}
drawn.faces(recorded.face.patches, recorded.face.landmarks, moments, plt.figure(figsize=(7.2, 5.2)))
plt.show()

# %% [markdown]
# ## State, percept, raters
#
# A state that nobody sees drives the cues. Raters perceive it together with what can be heard and seen, loud voice,
# talk, smile, laughter, and answer late, with noise, by a hand that moves in steps; heart and skin they never perceive.
# No feature sees the state or the raters, and no rater sees a feature.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-simulated-raters", "caption": "The gold standard (thick, below) follows what is perceived some seconds late, and flattened. Above, state (grey) and percept (pink), in deviations; below, six raters (blue), in rating units. Left arousal, right valence; one speaker of corpus simulated."}, "image": {"alt": "Four panels over 300 seconds. Above, a grey line and a pink one that jumps around it, for arousal and for valence. Below, six thin blue traces and a thick line between them that rises and falls with the pink one, a little later."}}
EACH = 10  # frames: what is drawn, 0.4 s apart
gold = gold_standard(truth.annotations)[::EACH]
rated = truth.annotations[:, ::EACH]
figure = plt.figure(figsize=(8.4, 4.6))
drawn.perceived(truth.state[::EACH], truth.percept[::EACH], rated, gold, figure, frame_seconds=EACH * FRAME_SECONDS)
plt.show()

# %% [markdown]
# How the whole cohort of {glue:text}`people:d` people compares with what is printed of the real one: the deviation of
# the gold standard, which the paper's tables confine ({ref}`forensics`), and the mean CCC of two raters of one
# recording, published for the challenge of the following year on the same 27 people, before normalisation
# {cite:p}`valstar2016`.

# %%
allowed = printed.gold_deviations()
published = pd.read_csv(paths.reference() / "rater_agreement.csv", index_col="target").loc[list(DIMENSIONS), "ccc"]
people = corpora.load("simulated", seed=seed).recordings
golds = np.concatenate([person.gold for person in people])
agreement = np.mean([rater_weights(person.annotations).mean(axis=0) for person in people], axis=0)
glue("people", len(people), display=False)
glue("agree_arousal", round(float(agreement[0]), 3), display=False)
glue("agree_valence", round(float(agreement[1]), 3), display=False)
pd.DataFrame(
    {
        "gold, deviation": golds.std(axis=0).round(3),
        "printed (paper)": [f"{of.low:.3f} to {of.high:.3f}" for of in allowed.values()],
        "two raters, CCC": agreement.round(3),
        "published": published.to_numpy(),
    },
    index=DIMENSIONS,
)

# %% [markdown]
# The deviations are no finding: the raters' gains were set so that they come out about there. The agreement was not
# set; the raters' noise was assumed to be as large as what there is to perceive. With {glue:text}`agree_arousal:.3f`
# and {glue:text}`agree_valence:.3f` simulated raters stand closer to each other in arousal and less close in valence
# than real ones did, if both were computed alike; how the published ones pool recordings is not said.
#
# ## Signals, and what is measured of them

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-simulated-signals", "caption": "Pitch, level, heart rate and skin, as planted (orange) and as measured from the recording (blue). 60 s around what can be listened to (shaded). F0 by the tracker of the short-time set, level of each frame of 40 ms, heart rate from detected R peaks, skin conductance itself, whose responses stand on the planted level; one speaker of corpus simulated."}, "image": {"alt": "Four panels over 60 seconds. A blue line of F0 lies on short orange stretches and drops below them at their ends. The level jumps between speech and a quiet room, below or at an orange line. The two lines of the heart rate lie on each other. The skin's conductance rises from the planted level in four steep hills and falls back to it."}}
SHOWN = 1500  # frames, 60 s
first = int(np.clip(start - 600, 0, cohort.frames - 1 - SHOWN))
drawn.signals(recovery.side_by_side(recorded, first, SHOWN), heard, plt.figure(figsize=(8.4, 6.4)))
plt.show()

# %% [markdown]
# (planted-extracted)=
# ## Planted against extracted
#
# A cue that was planted is not yet a cue that is measured: vowels mask the tilt of a voice, an open mouth narrows a
# smile. For the nine speakers of the development partition, each planted cue is compared with one column of `replica
# features` that should follow it: a CC within each speaker, over the frames where both exist, and its mean with a 95 %
# interval over speakers. A window is compared with the mean of the cue over the same window.
#
# Pairs (`replica.planted`) and words (`replica.recovery`) were laid down before this measurement: *recovered* if the
# interval lies above 0.5, *partly* if above 0, else *not recovered*. A column that should fall as its cue rises counts
# with its sign turned. The cohort is that of seed 0, its speakers are those of section 5's simulated signals.

# %%
found = recovery.table(recovery.measured())

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-recovered", "caption": "Pitch, level, talking, heart rate and skin level arrive at their columns; the quality of the voice arrives in part or not at all. Mean CC within a speaker, with 95 % intervals over nine speakers; corpus simulated, full cohort of seed 0."}, "image": {"alt": "One row for each of 22 pairs of a cue and a column. Blue dots right of 0.5: F0, level, frown, visible talking, heart rate, skin conductance level. Orange squares between 0 and 0.6: most others. Red crosses at or left of 0: three, two columns for effort and one for the formants."}}
drawn.recovered(found, plt.figure(figsize=(8.4, 6.4)).subplots())
plt.show()

# %% [markdown]
# The same in numbers, in the same order:

# %%
found.droplevel("column").round({"cc": 2, "low": 2, "high": 2}).drop(columns="frames")

# %% tags=["hide-input"]
counts = found["verdict"].value_counts()
for key, word in {"recovered": "recovered", "partly": "partly", "not": "not recovered"}.items():
    glue(f"count_{key}", int(counts.get(word, 0)), display=False)
cc = found["cc"].round(3).droplevel("feature")
wanted = {"by_frame": "F0, by frame", "over_3_s": "F0, over 3 s", "smile": "AU12 smile", "talking": "visible talking"}
for key, cue in wanted.items():
    glue(key, float(cc[cue].iloc[0]), display=False)
glue("pairs", len(found), display=False)
glue("heard", HEARD, display=False)
glue("effort_alpha", float(cc["effort", "alphaRatioV_sma3nz_amean"]), display=False)
glue("effort_h1h2", float(cc["effort", "logRelF0-H1-H2_sma3nz_amean"]), display=False)

# %% [markdown]
# F0 arrives over 3 s with {glue:text}`over_3_s:.3f`, where eGeMAPS' tracker hears it, and by frame with
# {glue:text}`by_frame:.3f`: frames of 40 ms serve the tracker of 2010 badly ({ref}`sec4-1`). Visible talking is the
# best recovered cue of the face, {glue:text}`talking:.3f`, and since talk is perceived as arousal, **a simulated face tells of
# arousal by talking alone**; `--closed-mouth` is the control for that. The width of the mouth follows the smile with
# {glue:text}`smile:.3f`; it also narrows with every open vowel.
#
# Effort was planted as a tilt of the spectrum above 1000 Hz. The alpha ratio follows with
# {glue:text}`effort_alpha:.3f`. The first two harmonics lie below that frequency, so that their difference should not;
# it leans the other way, {glue:text}`effort_h1h2:.3f` after its sign is turned. Why was not looked into. openSMILE's
# second formant does not follow the planted shift of the formants. Components of the appearance have no meaning of
# their own and are not compared, and head motion has no column, since faces are aligned before anything is measured.
#
# ## What is circular and what is not
#
# The weights say which channel tells of which dimension. They were assumed before any training:

# %%
channels = {"voice": parameters.VOICE, "face": parameters.FACE, "heart": parameters.HEART, "skin": parameters.SKIN}
pd.DataFrame(
    [[max(abs(getattr(cue, d)) for cue in channel.cues) for d in DIMENSIONS] for channel in channels.values()],
    index=channels,
    columns=[f"largest weight of {d}" for d in DIMENSIONS],
)

# %% [markdown]
# An order of modalities that results from this table repeats it. What was not put in by hand can be asked, as far as
# the rest of the world, noise, delays, number of people, is like this one:
#
# | of the paper | here | why |
# | --- | --- | --- |
# | Table 2, which modality serves which dimension | circular | it is the table above; what can be asked is how much of it each extractor passes on |
# | Table 2, appearance beside geometry | partly meaningful | one face, two extractors; but it is a painted face |
# | Table 3, short-time beside long-time audio | conditional | one sound, two extractors, no window planted; which is ahead depends on assumed time constants and the raters' delay. Arousal and valence have the same time constants here, so that "valence is more related to longer time period" cannot be the reason for anything seen |
# | Tables 4 and 5, losses | meaningful | no loss was planted; how a loss treats noisy labels depends on how noisy they are, which was assumed |
# | Table 6, direction | meaningful | the cause comes before the label by the raters' delay; with `--delay-seconds 0` it does not |
# | Table 7, multi-task | half circular | how much one dimension tells of the other was put in, as a correlation that differs from person to person; with `--correlation` it is the same for all |
# | Tables 8 and 9, early fusion and the new structure | conditional | what a modality adds was put in, and so were the lags of heart and skin and the raters' delay; the windows of the extractors were not. {ref}`Section 4.5 <sec4-5>` moves tracks, which have no such windows but that of the skin's responses |
# | Table 10, late fusion, with its one held-out recording | meaningful | whether a gain on nine people is there on nine others does not depend on where it comes from |
# | Table 11, smoothing and its direction | meaningful | nothing about it was planted but the raters' delay |
# | Table 12, from dev to test | values circular, gap meaningful | choosing on nine people is the same act in any world |
# | arousal easier than valence | circular | set by the weights |
#
# Which claims this makes *circular here* stands in `reference/claims.csv`, and with each verdict on {ref}`the page of
# all claims <claims>`.
#
# (two-assumed-numbers)=
# ## Two assumed numbers
#
# How much cues show, and how late raters answer, was assumed. What hangs on it can be asked by changing one of the two and
# nothing else: the same people, the tracks of their cues (corpus `simulated`, desk scale; cohorts:
# {glue:text}`world_cohorts:.0f`), all feature sets side by side, CCC on test. The option `effect` scales what cues show of the
# state, and what raters see of the behaviour, talk and laughter with it; their noise stays, so that a gold standard of less effect is
# noisier too. At no effect stands the control of sections {ref}`2 <sec2>` and {ref}`5.3 <sec5-3>`. The option `delay_seconds` gives
# all raters one delay; in the corpus each has their own, of 2 to 4 s.

# %%
world = effect_and_delay.recorded(Store(paths.results()))
effect_and_delay.table(world).round(3)

# %% tags=["remove-input"]
world_origin = provenance_line(world, effect_and_delay)
world_origin

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-effect-and-delay", "caption": "CCC rises with what cues show; a forward LSTM needs raters that are late, a BLSTM does not. Test CCC of four systems on all feature sets side by side, by one assumed number at a time, with 95 % intervals over people of two cohorts; grey bars reach as high as shifted labels do for any of the systems (97.5 % point); corpus simulated, desk scale."}, "image": {"alt": "Four panels, arousal above and valence below. On the left four lines rise steeply from the grey bar of chance at an effect of 0.25 to about 0.4 at 1, the ridge below the networks but at the end of valence. On the right, against delays of 0, 2 and 4 seconds, the two LSTMs start lower and rise to the level at which the BLSTM stays throughout, above it for valence; the ridge is nearly level."}}
two_numbers.panels({dimension: world.summary(dimension) for dimension in DIMENSIONS}, plt.figure(figsize=(8.4, 6.4)))
plt.show()

# %% tags=["remove-input"]
world_origin

# %% [markdown]
# What was expected was written down before any network was trained at a value that is not the corpus' own: that CCC rises with each
# step of the effect; that -ccc gains more over mse where cues show little, since mse shrinks what it cannot explain, though there
# is less to gain; and that a second direction gains more where raters are not late, since part of what tells of a moment, as slow
# answers of heart and skin do, then comes after it. Each is a difference of test CCC, mean over arousal and valence; it
# came *as expected* if its 95 % interval lies above 0. Two cohorts tell how people differ and hardly how cohorts do, so each
# stands beside the interval.

# %%
expected = effect_and_delay.expectations(Store(paths.results()))
expected.round(3)

# %%
claims.confirm(", ".join(expected["came"]), "as expected, as expected, undecided, as expected")

# %% [markdown]
# So **how much a BLSTM is worth here hangs on how late the simulated raters are**: over the LSTM, both with -ccc, it gains
# {glue:text}`both_ways_0:.3f` where they answer at once and {glue:text}`both_ways_4:.3f` where they answer 4 s late, in the
# mean over arousal and valence. A difference of the two networks, such as the paper's ({ref}`sec5-4`), may owe as much to the
# raters as to the networks. That -ccc is worth more where cues show little did not come out: with all feature sets side by side
# it lies near mse at every effect.

# %% tags=["hide-input"]
glue("world_cohorts", len(world.seeds), display=False)
means = np.mean([world.table(dimension).loc["mean"] for dimension in DIMENSIONS], axis=0)
ccc = dict(zip(world.systems, means, strict=True))
for delay in (0, 4):
    both_ways, forward = (ccc["delay_seconds", delay, name] for name in (effect_and_delay.BLSTM, effect_and_delay.CCC))
    glue(f"both_ways_{delay}", round(float(both_ways - forward), 3), display=False)

# %% [markdown]
# ## What this page cannot say
#
# Anything about people. One column was asked for each cue; several together may tell more of it. The voice has no
# words, the partner is missing, all speakers share one set of weights, and a painted face under even light is easier to
# track than a real one. Planted cues were compared with their columns on one cohort, whose nine speakers were drawn from one
# distribution; the intervals hold for other speakers of that kind and for no other kind.
#
# The strength of the effect, the raters' delay and the correlation of arousal and valence are options of `replica
# simulate`, and so is a closed mouth. Cohorts that differ in the first two are compared above, and those that differ in the
# correlation in {ref}`section 2 <sec2>`, all by the tracks of their cues. Of signals only the cohort
# without effect has been trained on besides the corpus' own ({ref}`sec5-1`), and no faces with a closed mouth.
