"""The simulated cohort: processes against their formulas, streams, raters' delay, and the control without effect."""

from dataclasses import replace

import numpy as np
import pytest

from replica import corpora
from replica.corpora import simulated
from replica.corpora.simulated import cues, latents, parameters, processes, raters
from replica.gold_standard import gold_standard

FRAME_SECONDS = 0.04
FRAMES = 5001


@pytest.fixture
def rng():
    return np.random.default_rng(11)


@pytest.fixture(scope="module")
def speakers():
    return [simulated.speaker(2, number, FRAMES) for number in range(1, 13)]


def correlation(x, y):
    return np.corrcoef(x, y)[0, 1]


def lag_seconds(early, late):
    """By how much the second series follows the first, where their correlation is highest; negative: it leads."""
    shifts = np.arange(-75, 151)
    inner = slice(200, len(early) - 200)
    best = max(shifts, key=lambda s: correlation(early[inner], np.roll(late, -s)[inner]))
    return best * FRAME_SECONDS


def without(cue_weights_of):
    """A channel whose cues do not follow the state."""
    return replace(cue_weights_of, cues=tuple(replace(cue, arousal=0.0, valence=0.0) for cue in cue_weights_of.cues))


# --- Hand values


def test_cohorts_have_the_challenge_s_names_and_lengths():
    corpus = corpora.load("simulated", size="mini")
    names = [f"{p}_{n}" for p in ("train", "dev", "test") for n in (1, 2, 3)]
    assert [r.name for r in corpus.recordings] == names
    assert {r.frames for r in corpus.recordings} == {1001}
    assert corpus.feature_widths == {"voice": 10, "face": 7, "heart": 1, "skin": 2}
    assert {r.annotations.shape for r in corpus.recordings} == {(6, 1001, 2)}


def test_the_full_cohort_has_nine_speakers_of_five_minutes_in_each_partition():
    assert (parameters.SPEAKERS["full"], parameters.FRAMES["full"]) == (9, 7501)
    assert corpora.load("simulated").recordings[-1].name == "test_9"


def test_a_speaker_keeps_the_number_in_a_small_cohort():
    mini = corpora.load("simulated", size="mini", seed=5)
    (dev_2,) = (r for r in mini.recordings if r.name == "dev_2")
    np.testing.assert_array_equal(dev_2.features["voice"], simulated.speaker(5, 11, 1001).features["voice"])


def test_gold_is_made_from_the_annotations():
    recording = corpora.load("simulated", size="mini").recordings[4]
    np.testing.assert_allclose(recording.gold, gold_standard(recording.annotations), atol=1e-6)  # float32


def test_the_first_numbers_of_version_tracks_1():
    # From the first run of this version: another number here is another cohort, and needs another version.
    state = simulated.speaker(0, 1, 1001).state
    expected = [
        [0.33736143172154986, -0.8996383286695171],
        [1.8972066806673524, -1.8184810022855462],
        [2.647336108392362, -1.6740449238469468],
    ]
    np.testing.assert_allclose(state[[0, 500, 1000]], expected, atol=1e-9)
    annotations = simulated.speaker(7, 19, 1001).annotations
    expected = [
        [0.09917766757273522, -0.3789459087443159],
        [-0.03575992176874809, -0.05146465721157779],
        [-0.5832698831935329, -0.44355451306076765],
    ]
    np.testing.assert_allclose(annotations[0, [0, 500, 1000]], expected, atol=1e-9)


def test_delayed_by_hand():
    x = np.array([0.0, 1, 4, 9])
    np.testing.assert_allclose(processes.delayed(x, 0.04), [0, 0, 1, 4])
    np.testing.assert_allclose(processes.delayed(x, 0.02), [0, 0.5, 2.5, 6.5])
    np.testing.assert_allclose(processes.delayed(x, -0.08), [4, 9, 9, 9])
    np.testing.assert_allclose(processes.delayed(x, np.array([0, 0.04, 0.08, 0])), [0, 0, 0, 9])


def test_spans_by_hand():
    np.testing.assert_array_equal(
        latents.spans(np.array([1, 2, 7]), np.array([0.04, 0.12, 9]), 9), [0, 1, 1, 1, 1, 0, 0, 1, 1]
    )


def test_held_values_change_every_tenth_frame():
    held = raters._held(np.arange(25.0), 3)
    np.testing.assert_array_equal(held, [0] * 3 + [3] * 10 + [13] * 10 + [23] * 2)


# --- Independent formulas


def test_low_pass_delays_a_ramp_by_its_stated_lag():
    ramp = np.arange(2000.0) * FRAME_SECONDS
    lag = (ramp - processes.low_pass(ramp, 0.5))[-1]
    assert lag == pytest.approx(processes.low_pass_lag(0.5), abs=1e-9)


def test_slow_noise_is_stationary_with_its_time_constant(rng):
    noise = processes.slow_noise(rng, 0.4, (12, 100_000))
    np.testing.assert_allclose(noise.var(axis=1), 1, atol=0.02)  # five deviations of a variance of 1e5 draws
    assert correlation(noise[0], noise[10]) == pytest.approx(np.exp(-1), abs=0.015)


def test_white_noise_has_no_memory(rng):
    noise = processes.slow_noise(rng, 0, (2, 100_000))
    assert abs(correlation(*noise)) < 0.015


def test_smooth_noise_has_unit_variance_by_its_impulse_response():
    class Impulse:
        def standard_normal(self, frames):
            return np.eye(1, frames)[0]

    response = processes.smooth_noise(Impulse(), 20.0, 0.8, 20_000)
    assert (response**2).sum() == pytest.approx(1, abs=1e-9)
    # Two real poles: the ratio of neighbours tends to the slower one.
    assert response[9001] / response[9000] == pytest.approx(np.exp(-0.04 / 20), abs=1e-9)


def test_cues_follow_their_formula(rng):
    state = rng.standard_normal((40_000, 2))
    values = cues.cues(rng, parameters.VOICE, state, 1.0)
    values = values - values.mean(axis=0)
    weights = np.linalg.lstsq(state, values, rcond=None)[0].T
    expected = [(cue.arousal, cue.valence) for cue in parameters.VOICE.cues]
    np.testing.assert_allclose(weights, expected, atol=0.05)  # the noise is slow: some thousand free draws
    noise = values - state @ weights.T
    shared = np.cov(noise.T)
    f0, formants = 0, 7
    variance = [1 - 0.55**2 - 0.05**2, 1 - 0.25**2]
    np.testing.assert_allclose([shared[f0, f0], shared[formants, formants]], variance, rtol=0.15)
    assert shared[f0, formants] == pytest.approx(0.5 * np.sqrt(np.prod(variance)), rel=0.25)


def test_states_hold_little_above_a_tenth_of_a_hertz(speakers):
    power = sum((np.abs(np.fft.rfft((s.state - s.state.mean(axis=0)), axis=0)) ** 2).sum(axis=1) for s in speakers)
    hertz = np.fft.rfftfreq(FRAMES, FRAME_SECONDS)
    assert 0.88 < power[hertz < 0.1].sum() / power.sum() < 0.97
    assert power[hertz > 1].sum() / power.sum() < 0.002


# --- Relations


def test_a_speaker_is_a_function_of_seed_and_number():
    one, again, other, next_seed = (simulated.speaker(s, n, 300) for s, n in ((1, 4), (1, 4), (1, 5), (2, 4)))
    for name in one.features:
        np.testing.assert_array_equal(one.features[name], again.features[name])
        assert not np.array_equal(one.features[name], other.features[name])
        assert not np.array_equal(one.features[name], next_seed.features[name])
    np.testing.assert_array_equal(one.annotations, again.annotations)


def test_no_stream_is_another_stream():
    draws = [processes.generator(0, 1, stream).random() for stream in processes.STREAMS]
    assert len(set(draws)) == len(draws)


@pytest.mark.parametrize(
    ("channel", "name"), [("VOICE", "voice"), ("FACE", "face"), ("HEART", "heart"), ("SKIN", "skin")]
)
def test_a_change_of_one_channel_leaves_the_others_alone(monkeypatch, channel, name):
    before = simulated.speaker(0, 1, 500)
    changed = getattr(parameters, channel)
    # One cue fewer would be another number of draws; a changed weight alone would not show a shared generator.
    changed = replace(changed, cues=(*changed.cues[:-1], replace(changed.cues[-1], arousal=0.9, valence=0.1)))
    monkeypatch.setattr(parameters, channel, changed)
    monkeypatch.setattr(parameters, "MOUTH_SECONDS", 0 if channel == "FACE" else parameters.MOUTH_SECONDS)
    after = simulated.speaker(0, 1, 500)
    np.testing.assert_array_equal(before.state, after.state)
    for other in before.features:
        assert np.array_equal(before.features[other], after.features[other]) == (other != name)


@pytest.mark.parametrize("channel", ["voice", "face", "heart", "skin"])
def test_more_draws_in_one_stream_leave_the_others_alone(monkeypatch, channel):
    before = simulated.speaker(0, 1, 500)
    original = getattr(cues, channel)

    def drawing_more(rng, *arguments):
        track = original(rng, *arguments)
        rng.random(7)
        return track

    monkeypatch.setattr(cues, channel, drawing_more)
    after = simulated.speaker(0, 1, 500)
    for name in before.features:
        np.testing.assert_array_equal(before.features[name], after.features[name])
    np.testing.assert_array_equal(before.annotations, after.annotations)


def test_the_same_six_people_rate_every_speaker(monkeypatch):
    seen = []
    original = raters.annotate
    monkeypatch.setattr(
        raters, "annotate", lambda rng, percept, rater: seen.append(rater) or original(rng, percept, rater)
    )
    for number in (1, 2):
        simulated.speaker(0, number, 100)
    first, second = seen[:6], seen[6:]
    assert [r.delay_seconds for r in first] == [r.delay_seconds for r in second]
    np.testing.assert_array_equal([r.gain for r in first], [r.gain for r in second])
    assert len({r.delay_seconds for r in first}) == 6


def test_raters_see_neither_heart_nor_skin(monkeypatch):
    before = simulated.speaker(0, 1, 500).annotations
    for channel in ("HEART", "SKIN"):
        monkeypatch.setattr(parameters, channel, without(getattr(parameters, channel)))
    np.testing.assert_array_equal(before, simulated.speaker(0, 1, 500).annotations)


def test_raters_hear_the_voice_and_see_the_face(monkeypatch):
    before = simulated.speaker(0, 1, 500).percept
    monkeypatch.setattr(parameters, "VOICE", without(parameters.VOICE))
    heard = simulated.speaker(0, 1, 500).percept
    assert not np.array_equal(before[:, 0], heard[:, 0]) and np.array_equal(before[:, 1], heard[:, 1])
    monkeypatch.setattr(parameters, "FACE", without(parameters.FACE))
    seen = simulated.speaker(0, 1, 500).percept
    assert np.array_equal(heard[:, 0], seen[:, 0]) and not np.array_equal(heard[:, 1], seen[:, 1])


def test_without_effect_raters_see_the_state_alone():
    speaker = simulated.speaker(0, 1, 500, effect=0.0)
    np.testing.assert_allclose(speaker.percept, speaker.state * [0.70, 0.75], atol=1e-12)


@pytest.mark.parametrize("effect", [0.0, 1.0])
def test_without_effect_no_feature_hangs_on_the_state(monkeypatch, effect):
    before = simulated.speaker(0, 1, 2000, effect=effect).features
    original = latents.state
    monkeypatch.setattr(latents, "state", lambda *arguments: -original(*arguments))
    after = simulated.speaker(0, 1, 2000, effect=effect).features
    assert [np.array_equal(before[name], after[name]) for name in before] == [effect == 0] * 4


def test_without_effect_the_gold_standard_is_unrelated_to_the_cues():
    def mean_correlation(effect):
        cohort = [simulated.speaker(3, number, FRAMES, effect=effect) for number in range(1, 13)]
        talking = [correlation(s.features["voice"][:, 2], gold_standard(s.annotations)[:, 0]) for s in cohort]
        smiling = [correlation(s.features["face"][:, 0], gold_standard(s.annotations)[:, 1]) for s in cohort]
        return np.mean([talking, smiling], axis=1)

    assert np.abs(mean_correlation(0.0)).max() < 0.1
    assert mean_correlation(1.0).min() > 0.15


def test_the_latent_state_is_correlated_with_its_cues_as_planted(speakers):
    voice = [correlation(s.features["voice"][:, 0][t], s.state[:, 0][t]) for s, t in talking(speakers)]
    smile = [correlation(s.features["face"][:, 0], s.state[:, 1]) for s in speakers]
    frown = [correlation(s.features["face"][:, 1], s.state[:, 1]) for s in speakers]
    assert np.mean(voice) > 0.25 and np.mean(smile) > 0.3 and np.mean(frown) < -0.1


def talking(speakers):
    return [(s, s.features["voice"][:, -1] == 1) for s in speakers]


def test_a_silent_voice_and_a_lost_face_are_zeros(speakers):
    for s, talks in talking(speakers):
        assert not s.features["voice"][~talks].any()
        assert not s.features["face"][~s.face_found].any()
        assert s.features["voice"][talks].all() and s.features["face"][s.face_found].all()
    assert 0.002 < 1 - np.mean([s.face_found.mean() for s in speakers]) < 0.03
    assert 0.35 < np.mean([t.mean() for _, t in talking(speakers)]) < 0.65


def test_the_mouth_opens_with_talk(speakers):
    mouth = np.concatenate([s.features["face"][s.face_found, -1] for s in speakers])
    talk = np.concatenate([t[s.face_found] for s, t in talking(speakers)])
    assert mouth[talk].mean() == pytest.approx(np.sqrt(2 / np.pi), abs=0.03)  # the mean of a rectified normal
    assert mouth[~talk].mean() == pytest.approx(0, abs=0.01)


def test_heart_and_skin_are_in_their_units(speakers):
    heart = np.concatenate([s.features["heart"] for s in speakers])
    responses, level = np.concatenate([s.features["skin"] for s in speakers]).T
    assert heart.min() > 35 and heart.max() < 140
    assert set(np.unique(responses) % 6) == {0}  # events in ten seconds, per minute
    assert 3 < responses.mean() < 8
    assert level.min() > 0.5


# --- One correlation of arousal and valence for all


@pytest.mark.parametrize("asked", [-0.5, 0.0, 0.6, 1.0])
def test_a_correlation_that_is_asked_for_is_that_of_the_states(asked):
    """Over time within a speaker, in the mean of many; a slow process of 200 s holds some ten free draws."""
    states = [latents.state(processes.generator(4, n, "state"), FRAMES, asked) for n in range(200)]
    realised = np.array([correlation(*state.T) for state in states])
    error = realised.std() / np.sqrt(len(realised))
    assert realised.mean() == pytest.approx(asked, abs=3 * error + 0.02)  # in short stretches r leans towards 0
    assert (error > 0.005) == (asked < 1)  # each by itself scatters, unless both are one


def test_a_correlation_changes_valence_alone():
    own, asked = (latents.state(processes.generator(4, 1, "state"), FRAMES, r) for r in (None, 0.8))
    np.testing.assert_array_equal(own[:, 0], asked[:, 0])
    assert correlation(*asked.T) > correlation(*own.T) + 0.2
    independent = latents.state(processes.generator(4, 1, "state"), FRAMES, 0.0)
    assert (
        np.ptp(asked[:, 1] - 0.8 * own[:, 0] - 0.6 * independent[:, 1]) < 1e-12
    )  # by the formula; traits are constant


def test_a_correlation_reaches_cues_and_raters():
    own, asked = (simulated.speaker(2, 1, 500, correlation=r) for r in (None, -0.8))
    np.testing.assert_array_equal(own.state[:, 0], asked.state[:, 0])
    np.testing.assert_array_equal(own.features["voice"][:, -1], asked.features["voice"][:, -1])  # talk: of arousal
    assert not np.array_equal(own.features["face"], asked.features["face"])
    assert not np.array_equal(own.annotations[..., 1], asked.annotations[..., 1])


def test_the_option_makes_every_speaker_of_the_corpus_so():
    (person,) = (r for r in corpora.load("simulated", size="mini", correlation=0.8).recordings if r.name == "dev_2")
    alone = simulated.speaker(0, 11, 1001, correlation=0.8)
    np.testing.assert_array_equal(person.features["face"], alone.features["face"])
    np.testing.assert_array_equal(person.gold, gold_standard(alone.annotations).astype(np.float32))


# --- Raters


@pytest.mark.parametrize("delay", [0.0, 2.0, 4.0])
def test_a_total_delay_includes_the_hand_and_the_hold(monkeypatch, speakers, delay):
    monkeypatch.setattr(parameters, "RATER_NOISE", 0.0)
    monkeypatch.setattr(parameters, "DELAY_WANDER", 0.0)
    rater = raters.Habits(delay, np.array([0.2, 0.2]))
    for number, s in enumerate(speakers[:4]):
        trace = raters.annotate(processes.generator(0, number, "raters"), s.percept, rater)
        assert lag_seconds(s.percept[:, 0], trace[:, 0]) == pytest.approx(delay, abs=0.2)


def test_raters_are_two_to_four_seconds_late_and_the_gold_standard_with_them(speakers):
    delays = [
        h.delay_seconds for seed in range(20) for h in raters.habits(processes.generator(seed, 0, "habits"), None)
    ]
    assert 2 <= min(delays) < 2.2 and 3.8 < max(delays) <= 4
    lags = [lag_seconds(s.percept[:, d], gold_standard(s.annotations)[:, d]) for s in speakers for d in (0, 1)]
    assert 2.4 < np.median(lags) < 3.6


def test_the_option_gives_all_raters_one_delay_and_changes_nothing_else():
    own = raters.habits(processes.generator(0, 0, "habits"), None)
    one = raters.habits(processes.generator(0, 0, "habits"), 1.5)
    assert [h.delay_seconds for h in one] == [1.5] * 6
    np.testing.assert_array_equal([h.gain for h in own], [h.gain for h in one])
    prompt = [simulated.speaker(2, n, FRAMES, delay_seconds=0.0) for n in range(1, 5)]
    lags = [lag_seconds(s.percept[:, 0], gold_standard(s.annotations)[:, 0]) for s in prompt]
    assert abs(np.median(lags)) < 0.5


def test_raters_agree_in_part(speakers):
    pairs = [(i, j) for i in range(6) for j in range(i)]
    for dimension in (0, 1):
        traces = [s.annotations[:, :, dimension] for s in speakers]
        agreement = np.mean([correlation(t[i], t[j]) for t in traces for i, j in pairs])
        assert 0.25 < agreement < 0.5


def test_traces_stay_on_the_scale(monkeypatch):
    monkeypatch.setattr(parameters, "RATER_GAIN", (3.0, 3.0))
    annotations = simulated.speaker(0, 1, 500).annotations
    assert annotations.min() == -1 and annotations.max() == 1


def test_every_parameter_of_effect_keeps_the_noise_real():
    for channel in (parameters.VOICE, parameters.FACE, parameters.HEART, parameters.SKIN):
        assert all(cue.arousal**2 + cue.valence**2 < 1 for cue in channel.cues)
