"""The process: settings, wiring, channel adapters, command line."""
