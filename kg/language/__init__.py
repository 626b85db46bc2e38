"""What is particular to a language: tokens, sentences, dates, numbers and inflection, one module for each matter."""
