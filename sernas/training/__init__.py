"""The training loop, the schedule, model files and devices."""
