"""A trained model -> an int8 model, C++ of it, and the bundle models/NAME that holds both."""
