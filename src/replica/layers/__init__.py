"""Keras layers of section 4.3."""

from replica.layers.bidirectional import BidirectionalPeepholeLSTM as BidirectionalPeepholeLSTM
from replica.layers.peephole_lstm import PeepholeLSTM as PeepholeLSTM
from replica.layers.peephole_lstm import PeepholeLSTMCell as PeepholeLSTMCell

__all__ = ["BidirectionalPeepholeLSTM", "PeepholeLSTM", "PeepholeLSTMCell"]
