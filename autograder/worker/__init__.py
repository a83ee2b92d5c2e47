"""What runs inside the sandbox: the process that executes a submission.

It holds no answer, no tolerance and no point, and imports nothing of the grader but `wire`.
"""
