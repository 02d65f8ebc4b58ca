import os
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import opensmile
import pytest
from scipy.io import wavfile
from scipy.signal import resample_poly

from replica.features import audio, audio_configurations, smile, voicing
from replica.features.framing import frame_count
from replica.features.synthetic_voice import voice

EXTRACTORS = {"short": (audio.short_time, 76), "egemaps": (audio.egemaps, 88), "long": (audio.long_time, 102)}
every_extractor = pytest.mark.parametrize(("extract", "width"), EXTRACTORS.values(), ids=EXTRACTORS)
SENTENCE = Path(os.environ.get("REPLICA_DATA", ""), "testinputs/LJ050-0131.wav")
RATE = 16000


@pytest.fixture(scope="module")
def spoken():
    return voice(8, seed=1)


@pytest.fixture(scope="module")
def sentence():
    """A real sentence read by a woman (LJ Speech, public domain)."""
    if not SENTENCE.is_file():
        pytest.skip("needs testinputs/LJ050-0131.wav in the folder that REPLICA_DATA names")
    rate, samples = wavfile.read(SENTENCE)
    return samples / 32768, rate


def of(columns, values):
    return dict(zip((name for name, _ in columns), values.T, strict=True))


# Columns


@pytest.mark.parametrize(
    ("columns", "width"),
    [(audio.SHORT_TIME_COLUMNS, 76), (audio.EGEMAPS_COLUMNS, 88), (audio.LONG_TIME_COLUMNS, 102)],
)
def test_columns_are_unique_and_say_where_they_are_from(columns, width):
    assert len({name for name, _ in columns}) == len(columns) == width
    assert all(source for _, source in columns)


def test_sources_by_hand():
    """Table 1 yields 60 columns if its MFCC line has deltas too, 37 as it is printed; the LSP are our reading."""
    sources = dict(audio.SHORT_TIME_COLUMNS)
    assert sum(source == audio.TABLE_1 for source in sources.values()) == 37
    assert sum("lsp" in name for name in sources) == 16
    assert {sources[name] for name in sources if "lsp" in name} == {audio.OUR_READING}
    assert sources["F0final_sma_de"] == audio.TABLE_1 and sources["mfcc_sma_de[14]"] == audio.OUR_READING
    assert sum(source == audio.OUR_READING for _, source in audio.LONG_TIME_COLUMNS) == 14


def test_107_described_columns_without_5_are_102():
    """42 means, 42 coefficients of variation, 2 x 8 statistics, 6 of stretches and peaks, and the level."""
    names = [name for name, _ in audio.LONG_TIME_COLUMNS]
    means = [name for name in names if name.endswith("amean")]
    variations = [name for name in names if name.endswith("stddevNorm")]
    assert (len(means), len(variations), len(names) - len(means) - len(variations)) == (42, 37, 16 + 6 + 1)
    assert len(means) - len(variations) == sum("UV" in name and "mfcc" not in name for name in means) == 5


# openSMILE itself as the oracle


def test_egemaps_of_a_short_recording_is_what_the_package_itself_computes(spoken):
    part = spoken.signal[: round(2.4 * RATE)].astype(np.float32)
    theirs = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
    assert tuple(theirs.column_names) == tuple(name for name, _ in audio.EGEMAPS_COLUMNS)
    np.testing.assert_array_equal(audio.egemaps(part, RATE), np.tile(theirs(part, RATE)[0].T, (61, 1)))


def test_egemaps_windows_are_those_of_its_contours(spoken):
    """Means over 300 steps of 10 ms, from openSMILE's contours in NumPy; of F0 and jitter where there is voice."""
    ours = of(audio.EGEMAPS_COLUMNS, audio.egemaps(spoken.signal, RATE))
    lld = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.LowLevelDescriptors)
    contours = dict(zip(lld.column_names, lld(spoken.signal.astype(np.float32), RATE)[0], strict=True))
    for contour, name in (
        ("Loudness_sma3", "loudness_sma3"),
        ("mfcc2_sma3", "mfcc2_sma3"),
        ("F0semitoneFrom27.5Hz_sma3nz", "F0semitoneFrom27.5Hz_sma3nz"),
        ("jitterLocal_sma3nz", "jitterLocal_sma3nz"),
    ):
        for frame in (38, 100):
            window = contours[contour][4 * (frame - 38) :][:300]
            window = window[window != 0] if contour.endswith("nz") else window
            assert ours[f"{name}_amean"][frame] == pytest.approx(window.mean(), rel=1e-4), name


def test_moments_of_the_seven_are_those_of_the_contours(spoken):
    """Mean and deviation of each window, from eGeMAPS' contours in NumPy."""
    ours = of(audio.LONG_TIME_COLUMNS, audio.long_time(spoken.signal, RATE))
    lld = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.LowLevelDescriptors)
    contours = dict(zip(lld.column_names, lld(spoken.signal.astype(np.float32), RATE)[0], strict=True))
    for name in ("alphaRatio_sma3", "slope0-500_sma3", "slope500-1500_sma3"):
        for frame in (38, 60, 100):
            window = contours[name][4 * (frame - 38) :][:300]
            assert ours[f"{name}_amean"][frame] == pytest.approx(window.mean(), rel=1e-4)
            assert ours[f"{name}_stddevNorm"][frame] == pytest.approx(window.std() / window.mean(), rel=1e-3)


def test_cepstra_of_unvoiced_frames_know_no_voiced_ones(spoken):
    """Chosen by the tracker's F0, smoothed and averaged without the others, from openSMILE's contours in NumPy."""

    def level(name):
        configuration, windows = audio_configurations.seven_more(), audio_configurations.long_windows(3.0)
        return smile.run(smile.prepared(spoken.signal, RATE), configuration, name, windows)[1]

    unvoiced = level("gemapsv01b_lld_single_logF0") == 0
    assert 0.1 < unvoiced.mean() < 0.9
    cepstra = np.where(unvoiced, level("egemapsv02_mfcc")[: len(unvoiced)], 0)
    around = np.stack([cepstra[:-2], cepstra[1:-1], cepstra[2:]])
    smooth = np.where(cepstra[1:-1] != 0, around.sum(axis=0) / np.maximum((around != 0).sum(axis=0), 1), 0)
    ours = of(audio.LONG_TIME_COLUMNS, audio.long_time(spoken.signal, RATE))
    for frame in (60, 100):
        for k, contour in enumerate(smooth[4 * (frame - 38) - 1 :][:300].T, start=1):
            values = contour[contour != 0]
            assert ours[f"mfcc{k}UV_sma3nz_amean"][frame] == pytest.approx(values.mean(), rel=1e-4)
            assert ours[f"mfcc{k}UV_sma3nz_stddevNorm"][frame] == pytest.approx(values.std() / values.mean(), rel=1e-3)


def test_the_first_88_long_time_columns_are_egemaps(spoken):
    signal = spoken.signal[: 4 * RATE]
    np.testing.assert_array_equal(audio.long_time(signal, RATE)[:, :88], audio.egemaps(signal, RATE))


def test_short_time_keeps_the_set_of_2010_but_for_frames_and_cutoff():
    """The packaged text and ours differ in five lines; none of it is ours to keep."""
    packaged = smile.packaged("is09-13/IS10_paraling_compat.conf").read_text().splitlines()
    ours = audio_configurations.short_time(0.65).splitlines()
    changed = [(a.strip(), b.strip()) for a, b in zip(packaged, ours, strict=False) if a != b]
    assert changed == [
        ("frameSize = 0.060", "frameSize = 0.04"),
        ("frameStep = 0.010", "frameStep = 0.04"),
        ("voicingCutoff = 0.75", "voicingCutoff = 0.65"),
        ("frameSize = 0.025", "frameSize = 0.04"),
        ("frameStep = 0.010", "frameStep = 0.04"),
    ]


# The truth of a synthetic voice


@pytest.mark.parametrize("f0_hz", [150, 220, 300])
def test_f0_of_a_synthetic_voice_within_two_per_cent(f0_hz):
    """Where the frame and both neighbours are voiced: the smoothing over three frames mixes in zeros elsewhere."""
    made = voice(10, seed=2, f0_hz=f0_hz)
    found = of(audio.SHORT_TIME_COLUMNS, audio.short_time(made.signal, RATE))["F0final_sma"]
    raw = voicing.f0(made.signal, RATE, voicing_cutoff=0.65, smoothed=False)
    inside = np.convolve((made.f0_hz > 0) & (raw > 0), [1, 1, 1], "same") == 3
    assert inside.sum() > 80
    error = np.abs(found[inside] / made.f0_hz[inside] - 1)
    assert np.median(error) < 0.02
    assert (error < 0.02).mean() > 0.9  # the rest at the edges of stretches, where the vowel fades


def test_frames_stand_at_their_times():
    """A burst around 4.00 s is loudest in frame 100, and heard from frame 62.5 to 137.5 over 3 s."""
    signal = 1e-3 * np.random.default_rng(0).standard_normal(8 * RATE)
    signal[round(3.984 * RATE) : round(4.014 * RATE)] *= 300
    energy = of(audio.SHORT_TIME_COLUMNS, audio.short_time(signal, RATE))["mfcc_sma[0]"]
    heard = np.flatnonzero(energy > np.median(energy) + 10)
    assert heard.tolist() == [99, 100, 101]  # smoothed over three frames
    level = of(audio.LONG_TIME_COLUMNS, audio.long_time(signal, RATE))["equivalentSoundLevel_dBp"]
    heard = np.flatnonzero(level > np.median(level[:50]) + 10)
    assert (heard[0] + heard[-1]) / 2 == pytest.approx(100, abs=1)
    assert len(heard) == pytest.approx(75, abs=1)


def test_loudness_of_the_set_of_2010_hears_the_first_sample_of_a_frame_alone():
    """So openSMILE computes it where no other intensity is asked for: what comes after that sample does not matter."""
    frames = np.random.default_rng(0).normal(0, 0.1, (50, 640))
    configuration = audio_configurations.short_time(0.65)
    _, loudness = smile.run(frames.ravel().astype(np.float32), configuration, "intens")
    other = frames.copy()
    other[:, 1:] /= 10  # 20 dB softer
    _, again = smile.run(other.ravel().astype(np.float32), configuration, "intens")
    np.testing.assert_allclose(again[:50], loudness[:50], rtol=1e-5)
    assert np.corrcoef(np.abs(frames[:, 0]) ** 0.6, loudness[:50, 0])[0, 1] > 0.999


# Real speech


def test_voicing_of_a_real_sentence_beside_egemaps(sentence):
    reference = voicing.egemaps_f0(*sentence)
    same = {
        cutoff: voicing.agreement(voicing.f0(*sentence, voicing_cutoff=cutoff), reference).same
        for cutoff in (0.55, 0.6, 0.65, 0.7, 0.75)
    }
    assert max(same, key=same.get) == 0.65  # the default of short_time
    assert voicing.agreement(voicing.f0(*sentence, voicing_cutoff=0.75), reference).voiced < 0.2 < 0.5
    assert (reference > 0).mean() > 0.5


def test_smoothing_over_unvoiced_frames_spoils_f0(sentence):
    reference = voicing.egemaps_f0(*sentence)
    tracks = [voicing.f0(*sentence, voicing_cutoff=0.65, smoothed=smoothed) for smoothed in (False, True)]
    before, after = (voicing.agreement(track, reference).gross_errors for track in tracks)
    assert before < 0.02 < 0.3 < after


# Relations


def test_five_minutes_are_7501_rows():
    signal = np.random.default_rng(0).normal(0, 0.01, 300 * RATE).astype(np.float32)
    assert audio.short_time(signal, RATE).shape == (7501, 76)


@every_extractor
def test_rows_and_held_edges(extract, width):
    signal = np.random.default_rng(0).normal(0, 0.01, 10 * RATE).astype(np.float32)
    values = extract(signal, RATE)
    assert values.shape == (251, width) and values.dtype == np.float32
    assert np.isfinite(values).all()
    assert (values[0] == values[1]).all() and (values[-1] == values[-2]).all()


@every_extractor
@pytest.mark.parametrize("rate", [8000, 44100, 96000])
def test_other_rates(spoken, extract, width, rate):
    part = spoken.signal[: round(3.2 * RATE)]
    signal = resample_poly(part, rate, RATE)
    values = extract(signal, rate)
    assert values.shape == (frame_count(len(signal) / rate), width)
    assert np.isfinite(values).all()
    if rate > RATE:
        again = extract(part, RATE)
        column = 1 if extract is audio.short_time else 10  # the first cepstrum, loudness
        np.testing.assert_allclose(values[:, column].mean(), again[:, column].mean(), rtol=0.05)


@pytest.mark.parametrize("samples", [1763, 1764, 1765, 44099, 44100, 44101])
def test_rows_and_flags_are_as_many_at_odd_lengths(samples):
    signal = np.random.default_rng(0).normal(0, 0.1, samples)
    rows = len(audio.short_time(signal, 44100))
    assert rows == len(audio.quality(signal, 44100)) == frame_count(samples / 44100)


@pytest.mark.reliability("long_recordings")
@every_extractor
def test_pieces_of_a_long_recording_are_as_the_whole(extract, width, spoken, monkeypatch):
    whole = extract(spoken.signal, RATE)
    monkeypatch.setattr(audio, "PIECE_SECONDS", 2.0)
    monkeypatch.setattr(audio, "MARGIN_SECONDS", 2.0)
    pieces = extract(spoken.signal, RATE)
    assert pieces.shape == whole.shape
    same = np.isclose(pieces, whole, rtol=1e-3, atol=1e-3)
    assert same.mean() > 0.99  # eGeMAPS' tracker decides by a longer past than these margins; ten seconds are usual


@pytest.mark.reliability("long_recordings")
def test_resampled_blocks_are_as_the_whole(monkeypatch):
    signal = np.random.default_rng(0).normal(0, 0.1, 44100 * 2 + 77).astype(np.float32)
    whole = smile.prepared(signal, 44100)
    monkeypatch.setattr(smile, "BLOCK_SAMPLES", 10_000)
    np.testing.assert_allclose(smile.prepared(signal, 44100), whole, atol=1e-6)


def test_what_has_no_value_is_silence_and_what_is_too_loud_is_cut():
    prepared = smile.prepared([float("nan"), 0.5, 3.0, -3.0], RATE)
    assert prepared.tolist() == [0, 0.5, 32767 / 32768, -1]


def test_beside_tensorflow_and_after_it(spoken, tmp_path):
    """TensorFlow's own C++ functions must not get into openSMILE, whose process they end."""
    np.save(tmp_path / "in.npy", spoken.signal)
    program = """
        import sys, tensorflow, numpy as np
        from replica.features import audio
        np.save(sys.argv[2], audio.short_time(np.load(sys.argv[1]), int(sys.argv[3])))
    """
    files = [str(tmp_path / name) for name in ("in.npy", "out.npy")]
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(program), *files, str(RATE)], check=False)
    assert ended.returncode == 0
    np.testing.assert_array_equal(np.load(files[1]), audio.short_time(spoken.signal, RATE))


def test_two_runs_are_equal(spoken):
    signal = spoken.signal[: 4 * RATE]
    np.testing.assert_array_equal(audio.short_time(signal, RATE), audio.short_time(signal, RATE))


# Bad input: a defined output, and a flag


def damaged(kind):
    good = voice(4, seed=3).signal
    return {
        "silence": np.zeros(4 * RATE),
        "direct current": np.full(4 * RATE, 0.3),
        "clipped": np.clip(20 * good, -1, 1),
        "NaN": np.full(4 * RATE, np.nan),
        "one second": good[:RATE],
        "one sample": good[:1],
        "beyond full scale": 100 * good,
        "infinite": np.full(4 * RATE, np.inf),
    }[kind]


@pytest.mark.reliability("constant_columns")
@every_extractor
@pytest.mark.parametrize("kind", ["silence", "direct current", "clipped", "NaN", "one second", "one sample",
                                  "beyond full scale", "infinite"])  # fmt: skip
def test_bad_sound_has_defined_features_and_a_flag(extract, width, kind):
    signal = damaged(kind)
    values = extract(signal, RATE)
    assert values.shape == (frame_count(len(signal) / RATE), width)
    assert np.isfinite(values).all()
    window = 0.04 if extract is audio.short_time else audio.LONG_WINDOW_SECONDS
    good = audio.quality(signal, RATE, window)
    if kind == "one second":
        assert good.all() == (extract is audio.short_time) and good.any() == good.all()
    elif kind in ("clipped", "beyond full scale"):
        assert good.mean() < 0.7
    else:
        assert not good.any()


def test_good_sound_is_flagged_so(spoken):
    assert audio.quality(spoken.signal, RATE).all()
    assert audio.quality(spoken.signal, RATE, 3.0).all()


@pytest.mark.parametrize("sign", [-1, 1])
def test_clipping_on_one_side_is_flagged(spoken, sign):
    signal = spoken.signal.copy()
    signal[round(3.98 * RATE) : round(4.02 * RATE) : 4] = sign  # what is between goes on
    assert np.flatnonzero(~audio.quality(signal, RATE)).tolist() == [100]


def test_a_step_is_no_sound():
    signal = np.repeat([0.0, 0.3], 2 * RATE)
    assert not audio.quality(signal, RATE).any() and not audio.quality(signal, RATE, 3.0).any()


def test_a_gap_is_flagged_where_it_is(spoken):
    signal = spoken.signal.copy()
    signal[round(3.99 * RATE) : round(4.01 * RATE)] = np.nan
    assert np.flatnonzero(~audio.quality(signal, RATE)).tolist() == [100]
    assert audio.quality(signal, RATE, 3.0).all()  # 20 ms of 3 s are less than a hundredth
    signal[round(3.98 * RATE) : round(4.02 * RATE)] = np.nan
    assert np.flatnonzero(~audio.quality(signal, RATE, 3.0)).tolist() == list(range(63, 138))


# Error messages


@every_extractor
@pytest.mark.parametrize("rate", [4000, 192000, 16000.5, float("nan"), -1])
def test_a_rate_out_of_range(extract, width, rate):
    with pytest.raises(ValueError, match="Resample the signal, or correct its rate|Pass the rate"):
        extract(np.zeros(1000), rate)


@every_extractor
@pytest.mark.parametrize("signal", [np.zeros((100, 2)), np.zeros(0)])
def test_no_signal(extract, width, signal):
    with pytest.raises(ValueError, match="leave out recordings without samples"):
        extract(signal, RATE)


@every_extractor
def test_integers(extract, width):
    with pytest.raises(ValueError, match="Divide by their full scale"):
        extract(np.zeros(1000, np.int16), RATE)


@pytest.mark.parametrize("cutoff", [0, 1, -0.5, 2])
def test_cutoff_out_of_range(cutoff):
    with pytest.raises(ValueError, match="openSMILE's own is 0.75"):
        audio.short_time(np.zeros(1000), RATE, voicing_cutoff=cutoff)


def test_another_version_of_opensmile(monkeypatch, tmp_path):
    other = tmp_path / "other.conf"
    other.write_text(smile.packaged("is09-13/IS10_paraling_compat.conf").read_text().replace("0.75", "0.70"))
    monkeypatch.setattr(smile, "packaged", lambda name: other)
    with pytest.raises(RuntimeError, match="voicingCutoff = 0.75' 1 times. Found 0. Install the version"):
        audio_configurations.short_time(0.65)


def test_a_file_that_the_installed_version_lacks():
    with pytest.raises(FileNotFoundError, match="Install the version"):
        smile.packaged("no/such.conf")


def test_a_configuration_that_opensmile_refuses():
    with pytest.raises(RuntimeError, match="Install the version"):
        smile.run(np.zeros(RATE, np.float32), "[nonsense", "level")
