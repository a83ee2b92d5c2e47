"""What is said at the end: how many whole programs gave the same under both libraries."""

AGREES = "test_a_program_agrees_with_torch_at_every_step["


def pytest_terminal_summary(terminalreporter):
    agreed = [
        report for report in terminalreporter.stats.get("passed", []) if AGREES in report.nodeid
    ]
    if agreed:
        terminalreporter.write_line(f"{len(agreed)} whole programs agree with torch")
