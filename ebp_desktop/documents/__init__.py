"""Papers that leave the printer: kinds and data, PDF typesetting, QR codes, reprint marks. No Qt."""
