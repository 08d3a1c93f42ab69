"""The vocabulary: what can happen, what can follow, and the words for it. Imports nothing of ours."""
