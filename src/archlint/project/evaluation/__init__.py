"""The parts of the evaluator, one for each kind of question."""
