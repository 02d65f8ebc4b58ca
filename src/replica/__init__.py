"""A replication of Chen & Jin (2015), "Multi-modal Dimensional Emotion Recognition using Recurrent Neural Networks"."""
