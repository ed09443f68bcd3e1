"""The guard on typed notes against invented notes: how often it errs, either way."""
