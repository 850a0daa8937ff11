"""What is set up once and used everywhere: code tables, number series, users, the marketing setup."""
