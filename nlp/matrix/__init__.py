"""The event matrix 事件矩阵: when, where, what, who, how much; nothing made up, each value with its words."""
