"""What belongs to the check differencing: tables as they are compared, pairs of them, and all of them as one system."""
