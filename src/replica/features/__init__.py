"""Raw signals to the paper's feature sets, one module a modality (sections 4.1 and 4.2).

Every extractor returns ``(frames, width)`` float32 at 25 frames a second, names its columns in ``COLUMNS``, and has a
flag for each frame beside it: where it is False, the numbers are no measurement. What a column is by documents, and
what is our reading of them, stands beside its name.
"""
