"""A run, declared: everything that decides a result and nothing else. Its digest alone finds the result again."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np

from replica.conventions import DIMENSIONS, LOSSES
from replica.corpora.recording import CorpusKey
from replica.metrics import Moments, pool

Normalisation = Literal["speaker", "partition", "train"]
Direction = Literal["forward", "backward", "bidirectional"]
Alignment = Literal["aligned", "unreversed"]


def _check_tuple(
    what: str, values: tuple[Any, ...], kind: type[str] | type[int] | type[float], at_least: int = 1
) -> None:
    """Plain values only: two runs that are equal must have one canonical JSON, and so one digest."""
    plain = isinstance(values, tuple) and len(values) >= at_least and all(type(value) is kind for value in values)
    sound = plain and (len(set(values)) == len(values) if kind is str else min(values, default=1) > 0)
    if not sound:
        raise ValueError(
            f"{what} of a run is a tuple of {kind.__name__}, at least {at_least} of them, no name twice, no number "
            f"below or at 0. Received {values!r}. Pass for example ('voice',), (80, 60) or (2.0, 8.0)."
        )


def _check_name(what: str, value: str | int, known: tuple[str | int, ...]) -> None:
    if value not in known or type(value) is not type(known[0]):  # 2.0 is equal to 2 and would have another digest
        names = ", ".join(map(str, known))
        raise ValueError(f"{what} is one of {names}. Received {value!r}. Choose one of those names.")


@dataclass(frozen=True)
class Scale:
    """How much of the paper's size a run has.

    Attributes:
        frames_averaged: Consecutive frames averaged to one; 5 turns 25 Hz into 5 Hz.
        units_divided: The paper's layer widths are divided by this.
        recordings: Recordings kept of each partition, all where None.
        most_epochs: Epochs after which a training is cut off; the paper names no such limit.
    """

    frames_averaged: int
    units_divided: int
    recordings: int | None
    most_epochs: int


SCALES = {
    "paper": Scale(frames_averaged=1, units_divided=1, recordings=None, most_epochs=2000),
    "desk": Scale(frames_averaged=5, units_divided=2, recordings=None, most_epochs=2000),
    "full_width": Scale(frames_averaged=5, units_divided=1, recordings=None, most_epochs=2000),
    "smoke": Scale(frames_averaged=5, units_divided=2, recordings=2, most_epochs=4),  # shows that it runs, no more
}


def units_at(scale: str, paper_sizes: tuple[int, ...]) -> tuple[int, ...]:
    """The paper's layer sizes as a scale trains them.

    Raises:
        ValueError: If the scale is unknown.
    """
    _check_name("scale", scale, tuple(SCALES))
    return tuple(units // SCALES[scale].units_divided for units in paper_sizes)


@dataclass(frozen=True)
class Assumptions:
    """What the paper leaves open, one field per question; the default comes first.

    The default is the paper's text where it speaks, else what the authors' library did. How CCC pools recordings is no
    field, since every result holds the moments for both ways; neither is what a corpus' features rest on, since that
    is part of the corpus.

    Attributes:
        output_gate_sees: See :class:`replica.layers.peephole_lstm.PeepholeLSTM`.
        initialisation: The same.
        optimiser: See :func:`replica.optimizers.get`.
        batch: ``"full"`` is one update an epoch from all training recordings; ``"single"`` one update a recording, in
            an order drawn for each epoch.
        loss_moments: Moments of the losses over one recording, or pooled over those of an update.
        stopping: ``"downhill"`` looks at the dev loss every 10 epochs and stops 60 after the best; ``"fifty"`` looks
            at every epoch and stops at the 50th without improvement.
        bidirectional_alignment: See :class:`replica.layers.bidirectional.BidirectionalPeepholeLSTM`; it holds for a
            backward network too.
        normalisation: Whose statistics make the z-scores.
        label_delay_seconds: How much later than its cause a rating is taken to stand. The network learns without that
            delay, and its predictions are put back by it.
    """

    output_gate_sees: Literal["previous", "current", "none"] = "previous"
    initialisation: Literal["forget_bias_2", "theanets"] = "forget_bias_2"
    optimiser: Literal["downhill", "theanets_0_5"] = "downhill"
    batch: Literal["full", "single"] = "full"
    loss_moments: Literal["per_recording", "pooled"] = "per_recording"
    stopping: Literal["downhill", "fifty"] = "downhill"
    bidirectional_alignment: Alignment = "aligned"
    normalisation: Normalisation = "speaker"
    label_delay_seconds: Literal[0, 2, 4] = 0

    def __post_init__(self) -> None:
        for question in dataclasses.fields(self):
            _check_name(f"Assumptions.{question.name}", getattr(self, question.name), get_args(question.type))


@dataclass(frozen=True)
class _Inputs:
    """Which frames go in and which emotion dimensions come out."""

    corpus: CorpusKey
    features: tuple[str, ...]
    dimensions: tuple[str, ...]
    scale: str

    def __post_init__(self) -> None:
        _check_name("scale", self.scale, tuple(SCALES))
        _check_tuple("features", self.features, str)
        _check_tuple("dimensions", self.dimensions, str)
        for dimension in self.dimensions:
            _check_name("dimensions", dimension, DIMENSIONS)


@dataclass(frozen=True)
class Run(_Inputs):
    """One training of a stacked LSTM.

    ``layer_sizes`` are the units as trained, so halved already at desk scale, and those of each direction where the
    network is bidirectional. ``enters`` names, for each of ``features``, the hidden layer that it enters, 1 for the
    first: the new structure of section 4.5. Empty, all enter the first: the concatenation.
    """

    layer_sizes: tuple[int, ...]
    loss: str
    seed: int
    assumptions: Assumptions = Assumptions()
    direction: Direction = "forward"
    enters: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_name("loss", self.loss, LOSSES)
        _check_name("direction", self.direction, get_args(Direction))
        if self.direction == "forward" and self.assumptions.bidirectional_alignment != "aligned":
            raise ValueError(  # the same network under another digest
                "A forward network has nothing to align. Received bidirectional_alignment='unreversed' with "
                "direction='forward'. Leave the alignment at its default."
            )
        _check_tuple("layer_sizes", self.layer_sizes, int)
        self._check_enters()
        if type(self.seed) is not int or self.seed < 0:
            raise ValueError(f"A seed is a whole number from 0. Received {self.seed!r}. Pass a plain int such as 0.")

    @property
    def normalisation(self) -> Normalisation:
        """Whose statistics make the z-scores."""
        return self.assumptions.normalisation

    def _check_enters(self) -> None:
        layers = range(1, len(self.layer_sizes) + 1)
        plain = (
            isinstance(self.enters, tuple)
            and self.enters[:1] in ((), (1,))
            and all(type(layer) is int and layer in layers for layer in self.enters)
        )
        ordered = plain and list(self.enters) == sorted(self.enters)  # one network, one digest
        if self.enters and not (
            ordered and len(self.enters) == len(self.features) and self.enters[0] < self.enters[-1]
        ):
            raise ValueError(
                f"enters of a run has a hidden layer, 1 to {len(self.layer_sizes)}, for each of its "
                f"{len(self.features)} features: in rising order, from 1, not all the same. Received {self.enters!r}. "
                "Pass for example (1, 2, 2), or () where all features enter the first layer."
            )


@dataclass(frozen=True)
class _FrameRegression(_Inputs):
    """A rival without memory cells on the same frames.

    It sees the past through trailing means of each feature over ``context_seconds``, beside the frame itself; with
    none, ``()``, it sees the frame alone.
    """

    normalisation: Normalisation
    context_seconds: tuple[float, ...] = (2.0, 8.0, 32.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_name("normalisation", self.normalisation, get_args(Normalisation))
        _check_tuple("context_seconds", self.context_seconds, float, at_least=0)


@dataclass(frozen=True)
class RidgeRun(_FrameRegression):
    """One ridge regression on frames, its penalty chosen on dev."""


@dataclass(frozen=True)
class SvrRun(_FrameRegression):
    """One linear support vector regression on frames for each emotion dimension, its C chosen on dev."""


@dataclass(frozen=True)
class SmoothedRun:
    """Equation 7 on the predictions of a recorded run, alpha chosen by grid on dev (section 4.6)."""

    input: Run
    direction: Literal["forward", "backward"]

    def __post_init__(self) -> None:
        _check_name("direction", self.direction, ("forward", "backward"))
        if not isinstance(self.input, Run):
            raise ValueError(
                "Smoothing takes the predictions of a network. "
                f"Received a {type(self.input).__name__}. "
                "Pass the Run of a training."
            )
        if len(self.input.dimensions) > 1:
            raise ValueError(
                "Smoothing chooses one alpha for one emotion dimension. "
                f"Received a run of {', '.join(self.input.dimensions)}. "
                "Smooth runs of a single dimension."
            )

    @property
    def corpus(self) -> CorpusKey:
        """The corpus of the run that is smoothed."""
        return self.input.corpus

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The emotion dimensions of the run that is smoothed."""
        return self.input.dimensions


@dataclass(frozen=True)
class FusedRun:
    """A linear regression over the predictions of recorded runs (section 5.7).

    Attributes:
        inputs: The subsystems; fused runs may be fused further (section 5.9).
        weights_from: ``"dev_dev"`` is section 5.7: the weights are learned on all dev recordings but the last by name,
            and serve for all, so that dev is partly fitted. ``"other_recordings"``: those of a dev recording are
            learned on the others, those of a test recording on all of dev, so that no weight of this regression was
            learned on the recording that it scores. The subsystems themselves were stopped on all of dev.
        scores_train: Whether train is scored as well (Table 12). Predictions of train are recorded nowhere, so that
            every training at the bottom is done again.
    """

    inputs: "tuple[Run | SmoothedRun | FusedRun, ...]"
    weights_from: Literal["dev_dev", "other_recordings"]
    scores_train: bool = False

    def __post_init__(self) -> None:
        _check_name("weights_from", self.weights_from, ("dev_dev", "other_recordings"))
        inner = Run | SmoothedRun if self.weights_from == "other_recordings" else Run | SmoothedRun | FusedRun
        plain = isinstance(self.inputs, tuple) and all(isinstance(run, inner) for run in self.inputs)
        if not plain or len(set(self.inputs)) != len(self.inputs) or not self.inputs:
            raise ValueError(
                "A fusion is over a tuple of different networks, smoothed or not, or, with weights from dev_dev, of "
                f"fusions. Received {self.inputs!r}. Name each run once; a ridge or SVR is not fused."
            )
        alike = {(run.corpus, run.dimensions, trained(run).scale) for run in self.inputs}
        if len(alike) != 1 or len(self.dimensions) != 1:
            raise ValueError(
                "A fusion is over runs of one corpus, one scale and one emotion dimension. "
                f"Received {sorted(map(str, alike))}. Fuse runs of one kind at a time."
            )

    @property
    def corpus(self) -> CorpusKey:
        """The corpus of the runs that are fused."""
        return self.inputs[0].corpus

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The emotion dimension of the runs that are fused."""
        return self.inputs[0].dimensions


FrameRegression = RidgeRun | SvrRun
AnyRun = Run | FrameRegression | SmoothedRun | FusedRun


def inputs_of(run: AnyRun) -> "tuple[Run | SmoothedRun | FusedRun, ...]":
    """The runs whose recorded predictions a run starts from; none for one that is fitted on a corpus."""
    if isinstance(run, SmoothedRun):
        return (run.input,)
    return run.inputs if isinstance(run, FusedRun) else ()


def trained(run: "Run | SmoothedRun | FusedRun") -> Run:
    """The training at the bottom of a run, the first where it has several."""
    return run if isinstance(run, Run) else trained(inputs_of(run)[0])


def fitted(run: AnyRun) -> list[Run | FrameRegression]:
    """What is fitted on a corpus at the bottom of a run: itself, or all that it rests on, as often as it does."""
    if isinstance(run, Run | FrameRegression):
        return [run]
    return [bottom for member in inputs_of(run) for bottom in fitted(member)]


def structure(run: Run) -> Run:
    """The run with everything at one value that its network, compiled, does not depend on: corpus, seed, target."""
    dimensions = DIMENSIONS[: len(run.dimensions)]
    return dataclasses.replace(run, corpus=CorpusKey("any", ""), dimensions=dimensions, seed=0)


@dataclass(frozen=True)
class Result:
    """What a run gave, with everything that tables and figures need and no gold standard.

    Attributes:
        run: The run.
        moments: Partition, then emotion dimension, then recording: the moments from which every metric follows.
        shifted_ccc: Partition, then emotion dimension: pooled CCC against the gold standard shifted in a circle by
            each of the lags of :func:`replica.evaluation.shifted_ccc`; what chance scores.
        valleys_and_peaks: Partition, then emotion dimension, then recording: see
            :func:`replica.evaluation.valleys_and_peaks`. Empty in records of the first version.
        predictions: Partition, then recording: ``(frames, dimensions)``, rating units. Those of train are not recorded.
        history: How the fit went: losses by epoch, the best epoch, why it stopped; or the chosen penalty or C.
        provenance: Commit, versions, processor, threads, seconds, digest of the corpus. Not part of the key.
    """

    run: AnyRun
    moments: dict[str, dict[str, dict[str, Moments]]]
    shifted_ccc: dict[str, dict[str, list[float]]]
    predictions: dict[str, dict[str, np.ndarray]]
    history: dict[str, Any]
    provenance: dict[str, Any] = field(default_factory=dict)
    valleys_and_peaks: dict[str, dict[str, dict[str, list[float]]]] = field(default_factory=dict)

    def pooled(self, partition: str, dimension: str) -> Moments:
        """The moments of all recordings of a partition together."""
        return pool(list(self.moments[partition][dimension].values()))


def canonical(run: AnyRun) -> dict[str, Any]:
    """The run as plain data.

    An assumption at its default is left out, and so are the forward direction and the concatenation, so that a later
    question keeps old digests. Therefore a default may never change, and neither may the constants that a run rests on
    without naming them (``SCALES``, the grids of penalty, C and alpha): a new value needs a new name. A test
    pins them all.
    """
    if isinstance(run, SmoothedRun):
        return {"kind": "SmoothedRun", "input": canonical(run.input), "direction": run.direction}
    if isinstance(run, FusedRun):
        inputs = [canonical(member) for member in run.inputs]
        fused = {"kind": "FusedRun", "inputs": inputs, "weights_from": run.weights_from}
        return fused | ({"scores_train": True} if run.scores_train else {})
    plain: dict[str, Any] = {"kind": type(run).__name__, **vars(run), "corpus": dict(vars(run.corpus))}
    if isinstance(run, Run):
        default = vars(Assumptions())
        plain["assumptions"] = {k: v for k, v in vars(run.assumptions).items() if v != default[k]}
        plain = {k: v for k, v in plain.items() if (k, v) not in (("direction", "forward"), ("enters", ()))}
    return plain


def digest(run: AnyRun) -> str:
    """SHA-256 of the canonical JSON, its first 16 hexadecimal digits."""
    text = json.dumps(canonical(run), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def from_canonical(plain: dict[str, Any]) -> AnyRun:
    """The run of which :func:`canonical` made plain data.

    Raises:
        KeyError: If the kind of run or a field is missing or unknown.
    """
    if plain["kind"] == "SmoothedRun":
        smoothed = from_canonical(plain["input"])
        if not isinstance(smoothed, Run):
            raise KeyError(f"A smoothed run has a training as its input, not {plain['input']}.")
        return SmoothedRun(smoothed, plain["direction"])
    if plain["kind"] == "FusedRun":
        members = tuple(from_canonical(member) for member in plain["inputs"])
        if any(isinstance(member, FrameRegression) for member in members):
            raise KeyError(f"A fused run has networks as its inputs, not {plain['inputs']}.")
        return FusedRun(members, plain["weights_from"], plain.get("scores_train", False))  # type: ignore[arg-type]  # no regression, as just checked
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in plain.items()}
    kind: type[Run | FrameRegression] = {"Run": Run, "RidgeRun": RidgeRun, "SvrRun": SvrRun}[values.pop("kind")]
    corpus = plain["corpus"]
    values["corpus"] = CorpusKey(corpus["name"], corpus["version"], tuple(map(tuple, corpus["options"])))
    if "assumptions" in values:
        values["assumptions"] = Assumptions(**values["assumptions"])
    return kind(**values)
