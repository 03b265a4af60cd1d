"""The shop of the app: how it is read, watched and remembered, beside the keyboard."""
