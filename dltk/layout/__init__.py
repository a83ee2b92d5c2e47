"""Integer arithmetic on (shape, strides, offset): how a tensor walks a line of memory."""
