// Whoever works with records works with the values that they are made of.
@_exported import Records
