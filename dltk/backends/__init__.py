"""What computes: one object a kind of device, with the operations that kernels and rules use."""
