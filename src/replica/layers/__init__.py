"""Keras layers of section 4.3."""

from replica.layers.peephole_lstm import PeepholeLSTM as PeepholeLSTM
from replica.layers.peephole_lstm import PeepholeLSTMCell as PeepholeLSTMCell

__all__ = ["PeepholeLSTM", "PeepholeLSTMCell"]
