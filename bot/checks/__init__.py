"""What `huixiang doctor` looks at. Each check says what it found and, when something is wrong, what to do."""
