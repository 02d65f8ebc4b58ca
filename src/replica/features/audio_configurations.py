"""What openSMILE is told to compute: its packaged sets with the paper's frames, and seven descriptors more.

Names of levels and descriptors are openSMILE's own. They are checked against the installed version: what is not found
there is an error, never another feature.
"""

from replica.conventions import FRAME_SECONDS
from replica.features import smile

__all__ = ["SHORT_LEVEL", "LONG_LEVEL", "F0_LEVEL", "egemaps", "long_windows", "seven_more", "short_time"]

SHORT_LEVEL, LONG_LEVEL = "shortTime", "longTime"
F0_LEVEL = "pitchF"  # F0 before it is smoothed over its neighbours

_CONCATENATION = """
[componentInstances:cComponentManager]
instance[{name}].type = cVectorConcat

[{name}:cVectorConcat]
reader.dmLevel = {levels}
writer.dmLevel = {name}
includeSingleElementFields = 1
"""

# Moments of a contour: mean, and deviation over the mean, whose sign it gets, as eGeMAPS takes them of its own.
_MOMENTS = """
[componentInstances:cComponentManager]
instance[{name}Chosen].type = cDataSelector
instance[{name}Smooth].type = cContourSmoother
instance[{name}].type = cFunctionals

[{name}Chosen:cDataSelector]
reader.dmLevel = {level}
writer.dmLevel = {name}Chosen
\\{{\\cm[bufferModeRbConf]}}
selected = {descriptors}
newNames = {names}

[{name}Smooth:cContourSmoother]
reader.dmLevel = {name}Chosen
writer.dmLevel = {name}Smooth
\\{{\\cm[bufferModeConf]}}
copyInputName = 1
nameAppend = sma3{suffix}
smaWin = 3
noZeroSma = {without_zeros}
noPostEOIprocessing = 0

[{name}:cFunctionals]
reader.dmLevel = {name}Smooth
writer.dmLevel = {name}
\\{{\\cm[bufferModeRbConf]}}
\\{{\\cm[frameModeFunctionalsConf]}}
copyInputName = 1
functionalsEnabled = Moments
Moments.amean = 1
Moments.stddevNorm = 2
Moments.stddev = 0
Moments.variance = 0
Moments.skewness = 0
Moments.kurtosis = 0
nonZeroFuncts = {without_zeros}
"""

# Cepstra where the pitch tracker finds no voice, and zeros elsewhere, which the moments then leave out.
_UNVOICED = """
[componentInstances:cComponentManager]
instance[unvoicedCepstra].type = cValbasedSelector

[unvoicedCepstra:cValbasedSelector]
reader.dmLevel = gemapsv01b_lld_single_logF0;egemapsv02_mfcc
writer.dmLevel = unvoicedCepstra
\\{\\cm[bufferModeRbLagConf]}
idx = 0
invert = 1
threshold = 0.000001
removeIdx = 1
zeroVec = 1
outputVal = 0.0
"""


def short_time(voicing_cutoff: float, pitch_frame_seconds: float = FRAME_SECONDS) -> str:
    """The set of 2010 in frames of 40 ms without overlap, its descriptors and their deltas side by side.

    Args:
        voicing_cutoff: A frame whose voicing is below is unvoiced; 0 to 1, 0.75 as packaged.
        pitch_frame_seconds: Length of the frames of pitch; the set's own are 0.06 s.

    Raises:
        ValueError: If the cutoff is out of range.
        RuntimeError: If the installed openSMILE has another configuration.
    """
    if not 0 < voicing_cutoff < 1:
        raise ValueError(
            f"The voicing cutoff lies between 0 and 1. Received {voicing_cutoff!r}. openSMILE's own is 0.75."
        )
    name = "is09-13/IS10_paraling_compat.conf"
    text = smile.packaged(name).read_text()
    for found, put, count in (
        ("frameSize = 0.060", f"frameSize = {pitch_frame_seconds}", 1),
        ("frameSize = 0.025", f"frameSize = {FRAME_SECONDS}", 1),
        ("frameStep = 0.010", f"frameStep = {FRAME_SECONDS}", 2),
        ("voicingCutoff = 0.75", f"voicingCutoff = {voicing_cutoff}", 1),
    ):
        if text.count(found) != count:
            raise RuntimeError(
                f"openSMILE's {name} must hold '{found}' {count} times. Found {text.count(found)}. "
                "Install the version that requirements/dev.txt names."
            )
        text = text.replace(found, put)
    return text + _CONCATENATION.format(name=SHORT_LEVEL, levels="lld;lld_de")


def egemaps() -> str:
    """The packaged set, version 2."""
    return f"\\{{{smile.packaged('egemaps/v02/eGeMAPSv02.conf')}}}\n"


def seven_more() -> str:
    """eGeMAPS, and mean and variation of three descriptors over all frames and of four over those without voice."""
    over_all = _MOMENTS.format(
        name="overAll",
        level="gemapsv01b_logSpectral",
        descriptors="pcm_fftMag_alphaRatioDB;pcm_fftMag_logSpectralSlopeOfBand0-500;"
        "pcm_fftMag_logSpectralSlopeOfBand500-1500",
        names="alphaRatio;slope0-500;slope500-1500",
        suffix="",
        without_zeros=0,
    )
    over_unvoiced = _MOMENTS.format(
        name="overUnvoiced",
        level="unvoicedCepstra",
        descriptors="mfcc[1];mfcc[2];mfcc[3];mfcc[4]",
        names="mfcc1UV;mfcc2UV;mfcc3UV;mfcc4UV",
        suffix="nz",
        without_zeros=1,
    )
    together = _CONCATENATION.format(name=LONG_LEVEL, levels="func;overAll;overUnvoiced")
    return egemaps() + over_all + _UNVOICED + over_unvoiced + together


def long_windows(window_seconds: float | None) -> dict[str, str]:
    """The file that tells over which windows functionals run: a new one every 40 ms, or one over the whole."""
    if window_seconds is None:
        mode, size, step = "full", 0.0, 0.0
    else:
        mode, size, step = "fixed", window_seconds, FRAME_SECONDS
    lines = f"frameMode = {mode}\nframeSize = {size}\nframeStep = {step}\nframeCenterSpecial = left\n"
    return {"frameModeFunctionalsConf": lines}
