"""What may be chosen: choices, spaces, architectures, and the layers that hold candidates."""
