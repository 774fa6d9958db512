"""The screen of the workload."""
