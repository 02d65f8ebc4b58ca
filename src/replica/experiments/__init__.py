"""One module for one section of the paper, its ``runs()`` and its tables.

``systems`` declares what they compare, ``recorded`` reads what was recorded.
"""

EXPERIMENTS = (
    "sec2_non_temporal_models",
    "sec2_correlation",
    "sec4_5_asynchronisation",
    "sec5_1_dominant_features",
    "sec5_2_long_and_short_time_features",
    "sec5_3_loss_functions",
    "sec5_4_bidirectional",
    "sec5_5_multi_task",
    "sec5_6_early_fusion",
    "sec5_7_late_fusion",
    "sec5_8_smoothing",
    "sec5_9_best_submitted_run",
    "assumptions",
    "unseen_people",
    "headline",
    "paper_scale",
    "effect_and_delay",
)

# Which of them has table(number, store, corpus, ...) for a table of the paper.
TABLES = {
    2: "sec5_1_dominant_features",
    3: "sec5_2_long_and_short_time_features",
    4: "sec5_3_loss_functions",
    5: "sec5_3_loss_functions",
    6: "sec5_4_bidirectional",
    7: "sec5_5_multi_task",
    8: "sec5_6_early_fusion",
    9: "sec5_6_early_fusion",
    10: "sec5_7_late_fusion",
    11: "sec5_8_smoothing",
    12: "sec5_9_best_submitted_run",
}
