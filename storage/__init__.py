"""Rows: one file per aggregate, each with its table and its queries. No decisions are taken here."""
