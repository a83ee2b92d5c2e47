"""Given machinery: dtypes, storage, the Tensor class, dispatch, creation and printing."""
