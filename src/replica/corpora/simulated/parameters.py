"""Every number of the simulated cohort, with its unit and its source.

Frozen before any training, on 2026-11-22: no value was, or may be, chosen by how well a model does.
"assumed" means just that: a plausible size, taken from no measurement. Where a physical reason sets the order of
magnitude, it is given. Deviations are those of a unit-variance process unless a unit is named.
"""

from dataclasses import dataclass

# --- Cohort -----------------------------------------------------------------------------------------------------------
SPEAKERS = {"mini": 3, "full": 9}  # in each partition; section 3: "9 different speakers"
FRAMES = {"mini": 1001, "full": 7501}  # 40 s and 300 s at both ends; section 3: "the first five minutes"
LEAD_IN_SECONDS = 60.0  # simulated and thrown away, so that delays and filters have a past; three slow time constants

# --- State: arousal and valence that nobody sees ----------------------------------------------------------------------
SLOW_SECONDS, FAST_SECONDS = 20.0, 4.0  # assumed: moods of tens of seconds, reactions of some seconds
ONSET_SECONDS = 0.8  # second pole of both; assumed: an emotion cannot jump
SLOW_WEIGHT, FAST_WEIGHT = 0.75, 0.66  # squares add to 1: unit variance within a speaker
STATE_TRAIT = 0.5  # deviation between speakers; assumed
RELATION_MEAN, RELATION_DEVIATION = 0.25, 0.20  # correlation of valence with arousal, by person; assumed
RELATION_LIMIT = 0.8  # clipped there; assumed

# --- Talking, laughing, losing the face -------------------------------------------------------------------------------
TURN_MEDIAN_SECONDS, TURN_SIGMA = 3.0, 0.8  # log-normal turns and pauses; assumed: a sentence or two
TURN_AROUSAL = 0.25  # log of turn length per unit of arousal, minus that for pauses; assumed
TURN_TRAIT = 0.25  # talkative and silent people, log; assumed
LAUGHS_PER_MINUTE = 0.7  # assumed
LAUGH_AROUSAL, LAUGH_VALENCE = 0.3, 0.8  # log rate per unit; assumed
LAUGH_SECONDS = 1.5  # assumed
LAUGH_SMILE = 2.0  # intensity added to the smile; assumed
LOSSES_PER_MINUTE = 0.5  # the tracker loses the face; assumed
LOSS_MEDIAN_SECONDS, LOSS_SIGMA = 0.8, 0.8  # log-normal; assumed: a hand before the face, a turned head


# --- Cues -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cue:
    """How one cue follows the state, and how it is measured.

    Attributes:
        name: What it is.
        unit: Of the feature.
        arousal: Weight of arousal, at effect 1.
        valence: Weight of valence, at effect 1.
        seconds: Time constant of the cue's own wandering.
        scale: Units per deviation of the cue.
        noise: Deviation of the measurement noise in one frame, in deviations of the cue.
    """

    name: str
    unit: str
    arousal: float
    valence: float
    seconds: float
    scale: float
    noise: float


@dataclass(frozen=True)
class Channel:
    """Cues that share noise: without it, a regression would average the noise of many cues away.

    Attributes:
        cues: The cues of the channel.
        shared: Share of the noise variance that is common to them, "expressivity".
        shared_seconds: Its time constant.
        noise_seconds: Time constant of the measurement noise; 0 is a new error in each frame.
    """

    cues: tuple[Cue, ...]
    shared: float
    shared_seconds: float
    noise_seconds: float


CUE_TRAIT = 0.5  # deviation between speakers, in deviations of the cue: a fifth of the whole variance; assumed

# Weights: assumed, all of them. Louder, higher, faster and pressed with arousal; smiling shortens the vocal tract.
# Noise: assumed. F0 and level are read off each frame; effort, jitter, shimmer and formants are masked by the vowel.
VOICE = Channel(
    cues=(
        Cue("F0 level", "semitones", 0.55, 0.05, 1.5, 2.0, 1.0),
        Cue("F0 range", "%", 0.35, 0.10, 3.0, 25.0, 2.0),
        Cue("level", "dB", 0.60, 0.00, 1.5, 4.0, 1.0),
        Cue("effort", "dB of spectral tilt", 0.50, -0.05, 2.0, 1.0, 4.0),
        Cue("syllable rate", "%", 0.30, 0.05, 3.0, 12.0, 2.0),
        Cue("jitter", "%", 0.10, -0.05, 3.0, 35.0, 3.0),
        Cue("shimmer", "%", -0.10, 0.00, 3.0, 30.0, 3.0),
        Cue("formant scale", "%", 0.00, 0.25, 2.0, 2.5, 4.0),
        Cue("aspiration", "dB", -0.30, 0.00, 2.0, 4.0, 3.0),
    ),
    shared=0.5,  # assumed
    shared_seconds=2.0,  # assumed
    noise_seconds=0.2,  # one syllable, at five a second: what is said changes with it
)

# Weights: assumed. Smiling with pleasure, frowning with displeasure, brows and lids a little with arousal.
FACE = Channel(
    cues=(
        Cue("AU12 smile", "intensity", 0.10, 0.50, 2.5, 1.0, 0.3),
        Cue("AU4 frown", "intensity", 0.10, -0.30, 3.0, 1.0, 0.3),
        Cue("AU1+2 brows up", "intensity", 0.25, 0.00, 1.5, 1.0, 0.3),
        Cue("AU5 lids up", "intensity", 0.25, 0.05, 2.0, 1.0, 0.3),
        Cue("AU15 mouth corners down", "intensity", 0.00, -0.15, 3.0, 1.0, 0.3),
        Cue("head motion", "log energy", 0.25, 0.00, 4.0, 0.35, 1.0),
    ),
    shared=0.3,  # assumed
    shared_seconds=2.0,  # assumed
    noise_seconds=0.0,  # a tracker that looks at each frame by itself
)
FACE_EXPRESSIVITY = 0.3  # log of a person's gain on all action units, deviation; assumed
MOUTH_SECONDS = 0.1  # half a syllable: the jaw opens and closes once in each
MOUTH_NOISE = 0.3  # of the opening's deviation while talking; assumed

HEART = Channel(
    cues=(Cue("heart rate", "beats per minute", 0.20, -0.10, 15.0, 4.0, 0.0),),  # assumed; noise: see HEART_NOISE
    shared=0.0,
    shared_seconds=15.0,
    noise_seconds=0.0,
)
HEART_BASE, HEART_BASE_DEVIATION = 74.0, 9.0  # beats per minute at rest, adults sitting; assumed
HEART_LAG_SECONDS, HEART_SMOOTHING_SECONDS = 2.0, 4.0  # the sinus node answers within seconds; assumed
HEART_TALKING = 2.0  # beats per minute more while speaking; assumed
HEART_BREATHING = (0.25, 2.5)  # Hz and beats per minute: the rate follows the breath, fifteen a minute; size assumed
HEART_PRESSURE = (0.10, 1.5)  # Hz and beats per minute: the ten-second rhythm of blood pressure; size assumed
HEART_PHASE_WANDER = 0.3  # radians per square root of a second: breath is no clock; assumed
HEART_NOISE = 0.5  # beats per minute; assumed: an R peak misplaced by 4 ms

SKIN = Channel(
    cues=(
        Cue("SCR rate", "log rate", 0.35, 0.05, 10.0, 1.0, 0.0),  # assumed
        Cue("SCL", "log level", 0.15, 0.00, 20.0, 0.10, 0.0),  # assumed
    ),
    shared=0.3,  # both come from the same sweat glands; size assumed
    shared_seconds=10.0,  # assumed
    noise_seconds=0.0,
)
SCR_PER_MINUTE = 5.0  # skin conductance responses; assumed
SCR_LATENCY_SECONDS = (1.0, 3.0)  # slow nerve fibres and the filling of the ducts; assumed
SCR_WINDOW_SECONDS = 10.0  # trailing window of the counted rate: about one event
SCL_MEDIAN, SCL_SIGMA = 5.0, 0.4  # microsiemens and log: skins differ more between people than within; assumed
SCL_LAG_SECONDS, SCL_SMOOTHING_SECONDS = 3.0, 10.0  # sweat fills and dries slowly; assumed
SCL_NOISE = 0.02  # microsiemens; assumed

# --- Raters -----------------------------------------------------------------------------------------------------------
RATERS = 6  # section 3: "annotated by 6 French speakers"
# What is perceived: state, and behaviour that can be seen or heard. Never heart or skin. All weights assumed.
AROUSAL_STATE, AROUSAL_VOICE, AROUSAL_TALK = 0.70, 0.35, 0.25
VALENCE_STATE, VALENCE_SMILE, VALENCE_LAUGH = 0.75, 0.35, 0.20
USUAL_TALK, USUAL_SMILE = 0.5, 0.4  # what raters take as neutral: half the time; the mean of a rectified normal cue
# Total delay, motion of the hand included. Assumed; it holds the 2.4 to 3.6 s that the AVEC 2016 baseline found best
# for voice and face (Valstar et al. 2016, arXiv 1605.01600, Table 5).
DELAY_SECONDS = (2.0, 4.0)
DELAY_WANDER, DELAY_WANDER_SECONDS = 0.3, 30.0  # seconds; assumed: attention comes and goes
HAND_SECONDS = 0.5  # each of two low-passes: the hand on the slider; assumed
HOLD_FRAMES = 10  # 0.4 s: a hand moves in steps; assumed
RATER_NOISE, RATER_NOISE_SECONDS = 1.05, 8.0  # assumed: as much disagreement as there is to perceive
# Rating units per unit of percept: set so that the gold standard deviates by about 0.19 and 0.12, the one pair that
# agrees with all printed rows of the paper's tables (a marginal, not a result).
RATER_GAIN = (0.19, 0.11)
RATER_GAIN_SIGMA = 0.25  # log, between raters; assumed
RATER_BIAS = 0.10  # rating units, of each rater in each recording; assumed
