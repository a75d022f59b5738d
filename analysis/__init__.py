"""What Sparkify's listeners do: the questions as SQL, the report that answers them in pictures, and the notebook."""
