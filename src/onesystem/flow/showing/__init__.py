"""The pages of measures: a grid of many, one as a large chart, what lies behind, and its files."""
