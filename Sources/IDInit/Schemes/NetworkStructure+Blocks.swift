extension NetworkStructure {
  /// The block whose stem ends with the normalisation scale of that name.
  func block(endingInNormScale name: String) -> ResidualBlock? {
    blocks.first { $0.lastNormScales.contains(name) }
  }

  /// The block whose stem holds the weight of that name; the smallest stem if blocks are nested.
  func innermostBlock(withStemWeight name: String) -> ResidualBlock? {
    blocks.filter { $0.stemWeights.contains(name) }.min { $0.stemWeights.count < $1.stemWeights.count }
  }
}
