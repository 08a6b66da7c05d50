"""What association studies publish: their columns, how many people stand behind them, and what that tells of single people."""
