"""Prints one line for each task that went as its name says, and everything about one that did not."""

from __future__ import annotations

import json

from ansible.executor.stats import AggregateStats
from ansible.executor.task_result import CallbackTaskResult
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
    name: proven
    type: stdout
    short_description: a line for each task
    description: Prints a line for each task, and the whole result of one that failed.
"""


class CallbackModule(CallbackBase):
    """Called by Ansible for each event."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "proven"

    def v2_runner_on_ok(self, result: CallbackTaskResult) -> None:
        """A task that did not fail."""
        self._display.display(f"proven: {result.task.get_name()}")

    def v2_runner_on_failed(self, result: CallbackTaskResult, ignore_errors: bool = False) -> None:
        """A task that failed."""
        self._display.display(f"FAILED: {result.task.get_name()}\n{json.dumps(result.result, indent=4, default=str)}")

    def v2_runner_on_unreachable(self, result: CallbackTaskResult) -> None:
        """A task that could not even be tried."""
        self.v2_runner_on_failed(result)

    def v2_playbook_on_stats(self, stats: AggregateStats) -> None:
        """The end."""
        counted = [stats.summarize(host) for host in stats.processed]
        passed, failed = (sum(counts[key] for counts in counted) for key in ("ok", "failures"))
        self._display.display(f"{passed} passed, {failed} failed")
