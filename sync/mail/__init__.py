"""Mail out by SMTP and in by IMAP."""
