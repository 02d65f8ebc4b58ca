"""Signals of simulated speakers: physical sizes, planted values found again by other means, streams, controls."""

import numpy as np
import pytest
from scipy.signal import find_peaks, welch

from replica.corpora import simulated
from replica.corpora.simulated import cues, parameters
from replica.corpora.simulated import face as pictures
from replica.corpora.simulated import voice as sounds
from replica.corpora.simulated.performance import perform
from replica.corpora.simulated.physiology import RESPONSE_MEDIAN, physiology
from replica.corpora.simulated.processes import generator
from replica.corpora.simulated.voice import voice
from replica.features import geometry
from replica.simulation import record

FRAMES = 501
NEUTRAL = np.zeros((FRAMES, 9))
TALKING = np.ones(FRAMES)


def spoken(seed=3, cue=None, deviations=0.0):
    """A voice with neutral cues, but for one; and the names of cues."""
    values = NEUTRAL.copy()
    if cue is not None:
        values[:, sounds.NAMES.index(cue)] = deviations
    return voice(np.random.default_rng(seed), values, TALKING)


def level_db(signal):
    return 10 * np.log10(np.mean(signal**2))


def spectrum(signal):
    return welch(signal, sounds.SAMPLING_RATE_HZ, nperseg=1024)


def balance_db(hz, power):
    """Power of 1 to 5 kHz against that below, in dB."""
    return 10 * np.log10(power[(hz > 1000) & (hz < 5000)].sum() / power[hz < 1000].sum())


@pytest.fixture(scope="module")
def recorded():
    return record(0, 1, FRAMES)


@pytest.fixture(scope="module")
def heart():
    rng = np.random.default_rng(5)
    return physiology(rng, np.full(FRAMES, 75.0), TALKING, np.array([100]), np.full(FRAMES, 5.0))


# --- What is planted


def test_a_performance_is_that_of_the_feature_tracks():
    """What is planted, measured with the tracks' own noise, is the track: one truth for both."""
    done = perform(2, 12, FRAMES)
    speaker = simulated.speaker(2, 12, FRAMES)
    np.testing.assert_array_equal(done.face_found, speaker.face_found)
    np.testing.assert_array_equal(done.talk, speaker.features["voice"][:, -1])
    noise = speaker.features["heart"][:, 0] - done.heart_rate
    assert np.std(noise) == pytest.approx(parameters.HEART_NOISE, rel=0.1)
    skin = speaker.features["skin"][:, 1] - done.skin_level
    assert np.std(skin) == pytest.approx(parameters.SCL_NOISE, rel=0.1)
    smile = (speaker.features["face"][:, 0] - done.expressions[:, 0])[done.face_found]
    assert np.std(smile) == pytest.approx(parameters.FACE.cues[0].noise, rel=0.1)
    begun = [((done.responses > k - 250) & (done.responses <= k)).sum() * 6 for k in range(FRAMES)]
    np.testing.assert_array_equal(speaker.features["skin"][:, 0], begun)


def test_one_speaker_is_one_function_of_seed_and_number():
    one, again, other = record(1, 4, 101), record(1, 4, 101), record(1, 5, 101)
    for part, name in (("voice", "signal"), ("physiology", "ecg"), ("physiology", "eda"), ("face", "patches")):
        values = [getattr(getattr(made, part), name) for made in (one, again, other)]
        np.testing.assert_array_equal(values[0], values[1])
        assert not np.array_equal(values[0], values[2])


def test_the_first_numbers_of_version_signals_1():
    # From the first run of this version: another number here is another cohort, and needs another version.
    made = record(0, 1, 251)
    np.testing.assert_allclose(
        made.voice.signal[[16000, 80000, 120000]],
        [2.605797226909e-02, -9.167738456439e-05, -4.053391715157e-02],
        atol=1e-9,
    )
    np.testing.assert_allclose(
        made.physiology.ecg[[0, 1000, 2000]], [-0.033143960898, 0.167689761845, 0.029404601253], atol=1e-9
    )
    np.testing.assert_allclose(
        made.physiology.eda[[0, 1000, 2000]], [5.931842120086, 6.123540509753, 6.184431522174], atol=1e-9
    )
    expected = [
        [305.867865019119, 329.771145496708],
        [314.920829341311, 326.324859930916],
        [337.194196531548, 321.971703559329],
    ]
    np.testing.assert_allclose(made.face.landmarks[[0, 100, 250], 31], expected, atol=1e-9)
    grey = made.face.patches[[0, 100, 250], 24, 24].astype(int)
    np.testing.assert_allclose(grey, [158, 159, 158], atol=1)  # OpenCV may round otherwise on another processor


def test_a_change_of_the_face_changes_no_other_signal(monkeypatch):
    before = record(1, 4, 101)
    monkeypatch.setattr(pictures, "BLINKS_PER_MINUTE", 200.0)
    after = record(1, 4, 101)
    np.testing.assert_array_equal(before.voice.signal, after.voice.signal)
    np.testing.assert_array_equal(before.physiology.ecg, after.physiology.ecg)
    assert not np.array_equal(before.face.patches, after.face.patches)


# --- Voice


def test_f0_is_that_of_the_sound():
    """By autocorrelation, inside voiced stretches."""
    made, errors = spoken(), []
    inside = np.flatnonzero(np.convolve(made.f0_hz > 0, np.ones(5), "same") == 5)
    for frame in inside[::3]:
        middle = round(frame * 0.04 * sounds.SAMPLING_RATE_HZ)
        part = made.signal[middle - 400 : middle + 400]
        ours = sounds.SAMPLING_RATE_HZ / made.f0_hz[frame]
        similarity = np.correlate(part, part, "full")[len(part) - 1 :]
        first, last = round(0.7 * ours), round(1.4 * ours)
        errors.append((first + similarity[first:last].argmax()) / ours - 1)
    assert len(errors) > 50
    assert np.median(np.abs(errors)) < 0.02
    assert np.mean(np.abs(errors) > 0.1) < 0.1


def test_a_deviation_of_the_cue_is_two_semitones():
    ratio = spoken(cue="F0 level", deviations=1.0).f0_hz / np.where(spoken().f0_hz > 0, spoken().f0_hz, np.nan)
    np.testing.assert_allclose(ratio[np.isfinite(ratio)], 2 ** (2 / 12), rtol=1e-9)


def test_a_deviation_of_the_cue_is_four_decibels():
    louder = level_db(spoken(cue="level", deviations=1.0).signal) - level_db(spoken().signal)
    assert louder == pytest.approx(4.0, abs=0.05)  # but for the room's noise


def test_the_level_of_speech_is_the_one_asked_for(monkeypatch):
    monkeypatch.setattr(sounds, "MICROPHONE_DB", 0.0)
    made = spoken()
    vowels = np.repeat(made.opening[:-1] > 0.5, 640)
    assert level_db(made.signal[vowels]) == pytest.approx(sounds.LEVEL_DB, abs=1.5)
    silent = voice(np.random.default_rng(3), NEUTRAL, np.zeros(FRAMES))
    assert sounds.ROOM_DB[0] - 0.1 < level_db(silent.signal) < sounds.ROOM_DB[1] + 0.1
    assert not silent.f0_hz.any() and not silent.opening.any()


@pytest.fixture
def vowels_only(monkeypatch):
    """Neither consonants that hiss nor the room, which no cue but the level moves."""
    monkeypatch.setattr(sounds, "ROOM_DB", (-300.0, -300.0))
    monkeypatch.setattr(sounds, "HISS_DB", -300.0)


def test_effort_tilts_the_spectrum_by_decibels_an_octave(vowels_only):
    """By the plain voice's own spectrum, tilted with a formula."""
    hz, power = spectrum(spoken().signal)
    for deviations in (-3.0, 3.0):
        expected = power * 10 ** (deviations * np.log2(np.maximum(hz, 1000) / 1000) / 10)
        received = balance_db(*spectrum(spoken(cue="effort", deviations=deviations).signal))
        assert received == pytest.approx(balance_db(hz, expected), abs=0.3)
        assert abs(received - balance_db(hz, power)) > 0.9


def test_a_deviation_of_aspiration_is_four_decibels(vowels_only):
    """At 7 kHz, where pulses are weak."""

    def high_db(made):
        hz, power = spectrum(made.signal)
        return 10 * np.log10(power[(hz > 6800) & (hz < 7200)].sum())

    more = high_db(spoken(cue="aspiration", deviations=3.0)) - high_db(spoken(cue="aspiration", deviations=2.0))
    assert more == pytest.approx(4.0, abs=0.7)  # the vowel as a whole keeps its level, so that it is a little less


def test_the_formants_are_those_of_the_vowel():
    """The response of the tract peaks at the first two formants of "heed"."""
    hz = np.fft.rfftfreq(sounds._FFT, 1 / 16000)
    formants = np.array([[270.0, 2290, 3010, 3500, 4500]])
    response = np.abs(sounds._response(formants, np.zeros(1))[0])
    peaks = hz[find_peaks(response)[0]]
    assert abs(peaks[0] - 270) < 32 and abs(peaks[1] - 2290) < 32
    tilted = np.abs(sounds._response(formants, np.ones(1))[0]) / response
    at = np.searchsorted(hz, [500.0, 2000.0, 4000.0])
    np.testing.assert_allclose(20 * np.log10(tilted[at]), [0, 1, 2], atol=1e-4)


def test_a_neutral_tube_has_no_slope():
    """In closed form a tube's response is 1 / cos: between its resonances it is 1 everywhere."""
    tube = np.array([[500.0, 1500, 2500, 3500, 4500]])
    response = np.abs(sounds._response(tube, np.zeros(1))[0] * sounds._above("man"))
    hz = np.fft.rfftfreq(sounds._FFT, 1 / 16000)
    between = np.isin(np.round(hz), np.arange(1000, 8000, 1000))
    np.testing.assert_allclose(20 * np.log10(response[between]), 0, atol=2)  # bandwidths take some of it


def test_a_source_passes_an_open_tract_unchanged(monkeypatch):
    """Windows that overlap add up to one."""
    monkeypatch.setattr(sounds, "_response", lambda formants, effort: 1.0)
    monkeypatch.setattr(sounds, "_CHUNK", 7)
    source = np.random.default_rng(0).standard_normal(8000)
    unchanged = sounds._filtered(source, np.ones((501, 5)), np.zeros(501), 1.0)
    np.testing.assert_allclose(unchanged, source, atol=1e-9)


def test_the_rounded_closure_aliases_less(monkeypatch):
    def between_harmonics():
        f0 = np.full(16000, 1230.0)
        monkeypatch.setattr(sounds, "JITTER", 0.0)
        monkeypatch.setattr(sounds, "SHIMMER", 0.0)
        pulses = sounds._pulses(np.random.default_rng(0), f0, 0 * f0, 0 * f0)
        spectrum = np.abs(np.fft.rfft(pulses * np.hanning(16000))) ** 2
        harmonic = np.min(np.abs(np.arange(8001)[:, None] - 1230 * np.arange(7)), axis=1) < 20
        return spectrum[~harmonic].sum()

    rounded = between_harmonics()
    monkeypatch.setattr(sounds, "_rounded_step", lambda samples_after: 0.0)
    assert rounded < 0.25 * between_harmonics()


def test_the_mouth_opens_with_the_sound(recorded):
    loudness = np.sqrt((recorded.voice.signal.reshape(-1, 640) ** 2).mean(axis=1))
    opening = (recorded.voice.opening[:-1] + recorded.voice.opening[1:]) / 2
    assert np.corrcoef(np.log(loudness), opening)[0, 1] > 0.5
    assert not recorded.voice.opening[np.convolve(recorded.performance.talk, np.ones(9), "same") == 0].any()


# --- Heart and skin


def test_beats_come_at_the_heart_rate(heart):
    np.testing.assert_allclose(np.diff(heart.beats), 60 / 75, atol=1e-9)


def test_every_beat_has_its_r_wave(heart):
    at = np.rint(heart.beats * 250).astype(int)[1:-1]
    around = heart.ecg[at[:, None] + np.arange(-25, 26)]
    assert np.abs(around.argmax(axis=1) - 25).max() <= 2  # 8 ms
    assert 0.5 < np.median(around.max(axis=1)) < 2  # mV


def test_muscles_disturb_the_heart_twice_as_much_while_talking():
    later = np.arange(FRAMES) >= 250
    quiet, talking = (
        physiology(np.random.default_rng(2), np.full(FRAMES, 75.0), talk, np.array([], int), np.full(FRAMES, 5.0)).ecg
        for talk in (0.0 * later, 1.0 * later)
    )
    more = talking - quiet
    assert not more[: 249 * 10].any()
    assert more[250 * 10 :].std() == pytest.approx(0.015, rel=0.05)  # mV, as much as there is without
    noise, louder = (np.diff(signal[250 * 10 :], 2) for signal in (quiet, more))  # of which beats are a small part
    assert np.corrcoef(noise, louder)[0, 1] > 0.5  # the same noise, not less of it


def test_one_response_of_the_skin_by_hand(monkeypatch, heart):
    for name in ("SKIN_NOISE", "BUMPS_PER_MINUTE", "RESPONSE_SIGMA"):
        monkeypatch.setattr(f"replica.corpora.simulated.physiology.{name}", 0.0)
    rng = np.random.default_rng(5)
    eda = physiology(rng, np.full(FRAMES, 75.0), TALKING, np.array([100]), np.full(FRAMES, 5.0)).eda
    time = np.arange(len(eda)) / 250 - 4.0
    shape = np.where(time >= 0, np.exp(-time / 2) - np.exp(-time / 0.75), 0)
    np.testing.assert_allclose(eda, 5 + RESPONSE_MEDIAN * shape / shape.max(), atol=1e-5)


def test_responses_before_the_recording_fade_into_it():
    level = np.full(FRAMES, 5.0)
    with_past, without = (
        physiology(np.random.default_rng(1), 75 + 0 * level, 0 * level, np.array(frames, int), level).eda
        for frames in ([-25], [-4000])
    )
    assert with_past[:250].mean() > without[:250].mean() + 0.01
    assert abs(with_past[-250:].mean() - without[-250:].mean()) < 0.01


# --- Face


def test_points_stand_where_the_features_expect_them():
    face = pictures.MEAN_FACE
    assert face.shape == (geometry.LANDMARKS, 3)
    left, right = face[geometry.OUTER_CORNERS[1]], face[geometry.OUTER_CORNERS[0]]
    np.testing.assert_allclose(left - right, [1, 0, 0], atol=1e-12)
    for one, other in ((geometry.RIGHT_BROW, geometry.LEFT_BROW), (geometry.RIGHT_EYE, geometry.LEFT_EYE)):
        assert sorted(-face[list(one), 0]) == pytest.approx(sorted(face[list(other), 0]))
    upper, lower = pictures.UPPER_LIDS, pictures.LOWER_LIDS
    assert face[list(upper), 1].max() < face[list(lower), 1].min()


@pytest.mark.parametrize(
    ("unit", "points", "axis", "sign"),
    [
        (0, pictures.CORNERS, 1, -1),  # a smile lifts the corners of the mouth
        (1, (geometry.RIGHT_BROW[-1], geometry.LEFT_BROW[0]), 1, 1),  # a frown lowers the inner brows
        (2, geometry.RIGHT_BROW + geometry.LEFT_BROW, 1, -1),
        (3, pictures.UPPER_LIDS, 1, -1),
        (4, pictures.CORNERS, 1, 1),
    ],
)
def test_an_action_unit_moves_its_points(monkeypatch, unit, points, axis, sign):
    monkeypatch.setattr(pictures, "BLINKS_PER_MINUTE", 0.0)
    expressions = np.zeros((20, 6))
    expressions[:, unit] = 1.0
    moved = pictures._displacements(np.random.default_rng(0), expressions, np.zeros(20))
    assert (sign * moved[:, list(points), axis] > 0.01).all()
    assert (moved[:, list(geometry.NOSE)] == 0).all()


def test_turning_keeps_distances_to_the_axis_and_comes_back():
    face, none = pictures.MEAN_FACE[None], np.zeros((1, 3))
    np.testing.assert_allclose(pictures._turned(face, none), face[..., :2], atol=1e-12)
    rolled = pictures._turned(face, np.array([[0, 0, 0.3]]))
    np.testing.assert_allclose(np.hypot(*rolled[0].T), np.hypot(*face[0, :, :2].T), atol=1e-12)
    to_the_side = pictures._turned(face, np.array([[0.5, 0, 0]]))
    np.testing.assert_allclose(to_the_side[..., 1], face[..., 1], atol=1e-12)
    # The tip of the nose is nearest to the camera: it moves most.
    assert to_the_side[0, geometry.NOSE[3], 0] == pytest.approx(0.34 * np.sin(0.5))


def test_a_lost_face_has_neither_points_nor_picture():
    found = np.ones(50, bool)
    found[10:20] = False
    made = pictures.face(np.random.default_rng(0), np.zeros((50, 6)), np.zeros(50), found)
    np.testing.assert_array_equal(np.isfinite(made.landmarks).all(axis=(1, 2)), found)
    np.testing.assert_array_equal(made.patches.any(axis=(1, 2)), found)


def test_tracked_points_are_a_hundredth_of_the_eyes_away(monkeypatch):
    """Of what is left between frames when the face stands still."""
    for name in ("BLINKS_PER_MINUTE", "SWAY_PIXELS", "SLIPS_PER_MINUTE"):
        monkeypatch.setattr(pictures, name, 0.0)
    still = np.zeros((400, 6))
    still[:, -1] = -50.0  # no motion of the head
    points = pictures.face(np.random.default_rng(0), still, np.zeros(400), np.ones(400, bool)).landmarks
    assert np.std(points - points.mean(axis=0)) == pytest.approx(1.0, rel=0.05)  # a pixel: the eyes are 100 apart


def test_a_patch_shows_an_open_mouth_and_a_smile():
    """Darker below the upper lip; and brighter pixels move where the corners go."""
    still = np.zeros((30, 6))
    still[:, -1] = -50.0

    def mean_patch(expressions, opening):
        made = pictures.face(np.random.default_rng(0), expressions, opening, np.ones(30, bool))
        return made.patches.mean(axis=0)

    shut, agape = mean_patch(still, np.zeros(30)), mean_patch(still, np.ones(30))
    smiling = still.copy()
    smiling[:, 0] = 2.0
    assert (shut - agape)[34:42, 20:28].mean() > 20
    change = np.abs(mean_patch(smiling, np.zeros(30)) - shut)
    assert change[28:40].mean() > 3 * change[:8].mean()


def test_a_picture_is_neither_black_nor_burnt_out(recorded):
    faces = recorded.face.patches[recorded.performance.face_found]
    assert np.mean((faces > 5) & (faces < 250)) > 0.98
    assert 60 < faces.mean() < 220


# --- Controls


def test_a_closed_mouth_hides_that_somebody_talks():
    def mouth(closed):
        made = record(0, 1, 1001, closed_mouth=closed)
        height = made.face.shape[:, pictures.OUTER[9], 1] - made.face.shape[:, pictures.OUTER[3], 1]
        return np.corrcoef(height, made.performance.talk)[0, 1], made.voice.signal

    (seen, sound), (hidden, same) = mouth(False), mouth(True)
    assert seen > 0.4 and abs(hidden) < 0.15
    np.testing.assert_array_equal(sound, same)


def test_without_effect_no_signal_hangs_on_the_state(monkeypatch):
    before = [record(0, 1, 101, effect) for effect in (0.0, 1.0)]
    original = cues.cues
    monkeypatch.setattr(cues, "cues", lambda rng, channel, state, effect: original(rng, channel, -state, effect))
    after = [record(0, 1, 101, effect) for effect in (0.0, 1.0)]
    for part, name in (("voice", "signal"), ("physiology", "ecg"), ("physiology", "eda"), ("face", "patches")):
        same = [
            np.array_equal(getattr(getattr(b, part), name), getattr(getattr(a, part), name))
            for b, a in zip(before, after, strict=True)
        ]
        assert same == [True, False], part


def test_the_streams_of_signals_are_new_ones():
    drawn = {
        generator(0, 1, stream).random() for stream in ("voice", "sound", "heart", "biosignals", "face", "picture")
    }
    assert len(drawn) == 6
