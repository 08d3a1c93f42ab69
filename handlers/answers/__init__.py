"""What a customer gets told at once: the catalogue, how things stand, thanks and small talk."""
