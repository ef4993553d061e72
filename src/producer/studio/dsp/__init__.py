"""Signal processing on stereo float32 arrays of shape ``(2, n)``; kernels work in place."""
