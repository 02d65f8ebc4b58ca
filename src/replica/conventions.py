"""The names and units that every other module shares: axes, dimensions, partitions, features, losses."""

BATCH, TIME, CHANNEL = 0, 1, 2  # axes of every tensor of sequences, (batch, time, channel)

DIMENSIONS = ("arousal", "valence")  # emotion dimensions, in the order of the last axis of a gold standard
PARTITIONS = ("train", "dev", "test")

FRAME_SECONDS = 0.04  # section 3: ratings "for every 40ms"
FRAME_RATE_HZ = 25

# The six feature sets of sections 4.1 and 4.2 with their widths; other corpora name their own.
FEATURE_WIDTHS = {
    "audio_short": 76,
    "audio_long": 102,
    "video_app": 84,
    "video_geo": 316,
    "ecg": 54,
    "eda": 62,
}

# The loss functions, by the column heads of Tables 4 and 5.
SINGLE_POINT_LOSSES = ("mse", "mae", "tube0.05")
OVERALL_LOSSES = ("-ccc", "mse-cov", "mse/(cc+1)")
LOSSES = SINGLE_POINT_LOSSES + OVERALL_LOSSES
