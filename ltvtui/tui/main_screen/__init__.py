"""The main screen and its parts: where the analyst is, what is asked, what is read, what is live."""
