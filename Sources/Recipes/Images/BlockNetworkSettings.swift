/// The network of Figures 2 and 15: residual blocks of linear layers (Figure 1) between a first layer and a classifier.
public struct BlockNetworkSettings: Codable, Hashable, Sendable {
  /// Features of a block's input and output.
  public var width: Int
  /// How many blocks there are.
  public var blocks: Int

  /// As the paper has it (Appendix C.4), and for tests.
  static func at(_ scale: Scale) -> BlockNetworkSettings {
    scale == .smoke ? .init(width: 16, blocks: 3) : .init(width: 240, blocks: 64)
  }

  func validate() throws(SettingError) {
    try Check.atLeast(1, width, "network.width", atMost: Self.widest)
    try Check.atLeast(1, blocks, "network.blocks", atMost: 1000)
  }

  /// Jacobians of one row a feature, each with a pass of its own, stay within a machine.
  static let widest = 2048
}
