"""One module for one section of the paper: its ``runs()`` and its ``table()``."""

EXPERIMENTS = ("sec5_3_loss_functions", "sec5_8_smoothing")
