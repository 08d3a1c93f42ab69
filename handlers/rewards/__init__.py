"""Coupons: what earns one, what it costs, and how it is redeemed once."""
