"""The turn and what it does: routing by role, flows run, effects written as rows, deliveries made."""
