"""The terminal app."""

import os

# A second picture of a key, such as a plot that follows the cursor, waits for the next frame. Textual looks this up
# once, before anything else.
os.environ.setdefault("TEXTUAL_FPS", "125")
