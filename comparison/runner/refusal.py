"""Why a framework does not run here, in one sentence that its row shows."""


class UnavailableError(Exception):
    """This machine lacks something: an interpreter, a system package, a network."""


class NotInstalledError(UnavailableError):
    """pip or apt was asked and refused."""
