"""Datasets that a worker process can import, whose samples do something unexpected."""

import os
import signal
import time

PLACE = 3


class Rows:
    def __len__(self):
        return 8

    def __getitem__(self, index):
        return self.strange() if index == PLACE else index

    def strange(self):
        return PLACE


class Exits(Rows):
    def strange(self):
        os._exit(3)


class IsKilled(Rows):
    def strange(self):
        os.kill(os.getpid(), signal.SIGKILL)


class Sleeps(Rows):
    def strange(self):
        time.sleep(60)


class CannotBeSent(Rows):
    def strange(self):
        return lambda: None


class TwoArgumentsError(Exception):
    def __init__(self, first, second):
        super().__init__(first, second)


class RaisesWithTwoArguments(Rows):
    def strange(self):
        raise TwoArgumentsError("one", "two")


class RaisesWhatCannotBeSent(Rows):
    def strange(self):
        class LocalError(Exception):
            pass

        raise LocalError("not to be pickled")


class RaisesKeyError(Rows):
    def strange(self):
        raise KeyError("a key")


def first_of(samples):
    return samples[0]
