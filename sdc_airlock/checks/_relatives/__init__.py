"""What tells of single people in results of genetics: records, kinship, correlations, weights and fits."""
