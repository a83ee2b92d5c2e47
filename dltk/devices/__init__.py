"""Lab 7: which devices there are, which one is meant, and how tensors get there."""
