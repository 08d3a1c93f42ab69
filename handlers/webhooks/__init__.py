"""What the company's other systems are told, signed and retried."""
