"""The figures: each module computes what one of them shows, from the reader's own run."""
