"""Data made when they are needed, from a seed: label stores, crowds, logs, pictures, exports.

The same seed gives the same content everywhere. The sets in `datasets/` are made by these
generators; another seed gives a fresh pool of the same kind. All people in them are simulated.
"""
