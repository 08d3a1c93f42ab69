"""What a customer asks for that a person must decide or answer: bookings, changes, questions, talks, phone numbers."""
