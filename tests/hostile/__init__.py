"""Bad input and bad days: each must get its proper answer, lose nothing, show no trace and put nobody into the logs."""
