# SPDX-License-Identifier: GPL-2.0-only
"""For pytest -p: what it does as TAP, a line a test, and nothing else."""


def test_name(nodeid):
    """ "test_file.py::test_that_it_works[x]" is called "file: that_it_works[x]" here."""
    path, name = nodeid.split("::", 1)
    return f"{path.rpartition('/')[2][len('test_'):-len('.py')]}: {name.removeprefix('test_')}"


class Tap:
    """Counts tests; a test has three phases, of which any can fail or skip."""

    def __init__(self):
        self.number = 0
        self.reports = []

    def say(self, *lines):
        """At once, for whoever waits."""
        print(*lines, sep="\n", flush=True)

    def pytest_collectreport(self, report):
        """A file that cannot be loaded is none of the tests that are counted."""
        if report.failed:
            self.say("Bail out! " + report.nodeid, *self.comment(report))

    def pytest_collection_finish(self, session):
        """The plan."""
        self.say(f"1..{len(session.items)}")

    def pytest_runtest_logreport(self, report):
        """One phase."""
        self.reports.append(report)
        if report.when == "teardown":
            self.judge(test_name(report.nodeid), self.reports)
            self.reports = []

    def judge(self, name, reports):
        """The test is over."""
        self.number += 1
        failed = [report for report in reports if report.failed]
        skipped = [report for report in reports if report.skipped]
        if failed:
            self.say(f"not ok {self.number} - {name}", *self.comment(*failed))
        elif skipped:
            reason = skipped[0].longrepr[2].removeprefix("Skipped: ")
            self.say(f"ok {self.number} - {name} # SKIP {reason}")
        else:
            self.say(f"ok {self.number} - {name}")

    def comment(self, *reports):
        """What pytest has to say of it."""
        return ["# " + line for report in reports for line in report.longreprtext.splitlines()]


def pytest_configure(config):
    """Instead of pytest's own output, which -p no:terminal keeps away."""
    config.pluginmanager.register(Tap())
