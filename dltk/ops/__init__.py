"""What can be done with tensors, under torch's names."""
