"""`python -m autograder`: the command line, where the script is not on the path."""

from autograder.cli import main

if __name__ == "__main__":
    main(prog_name="autograder")
