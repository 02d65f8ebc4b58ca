import numpy as np
import pytest

from replica.features import voicing
from replica.features.synthetic_voice import voice


def test_agreement_by_hand():
    found = voicing.agreement([0, 100, 100, 0, 150], [0, 100, 0, 100, 100])
    assert (found.voiced, found.reference_voiced, found.same, found.gross_errors) == (0.6, 0.6, 0.6, 0.5)
    assert np.isnan(voicing.agreement([0, 0], [0, 100]).gross_errors)


def test_egemaps_tracker_finds_a_synthetic_voice():
    made = voice(10, seed=1, f0_hz=220)
    agreed = voicing.agreement(voicing.egemaps_f0(made.signal, 16000), made.f0_hz)
    assert agreed.same > 0.9 and agreed.gross_errors < 0.03


@pytest.mark.parametrize(("f0_hz", "least", "most"), [(100, 0.0, 0.02), (300, 0.55, 0.7)])
def test_what_a_frame_of_40_ms_keeps_depends_on_the_pitch(f0_hz, least, most):
    """At the packaged cutoff a low voice, which has few periods in a frame, is lost whole; a high one stays."""
    made = voice(10, seed=1, f0_hz=f0_hz)
    kept = (voicing.f0(made.signal, 16000, voicing_cutoff=0.75, smoothed=False) > 0).mean()
    assert (made.f0_hz > 0).mean() > 0.6
    assert least <= kept <= most


def test_a_lower_cutoff_and_a_longer_frame_keep_more():
    made = voice(10, seed=1, f0_hz=120)
    kept = [
        (voicing.f0(made.signal, 16000, voicing_cutoff=cutoff, pitch_frame_seconds=seconds, smoothed=False) > 0).mean()
        for cutoff, seconds in ((0.75, 0.04), (0.65, 0.04), (0.65, 0.06))
    ]
    assert kept[0] < kept[1] < kept[2]


def test_the_table_has_every_setting_and_agrees_with_its_parts():
    signal = voice(2, seed=1, f0_hz=200).signal
    table = voicing.measure(signal, 16000).set_index(["pitch_frame_seconds", "voicing_cutoff", "smoothed"])
    assert len(table) == table.index.nunique() == len(voicing.FRAMES_SECONDS) * len(voicing.CUTOFFS) * 2
    track = voicing.f0(signal, 16000, voicing_cutoff=0.65, smoothed=False)
    assert table.loc[(0.04, 0.65, False), "voiced"] == (track > 0).mean()


@pytest.mark.parametrize(("track", "reference"), [([1, 2], [1]), ([], []), ([[1.0]], [[1.0]])])
def test_tracks_that_do_not_match(track, reference):
    with pytest.raises(ValueError, match="Extract both from one signal"):
        voicing.agreement(track, reference)
