"""A case, from the first angry word to the case library: soothe 安抚, reconstruct 还原, intervene 干预."""
