"""Where the data key can be unlocked from: the desktop's own key store, or a password; each one file, one contract."""
