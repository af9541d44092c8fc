extension BERTConfiguration {
  /// Floating-point operations of a pass through the network with both heads, a multiplication and an addition counting
  /// as two.
  ///
  /// Matrix products alone, as PyTorch's `FlopCounterMode` counts them: for a text of L places, P of them predicted, width
  /// C, inner width I and V words,
  ///
  ///     layers · (2·L·(4·C² + 2·C·I) + 4·L²·C)     four projections, two linear layers; scores and their products
  ///     + P · (2·C² + 2·C·V)                       what stands at a place: the dense layer, the decoder
  ///     + 2·C² + 4·C                               the pooler and the two classes
  ///
  /// - Parameters:
  ///   - texts: How many texts, all filled up to the same length: filling is computed like text.
  ///   - length: L.
  ///   - predictions: P.
  /// - Returns: The operations of a forward pass.
  public func forwardFLOPs(texts: Int = 1, length: Int, predictions: Int) -> Double {
    let (c, i, v) = (Double(width), Double(intermediateWidth), Double(vocabularyCount))
    let (l, p) = (Double(length), Double(predictions))
    let encoder = Double(layers) * (2 * l * (4 * c * c + 2 * c * i) + 4 * l * l * c)
    return Double(texts) * (encoder + p * (2 * c * c + 2 * c * v) + 2 * c * c + 4 * c)
  }

  /// Floating-point operations of a training step: forward, and twice as many backward, since each product has a gradient
  /// for both of its factors. The optimiser's are not counted, nor are those of a pass that is thrown away.
  ///
  /// - Parameters: As ``forwardFLOPs(texts:length:predictions:)``.
  /// - Returns: The operations of a step.
  public func trainingFLOPs(texts: Int = 1, length: Int, predictions: Int) -> Double {
    3 * forwardFLOPs(texts: texts, length: length, predictions: predictions)
  }
}
