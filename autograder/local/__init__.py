"""Checking one's own work: the files on this machine, before anything is handed in."""
