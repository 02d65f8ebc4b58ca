"""One module for one section of the paper, its ``runs()`` and its tables; ``recorded`` is what they share."""

EXPERIMENTS = ("sec5_3_loss_functions", "sec5_4_bidirectional", "sec5_8_smoothing")
