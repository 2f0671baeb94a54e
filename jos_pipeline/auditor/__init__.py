"""The adversary: what a reader can work out from what is published. Shares no code with whoever hides cells."""
