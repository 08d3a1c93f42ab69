"""The API: how the company's other systems tell us of orders and complaints, and redeem coupons."""

from web.api.router import api_router

__all__ = ["api_router"]
