extension NetworkStructure {
  /// What there is to say, for a scheme that starts the last layer from zero or near it, if that layer is the embedding.
  ///
  /// - Returns: The note; nil if the network has no such layer.
  var noteOfTiedHead: String? {
    guard isResidual,
      let table = parameters.first(where: { $0.isOutputLayer && $0.role == .embedding && $0.tiedTo == nil })
    else { return nil }
    return "the output layer is the embedding '\(table.name)' itself, and embeddings are kept: the first loss is not "
      + "ln(classes), but what the table's values make of it (a zero there would erase the inputs, too)"
  }
}
